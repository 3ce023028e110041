"""Makes the pictures of the documentation from the sample clinic: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from clinic.models import User
from education import actions
from education.models import Edition, Guide
from education.models import Page as GuidePage
from education.working_copy import live_edition
from tests import builders
from tests.browser.conftest import sign_in

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "img"
# To be looked at before a change of the look is taken for done; git ignores them.
SCREENS = ROOT / "test-results" / "screens"
GUIDE = "/guides/mesotherapy/"
PUBLIC = {
    "home": "/",
    "overview": GUIDE,
    "side-effects": f"{GUIDE}side-effects/",
    "who-should-not": f"{GUIDE}contraindications/",
    "sources": f"{GUIDE}sources/",
    "form-with-errors": f"{GUIDE}editions/?on=2026-02-30",
    "history": f"{GUIDE}editions/",
    "code": "/e/",
    "edition": f"{GUIDE}editions/1/",
    "providers": "/providers/",
    "provider": "/providers/robin-sample/",
    "prices": "/prices/",
    "price-of-a-course": "/prices/?procedure=mesotherapy&area=Face&sessions=8&keep=yes&years=2",
    "consultation": "/consultation/?guide=mesotherapy",
    "mistake": f"{GUIDE}mistake/?page=side-effects",
}
WIDTHS = (360, 768, 1280)


@pytest.fixture
def sample(transactional_db, settings) -> None:
    settings.SAMPLE_STAFF_PASSWORD = builders.PASSWORD
    call_command("load_sample")


def test_the_guide_as_a_patient_reads_it(sample, visit):
    page = visit(width=1200, height=860)
    page.goto("/guides/mesotherapy/side-effects/")
    page.screenshot(path=PICTURES / "guide.png")


def test_the_guide_on_a_phone(sample, visit):
    page = visit(width=360, height=740)
    page.goto(GUIDE)
    page.screenshot(path=PICTURES / "phone.png")


def test_the_newsroom_as_an_editor_sees_it(sample, visit):
    page = visit(width=1200, height=860)
    sign_in(page, "editor")
    page.goto("/admin/education/guide/")
    page.get_by_role("link", name="Mesotherapy").first.click()
    page.get_by_role("heading", name="Where it stands").wait_for()
    page.screenshot(path=PICTURES / "guide-screen.png")
    page.get_by_role("link", name="Side effects").click()
    page.frame_locator("iframe").get_by_text("When to get help").wait_for()
    page.screenshot(path=PICTURES / "writing.png")
    page.locator("#id_markdown").press("Alt+F10")
    page.get_by_role("button", name="Source", exact=True).click()
    page.keyboard.type("fda")
    page.screenshot(path=PICTURES / "source-search.png")


@pytest.fixture
def under_way(sample) -> Edition:
    """A correction of the sample guide that came back with comments, one of them answered, and was submitted anew."""
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    guide = Guide.objects.get(slug="mesotherapy")
    page = guide.pages.kept().get(kind="side-effects")
    correct(page, editor, "in a few days", "in a few days, or in two weeks")
    returned = submit(guide, editor, page, "Effects can last for two weeks.")
    comments = [
        {
            **{"page": page.pk, "slug": page.slug, "title": page.title, "place": "Under “The main point”"},
            **{"line": 3, "entry": None, "quote": "in a few days, or in two weeks", "words": "Say who told us."},
        }
    ]
    actions.give_back(returned, by=reviewer, note="Almost there.", comments=comments)
    return returned


def correct(page: GuidePage, by: User, old: str, new: str) -> None:
    page.refresh_from_db()
    markdown = page.markdown.replace(old, new, 1)
    actions.save_page(page, by=by, base=None, title=page.title, slug=page.slug, markdown=markdown)


def submit(guide: Guide, by: User, page: GuidePage, what: str, **more: str) -> Edition:
    reasons = live_edition(guide).reasons
    return actions.submit(guide, by=by, ticked=[page.pk], what_changed=what, reasons=reasons, **more)


def test_comments_where_an_editor_finds_them(under_way, visit):
    page = visit(width=1200, height=860)
    sign_in(page, "editor")
    page.screenshot(path=PICTURES / "desk.png")
    page.get_by_role("link", name="Mesotherapy").first.click()
    page.get_by_role("heading", name="Pages", exact=True).wait_for()
    page.get_by_role("link", name="Side effects: Under “The main point”").click()
    page.frame_locator("iframe").get_by_text("When to get help").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "comments.png")


def test_a_correction_as_its_reviewer_sees_it(under_way, visit):
    editor = User.objects.get(username="editor")
    side_effects = under_way.guide.pages.kept().get(kind="side-effects")
    actions.reply_to_comment(
        under_way.reviews.get(), 1, by=editor, done=True, words="Added: the article says so.", seen=None
    )
    correct(side_effects, editor, "or in two weeks", "in some people in two weeks")
    reason = "A patient with a bruise after ten days was told that this is not usual."
    submit(under_way.guide, editor, side_effects, "Effects can last for two weeks.", urgent_reason=reason)
    page = visit(width=1200, height=860)
    sign_in(page, "reviewer")
    page.screenshot(path=PICTURES / "urgent.png")
    page.get_by_role("link", name="Mesotherapy, edition").first.click()
    page.get_by_role("heading", name="What it changes for patients").wait_for()
    page.screenshot(path=PICTURES / "review.png")
    page.get_by_role("heading", name="Your review").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "your-review.png")


def test_two_texts_of_one_page(sample, visit):
    first, second = visit(width=1200, height=860), visit(width=1200, height=1100)
    for page, name in ((first, "editor"), (second, "owner")):
        sign_in(page, name)
        page.goto("/admin/education/guide/")
        page.get_by_role("link", name="Mesotherapy").first.click()
        page.get_by_role("link", name="Side effects").click()
    for page, old, new in ((second, "bumps, bruises", "bruises"), (first, "know the signs", "know all the signs")):
        text = page.locator("#id_markdown")
        text.fill(text.input_value().replace(old, new, 1))
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("heading", name="Write “Side effects”").wait_for()
    first.set_viewport_size({"width": 1200, "height": 1100})
    first.screenshot(path=PICTURES / "two-texts.png", timeout=60_000)


def test_the_history_as_a_patient_sees_it(under_way, visit):
    editor, reviewer = (User.objects.get(username=name) for name in ("editor", "reviewer"))
    side_effects = under_way.guide.pages.kept().get(kind="side-effects")
    second = submit(under_way.guide, editor, side_effects, "Effects can last for two weeks.")
    actions.approve(second, by=reviewer, judged=second.content_hash)
    actions.publish(second, by=editor)
    page = visit(width=900, height=1200)
    page.goto(f"{GUIDE}editions/")
    page.screenshot(path=PICTURES / "history.png")


def test_the_clinic_s_own_colour_as_its_owner_sees_it(sample, visit):
    page = visit(width=1200, height=860)
    sign_in(page, "owner")
    page.goto("/admin/clinic/clinic/1/change/")
    page.get_by_role("heading", name="How your colour looks").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "brand.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_screen_at_every_width(sample, visit, scheme):
    for width in WIDTHS:
        page = visit(width=width, dark=scheme == "dark")
        for name, path in PUBLIC.items():
            page.goto(path)
            page.screenshot(path=SCREENS / f"{name}-{width}-{scheme}.png", full_page=True, timeout=60_000)


def test_every_public_screen_from_right_to_left_without_colours_and_on_paper(sample, visit):
    page = visit(width=360)
    for name, path in PUBLIC.items():
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        page.screenshot(path=SCREENS / f"{name}-right-to-left.png", full_page=True, timeout=60_000)
        page.goto(path)
        page.emulate_media(forced_colors="active")
        page.screenshot(path=SCREENS / f"{name}-forced-colours.png", full_page=True, timeout=60_000)
        page.emulate_media(forced_colors="none")
        page.pdf(path=SCREENS / f"{name}.pdf", prefer_css_page_size=True, format="Letter")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_guide_s_screen_of_the_admin(sample, visit, width):
    page = visit(width=width)
    sign_in(page, "editor")
    page.goto("/admin/education/guide/")
    page.get_by_role("link", name="Mesotherapy").first.click()
    page.screenshot(path=SCREENS / f"admin-guide-{width}.png", full_page=True, timeout=60_000)
