"""Looking at every page in a real browser, as people do who zoom, press Tab, see few colours or read by ear."""

from __future__ import annotations

import contextlib
import mimetypes
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, TimeoutError

from clinic.brand import DEFAULT_COLOUR
from clinic.stylesheet import stylesheet
from tests.browser.conftest import Watched
from tests.every_page import CLINICS_WORDS, Shown, Site

HOME = "http://clinic.example"
SITE, TOOLS = (stylesheet(DEFAULT_COLOUR, with_tools=with_tools) for with_tools in (False, True))
STYLESHEETS = {f"/brand/site.{SITE.digest}.css": SITE.text, f"/brand/tools.{TOOLS.digest}.css": TOOLS.text}
EXAMINING = (Path(__file__).parent / "examining.js").read_text(encoding="utf-8")
WIDE, HALF, PHONE = ({"width": width, "height": height} for width, height in ((1280, 900), (640, 450), (320, 640)))
# A phone on its side, and a wide screen enlarged four times: too low for a bar that stays.
LOW = ({"width": 640, "height": 320}, {"width": 320, "height": 256})

# Rules that axe leaves out unless asked: WCAG 2.5.8, 2.5.3 and 1.3.4.
ASKED_FOR = ("target-size", "label-content-name-mismatch", "css-orientation-lock")
ALL_RULES = {"resultTypes": ["violations"], "rules": {rule: {"enabled": True} for rule in ASKED_FOR}}
# What other colours, and what another width or other letters, can make wrong of a page that was right. (Contrast is
# the slowest rule of all; that words lie over others, which a narrow page could bring, is looked for here.)
COLOURS = ("color-contrast", "link-in-text-block")
LAYOUT = ("target-size", "scrollable-region-focusable", "region", "aria-hidden-focus", "page-has-heading-one")

