"""Writing a page: nobody's text is lost, the preview is the page, saved texts come back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection
from django.test import Client

from education import actions
from education.models import Page, PageVersion
from tests import builders
from tests.education.desk import hidden, page_of, page_url, signed_in, url, written


@pytest.fixture
def page(guide) -> Page:
    return page_of(guide, Page.Kind.SIDE_EFFECTS)


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


def save_as_colleague(page: Page, cast, markdown: str = "The colleague's text.") -> PageVersion:
    return actions.save_page(page, by=cast["colleague"], base=None, title=page.title, slug=page.slug, markdown=markdown)


def text_of(page: Page) -> str:
    page.refresh_from_db()
    return page.markdown


def test_a_conflict_answers_409_with_both_texts_and_saves_nothing(page, author, cast):
    typed = written(page, markdown="My own text.")
    save_as_colleague(page, cast)
    response = author.post(page_url(page), typed)
    assert response.status_code == 409
    said = response.content.decode()
    assert "Cleo Colleague saved this page while you were writing" in said
    assert "The colleague&#x27;s text." in said
    assert "My own text.</textarea>" in said
    assert text_of(page) == "The colleague's text."


def test_after_a_conflict_saving_again_puts_mine_over_theirs_and_keeps_theirs_among_the_saved_texts(page, author, cast):
    typed = written(page, markdown="My own text.")
    theirs = save_as_colleague(page, cast)
    conflict = author.post(page_url(page), typed)
    assert hidden(conflict, "base") == str(theirs.pk)
    response = author.post(page_url(page), {**typed, "base": hidden(conflict, "base")})
    assert response.status_code == 302
    assert text_of(page) == "My own text."
    assert page.versions.filter(markdown="The colleague's text.").exists()


def test_taking_theirs_opens_the_editor_with_their_text(page, author, cast):
    save_as_colleague(page, cast)
    assert b"The colleague&#x27;s text.</textarea>" in author.get(page_url(page)).content


@pytest.mark.parametrize("base", ["", "nonsense", "-1", "9" * 40, None])
def test_a_form_that_does_not_say_what_it_started_from_overwrites_nothing(base, page, author):
    before = text_of(page)
    typed = written(page, markdown="My own text.", base=base)
    if base is None:
        del typed["base"]
    assert author.post(page_url(page), typed).status_code == 409
    assert text_of(page) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "   "}, "Give the page a title."),
        ({"slug": "preparation"}, "Another page of this guide has the address"),
        ({"slug": "sources"}, "is used by the site itself"),
        ({"slug": "overview"}, "belongs to the overview page"),
        ({"slug": "mit Umlaut ä"}, "Use letters without accents"),
    ],
)
def test_what_was_typed_is_kept_when_the_title_or_address_is_refused(changes, said, page, author):
    response = author.post(page_url(page), written(page, markdown="My hour of work.", **changes))
    shown = response.content.decode()
    assert said in shown
    assert "There is a problem" in shown
    assert "<title>Error:" in shown
    assert "My hour of work.</textarea>" in shown
    assert "hour" not in text_of(page)


def test_a_text_that_is_too_long_is_refused_whole_and_kept_whole(page, author):
    typed = "word " * 12_001
    response = author.post(page_url(page), written(page, markdown=typed))
    assert b"the most is 60000" in response.content
    assert typed.strip() in response.content.decode()
    assert b"maxlength" not in response.content.split(b"<textarea")[1].split(b">")[0]


def test_lines_count_as_one_character_each_however_the_browser_ends_them(page, author):
    typed = "\r\n\r\n".join(["a" * 98] * 600)
    assert author.post(page_url(page), written(page, markdown=typed)).status_code == 302


def test_what_was_typed_is_kept_when_the_database_cannot_write(page, author, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "save_page", full)
    response = author.post(page_url(page), written(page, markdown="My hour of work."))
    assert response.status_code == 503
    assert b"My hour of work.</textarea>" in response.content
    assert b"could not save this just now" in response.content


def test_a_nul_byte_is_refused_and_breaks_nothing(page, author):
    response = author.post(page_url(page), written(page, markdown="before\x00after"))
    assert response.status_code == 200
    assert b"There is a problem" in response.content


def test_a_page_that_was_removed_meanwhile_can_still_be_saved(page, author, cast):
    actions.remove_page(page, by=cast["colleague"])
    assert author.post(page_url(page), written(page, markdown="My hour.")).status_code == 302
    assert text_of(page) == "My hour."
    assert b"This page is removed" in author.get(page_url(page)).content


def test_saving_stays_or_goes_back_to_the_guide(page, author):
    stay = author.post(page_url(page), written(page, markdown="One."))
    assert stay["Location"] == page_url(page)
    back = author.post(page_url(page), {**written(page, markdown="Two."), "back": ""})
    assert back["Location"] == url("education_guide_change", page.guide_id)
    assert [version.markdown for version in page.versions.all()[:2]] == ["Two.", "One."]


def test_the_screen_says_what_patients_read_meanwhile_and_after_saving_what_comes_next(guide, author, cast, settings):
    def screen() -> str:
        return author.get(page_url(page)).content.decode()

    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    assert "Patients see nothing of it until a second person approves it." in screen()
    builders.published(guide, cast)
    assert "Patients go on reading edition 1 until a second person approves the next one." in screen()
    settings.REVIEW_BY_SECOND_PERSON = False
    assert "Patients go on reading edition 1 until a reviewer approves the next one." in screen()
    saved = author.post(page_url(page), written(page, markdown="Changed."), follow=True).content.decode()
    assert f'<a href="{url("education_guide_submit", guide.pk)}">submit it for review</a>' in saved
    edition = builders.submitted(guide, cast["author"])
    assert "Edition 2 is in review as it was submitted: what you write here is not in it" in screen()
    saved = author.post(page_url(page), written(page, markdown="Changed again."), follow=True).content.decode()
    assert f'It is not in <a href="{url("education_edition_change", edition.pk)}">edition 2</a>' in saved


def test_sending_the_same_text_twice_keeps_one_version(page, author):
    typed = written(page, markdown="One.")
    author.post(page_url(page), typed)
    assert author.post(page_url(page), typed).status_code == 302
    assert page.versions.filter(markdown="One.").count() == 1


def test_a_draft_with_an_unknown_key_is_saved_and_the_line_is_named_afterwards(page, author):
    response = author.post(page_url(page), written(page, markdown="Fine.\n\nNot fine [@nobody]."), follow=True)
    shown = response.content.decode()
    assert "is saved" in shown
    assert "There is no source with the key “nobody”" in shown
    assert '<span class="finding-place" data-line="3">Line 3</span>' in shown


def test_the_overview_keeps_its_address(guide, author):
    overview = page_of(guide, Page.Kind.OVERVIEW)
    author.post(page_url(overview), written(overview, slug="elsewhere", markdown="Short."))
    overview.refresh_from_db()
    assert (overview.slug, overview.markdown) == ("overview", "Short.")


def test_the_preview_is_the_public_page_with_the_unsaved_text_and_the_problems(page, author):
    typed = written(page, title="All effects", markdown="You can get [@nobody] *this*.")
    found = author.post(page_url(page, "preview"), typed, headers={"Accept": "application/json"}).json()
    assert "<em>this</em>" in found["html"]
    assert "All effects" in found["html"]
    (problem,) = [one for one in found["findings"] if one["check"] == "text.problem"]
    assert (problem["level"], problem["line"], problem["entry"]) == ("E", 1, None)
    assert "nobody" in problem["message"]
    assert "this" not in text_of(page)


def test_the_preview_works_without_a_script_and_its_document_cannot_leave_its_attribute(page, author):
    typed = written(page, title='"><script>alert(1)</script>', markdown="You can get [@nobody].")
    response = author.post(page_url(page, "preview"), typed)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "There is no source with the key “nobody”" in shown
    assert "<script>alert" not in shown
    frame = shown.split('srcdoc="')[1].split('"')[0]
    assert "&lt;!doctype html&gt;" in frame
    assert "&amp;lt;script&amp;gt;" in frame
    assert 'sandbox="allow-same-origin"' in shown


@pytest.mark.parametrize("changes", [{"title": ""}, {"slug": "a b"}, {"slug": "preparation"}, {"markdown": "\x00"}])
def test_a_preview_of_what_could_not_be_saved_is_shown_all_the_same(changes, page, author):
    typed = written(page, **changes)
    assert author.post(page_url(page, "preview"), typed, headers={"Accept": "application/json"}).status_code == 200


def test_a_preview_is_for_those_who_may_write_and_for_no_cache(page, cast, author):
    for who in ("reviewer", "front_desk"):
        assert signed_in(cast[who]).post(page_url(page, "preview"), written(page)).status_code == 403
    assert "no-store" in author.post(page_url(page, "preview"), written(page))["Cache-Control"]


def test_every_saved_text_is_listed_and_can_be_brought_back(page, author, cast):
    first = page.versions.get()
    save_as_colleague(page, cast)
    listed = author.get(page_url(page, "versions")).content.decode()
    assert "Ada Author" in listed
    assert "Cleo Colleague" in listed
    shown = author.get(page_url(page, "version", first.pk))
    assert b"What changed since then" in shown.content
    response = author.post(page_url(page, "version", first.pk), {"base": hidden(shown, "base")})
    assert response.status_code == 302
    assert text_of(page) == first.markdown
    assert page.versions.count() == 3


def test_bringing_a_text_back_notices_that_somebody_saved_in_between(page, author, cast):
    first = page.versions.get()
    base = save_as_colleague(page, cast).pk
    save_as_colleague(page, cast, "Newer still.")
    response = author.post(page_url(page, "version", first.pk), {"base": base})
    assert response.status_code == 409
    assert text_of(page) == "Newer still."


def test_a_reviewer_sees_saved_texts_but_brings_none_back(page, cast):
    reviewer = signed_in(cast["reviewer"])
    first = page.versions.get()
    save_as_colleague(page, cast)
    assert b"Bring this text back" not in reviewer.get(page_url(page, "version", first.pk)).content
    assert reviewer.post(page_url(page, "version", first.pk), {"base": "1"}).status_code == 403
    assert text_of(page) == "The colleague's text."


def test_pages_are_moved_removed_and_put_back(page, guide, author):
    order = [one.pk for one in guide.pages.kept()]
    author.post(page_url(page, "up"))
    assert [one.pk for one in guide.pages.kept()] == [order[0], order[2], order[1]]
    author.post(page_url(page, "down"))
    assert [one.pk for one in guide.pages.kept()] == order
    author.post(page_url(page, "remove"))
    assert page not in guide.pages.kept()
    author.post(page_url(page, "put_back"))
    assert page in guide.pages.kept()


def focused(client, guide, at: str) -> list[str]:
    """Return the words of the buttons that have the focus when the screen opens there."""
    shown = client.get(f"{url('education_guide_change', guide.pk)}?at={at}").content.decode()
    return re.findall(r'<button type="submit" autofocus>([^<]*)<', shown)


def test_a_page_that_is_moved_keeps_the_focus_on_its_button_or_at_an_end_on_the_other_one(guide, author):
    pages = list(guide.pages.kept())
    answer = author.post(page_url(pages[1], "down"), follow=True)
    assert answer.redirect_chain[0][0].endswith(f"?at={pages[1].pk}-down")
    assert f"“{pages[1].title}” is moved down. It is page 3 of 3 now." in answer.content.decode()
    assert focused(author, guide, f"{pages[1].pk}-down") == ["Move up"]
    assert focused(author, guide, f"{pages[1].pk}-up") == ["Move up"]
    assert focused(author, guide, f"{pages[0].pk}-up") == ["Move down"]
    assert focused(author, guide, f"{pages[2].pk}-down") == ["Move down"]
    answer = author.post(page_url(pages[1], "down"), follow=True)
    assert "stays where it was" in answer.content.decode()
    author.post(page_url(pages[1], "remove"))
    assert focused(author, guide, f"{pages[1].pk}-put-back") == ["Put back"]
    author.post(page_url(pages[1], "put_back"))
    assert focused(author, guide, f"{pages[1].pk}-remove") == ["Remove"]
    for nonsense in ("", "x", f"{pages[1].pk}", f"{pages[1].pk}-fly", "999-up", "%00"):
        assert focused(author, guide, nonsense) == []


def test_putting_back_a_page_whose_place_is_taken_says_so(page, guide, author, cast):
    actions.remove_page(page, by=cast["author"])
    actions.add_page(guide, by=cast["author"], kind=page.kind, markdown="Another.")
    response = author.post(page_url(page, "put_back"), follow=True)
    assert "has the address" in response.content.decode()
    page.refresh_from_db()
    assert page.removed_at


def test_only_kinds_that_the_guide_has_not_yet_can_be_added(guide, author):
    form = author.get(url("education_page_add_to_guide", guide.pk)).context["form"]
    offered = {kind for kind, _ in form.fields["kind"].choices}
    assert offered.isdisjoint({"overview", "side-effects", "preparation"})
    assert {"benefits", "other"} <= offered
    response = author.post(url("education_page_add_to_guide", guide.pk), {"kind": "overview", "title": "Mine"})
    assert b"Choose another kind" in response.content
    assert b'value="Mine"' in response.content


def test_other_pages_get_an_address_of_their_own(guide, author):
    for title in ("Sources", "Sources", "", "Overview"):
        author.post(url("education_page_add_to_guide", guide.pk), {"kind": "other", "title": title})
    slugs = set(guide.pages.filter(kind="other").values_list("slug", flat=True))
    assert slugs == {"sources-2", "sources-3", "other", "overview-2"}


@pytest.mark.django_db(transaction=True)
def test_of_writers_who_save_at_the_same_moment_one_is_first_and_the_others_keep_their_text(guide, cast):
    page = page_of(guide, Page.Kind.SIDE_EFFECTS)
    clients = [signed_in(cast[who]) for who in ("author", "colleague", "owner")]
    sent = [written(page, markdown=f"Text {number}.") for number in range(len(clients))]
    together = Barrier(len(clients))

    def save(number: int) -> tuple[int, bool]:
        together.wait()
        try:
            answer = clients[number].post(page_url(page), sent[number])
            return answer.status_code, f"Text {number}.</textarea>".encode() in answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(save, range(len(clients))))
    assert sorted(answers) == [(302, False), (409, True), (409, True)]
    assert text_of(page) == f"Text {answers.index((302, False))}."
