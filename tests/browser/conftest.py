"""A real Chromium, driven by Playwright, that reports what no page may do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from config.check import CHROMIUM_FLAGS, chromium
from tests.builders import PASSWORD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the stories where there is no browser, and say why; with REQUIRE_BROWSER=1 they fail instead.

    They come last: once Playwright runs its loop in this thread, no other test could run one of its own.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)
    missing = chromium() is None and os.environ.get("REQUIRE_BROWSER") != "1"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium found: install the package chromium, or set CHROMIUM")
                )


@dataclass
class Watched:
    """A page and what it did that it should not: script errors, policy violations, requests elsewhere."""

    page: Page
    home: str
    faults: list[str] = field(default_factory=list)
    examined: bool = False

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text and not self.examined:
            self.faults.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(self.home).netloc:
            self.faults.append(f"request to {url}")


AXE = Axe()
WATCHED: dict[Page, Watched] = {}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.fail("REQUIRE_BROWSER=1, and there is no Chromium: install the package chromium, or set CHROMIUM")
    # Playwright's own loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a window as another person: `visit(width=360, javascript=False)`. At the end nothing may be amiss."""
    opened: list[Watched] = []

    def open_window(*, width: int = 1280, height: int = 900, javascript: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="en-US",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        opened.append(Watched(page, live_server.url))
        WATCHED[page] = opened[-1]
        return page

    yield open_window
    faults = [fault for watched in opened for fault in watched.faults]
    for watched in opened:
        del WATCHED[watched.page]
        watched.page.context.close()
    assert faults == []


def sign_in(page: Page, username: str, path: str = "/admin/") -> None:
    """Sign in with the keyboard alone."""
    page.goto(path)
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    enter(page)
    page.wait_for_url(f"**{path}")


def press(page: Page, role: str, name: str) -> None:
    """Reach a link or button with the Tab key alone, press Enter on it, and see the next page."""
    reach(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]  # any ARIA role
    enter(page)


def enter(page: Page) -> None:
    """Press Enter and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def reach(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus; fail when it never gets it or nobody could see that it has."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            seen = "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
            assert control.evaluate(seen), "the focus cannot be seen"
            return
    pytest.fail(f"the Tab key never reaches {control}")


def accessible(page: Page) -> None:
    """Assert that axe finds nothing. Its own style sheet offends the page's policy, which is not the page's fault."""
    WATCHED[page].examined = True
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    # What was right stays there: only what is wrong comes back, and little of it.
    violations = page.evaluate("axe.run({ resultTypes: ['violations'] }).then((results) => results.violations)")
    WATCHED[page].examined = False
    found = [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}" for one in violations for node in one["nodes"]
    ]
    assert found == [], "\n".join(found)