# The style guide shows each component several times, so that none can be told from its other examples.
SHOWN_SEVERAL_TIMES = ("landmark-unique", "cannot be told from the others")
# What lies under a bar that stays in its place can be scrolled clear of it; axe takes it for too small.
WITHOUT_BAR = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".guide-nav { position: static !important }");
  document.adoptedStyleSheets = [sheet];
}"""

Faults = dict[str, list[str]]
# What is wrong, by claim: the fault, and the page that has it.
Found = dict[str, list[tuple[str, str]]]
# A page, and whether it is also looked at for all of its kind.
Part = list[tuple[Shown, bool]]


@dataclass
class Counter:
    """Hands a browser the pages of a site as they were answered, without a server."""

    site: Site
    now: Shown | None = None

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        static = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if route.request.resource_type == "document" and self.now:
            route.fulfill(body=self.now.html, content_type="text/html; charset=utf-8")
        elif path in STYLESHEETS:
            route.fulfill(body=STYLESHEETS[path], content_type="text/css; charset=utf-8")
        elif static:
            route.fulfill(path=str(static), content_type=mimetypes.guess_type(path)[0])
        elif path in self.site.pictures:
            route.fulfill(body=self.site.pictures[path], content_type="image/webp")
        else:
            route.abort()


def parts(site: Site, count: int) -> list[Part]:
    """Return every page once, shared out to so many parts, of which each takes about as long as any other.

    What depends on how a page is built alone is looked at once for each kind of page: at the first that has no errors.
    """
    kinds: dict[str, Shown] = {}
    for one in site.pages:
        if not one.with_errors:
            kinds.setdefault(one.view, one)
    firsts = {id(one) for one in kinds.values()}
    # Those that take longest come first, so that each part has its share of them.
    pages = sorted(((one, id(one) in firsts) for one in site.pages), key=lambda page: not page[1])
    return [pages[number::count] for number in range(count)]


def examined(site: Site, part: Part, browser: Browser) -> Found:
    """Open every page of the part once and look at it in every way; return what is wrong, by claim."""
    found: Found = defaultdict(list)
    counter = Counter(site)
    # Nothing moves unless it is asked whether it would: what moves cannot be measured.
    context = browser.new_context(base_url=HOME, viewport=WIDE, locale="en-US", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    context.route("**/*", counter.answer)
    context.add_init_script(EXAMINING)
    context.add_init_script(Axe().axe_script)
    window = context.new_page()
    # What axe writes into the page offends no policy here: the pages come without their headers.
    watched = Watched(window, HOME)
    for counter.now, for_its_kind in part:
        window.set_viewport_size(WIDE)
        window.goto(counter.now.path)
        expected = SHOWN_SEVERAL_TIMES if counter.now.view == "clinic:styleguide" else ()
        for claim, faults in look(window, counter.now).items():
            found[claim] += [
                (fault, str(counter.now)) for fault in faults if not any(words in fault for words in expected)
            ]
        if for_its_kind:
            for claim, faults in look_again(window).items():
                found[claim] += [(fault, str(counter.now)) for fault in faults]
    context.close()
    found["watched"] = [(fault, "") for fault in watched.faults]
    return found


def look(window: Page, shown: Shown) -> Faults:
    """Look at the page that has just been opened in every way, wide first; return what is wrong, by claim."""
    found: Faults = {"first focus": first_focus(window, shown), "skip link": skip_link(window)}
    own_words = {"words": CLINICS_WORDS, "language": shown.site_language}
    found |= examine(window, "structure", "actions", "room", "spaced", "motion", "focus", language=own_words)
    # All the rules where all can be seen; what stays closed is looked at below.
    window.evaluate("openDetails()")
    found["axe"] = axe(window, ALL_RULES)
    window.evaluate("closeDetails()")

    window.emulate_media(color_scheme="dark")
    found["focus in the dark"] = examine(window, "focus")["focus"]
    found["axe in the dark"] = axe(window, only(COLOURS))

    window.evaluate("markBoxes()")
    window.emulate_media(color_scheme="light", forced_colors="active")
    found |= {f"{claim} without colours": faults for claim, faults in examine(window, "focus", "edges").items()}
    window.emulate_media(forced_colors="none")

    window.set_viewport_size(PHONE)
    on_phone = examine(window, "focus", "order", "actions", "room", "spaced")
    on_phone["axe"] = axe_without_bar(window)
    if window.evaluate("openDetails()"):
        on_phone |= {f"{claim}, opened": faults for claim, faults in examine(window, "focus", "room").items()}
        on_phone["axe"] += axe_without_bar(window)
    found |= {f"{claim} on a phone": faults for claim, faults in on_phone.items()}

    found |= {f"{claim} with large letters": faults for claim, faults in with_large_letters(window).items()}
    return found


def look_again(window: Page) -> Faults:
    """Look at the page in windows that are too low for a bar, and mirrored as for a language written from the right."""
    found: Faults = {"order in a low window": [], "focus in a low window": [], "room in a low window": []}
    for size in LOW:
        window.set_viewport_size(size)
        for claim, faults in examine(window, "order", "focus", "room").items():
            found[f"{claim} in a low window"] += faults
    window.evaluate("() => { document.documentElement.dir = 'rtl' }")
    for size in (PHONE, WIDE):
        window.set_viewport_size(size)
        for claim, faults in examine(window, "focus", "room").items():
            found.setdefault(f"{claim} mirrored", []).extend(faults)
        found.setdefault("axe mirrored", []).extend(axe_without_bar(window))
    return found


def with_large_letters(window: Page) -> Faults:
    """Look at the page with letters of twice the size, in both ways that a browser has.

    Zoom makes a window of 1280 px one of 640. The browser's own setting for letters leaves the window as it is: what
    is set in px stays small, and what is laid out in px is too narrow. It needs Chromium's own protocol, as no page
    can ask for it.
    """
    window.set_viewport_size(HALF)
    zoomed = examine(window, "focus", "room", "actions")
    window.set_viewport_size(WIDE)
    window.evaluate("noteSizes()")
    session = window.context.new_cdp_session(window)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    found = examine(window, "focus", "room", "actions", "grown")
    found["axe"] = axe_without_bar(window)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    session.detach()
    return {**found, **{f"{claim}, zoomed": faults for claim, faults in zoomed.items()}}


def examine(window: Page, *claims: str, **with_facts: Any) -> Faults:
    """Return what examining.js finds wrong, by claim; some claims need facts."""
    return window.evaluate("claims => examine(claims)", {**dict.fromkeys(claims), **with_facts})


def only(rules: Sequence[str]) -> Mapping[str, Any]:
    return {"resultTypes": ["violations"], "runOnly": list(rules)}


def axe(window: Page, options: Mapping[str, Any]) -> list[str]:
    violations = window.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [
        f"{one['id']}: {node['target']} {' '.join(node.get('failureSummary', '').split())}"
        for one in violations
        for node in one["nodes"]
    ]


def axe_without_bar(window: Page) -> list[str]:
    window.evaluate(WITHOUT_BAR)
    found = axe(window, only(LAYOUT))
    window.evaluate("() => { document.adoptedStyleSheets = [] }")
    return found


def first_focus(window: Page, shown: Shown) -> list[str]:
    """A page that comes back with faults puts the focus on their summary, and no other page takes it from the start
    but for the sign-in's first field, on each of its two pages.
    """
    if window.locator("[autofocus]").count():
        # A browser gives it when it first draws the page.
        with contextlib.suppress(TimeoutError):
            window.wait_for_function("document.activeElement.matches('[autofocus]')", timeout=2_000)
    place = window.evaluate("document.activeElement.className || document.activeElement.id || 'the page'")
    signing_in = {"/accounts/login/": "id_login", "/accounts/second-step/sign-in/": "id_code"}
    wanted = "error-summary" if shown.with_errors else signing_in.get(shown.path, "the page")
    return [] if place == wanted or shown.state.startswith("fault") else [f"the focus is on {place}, not on {wanted}"]


def skip_link(window: Page) -> list[str]:
    """The first Tab shows the way past the head of the page, and Enter takes it. Where a form has the focus from the
    start, the way is at least there.
    """
    if window.locator("[autofocus]").count():
        return [] if window.locator(".skip-link").count() == 1 else ["there is no skip link"]
    window.keyboard.press("Tab")
    if not window.evaluate("document.activeElement.matches('.skip-link') && inWindow(document.activeElement)"):
        return ["the first Tab shows no skip link"]
    window.keyboard.press("Enter")
    return [] if window.evaluate("document.activeElement.localName") == "main" else ["the skip link does not lead on"]
