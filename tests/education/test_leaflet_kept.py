"""Which leaflet an address answers with: the live one, an old one, a preview; the same bytes, or other ones."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import typst
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clinic.models import Clinic
from education import actions
from education.leaflet import Leaflet, Sheet, shelf
from education.leaflet.content import content_of
from education.leaflet.typesetting import Typeset, typeset
from education.models import Edition
from tests import builders, every_guide, public
from tests.education.leaflets import AT, fetched, words
from tests.html import get


@pytest.fixture(autouse=True)
def clinic(cast) -> Clinic:
    return public.clinic(cast["owner"], phone="(202) 555-0142", email="hello@clinic.example")


@pytest.fixture
def editions(cast) -> every_guide.Editions:
    return every_guide.build(cast)


# Editions that do not count


def test_an_older_edition_says_across_its_first_page_that_it_was_replaced(client, editions):
    number = editions.superseded.number
    response = client.get(f"/guides/cold-therapy/editions/{number}/leaflet.pdf")
    first = words(response.content, pages=1)
    assert first.index("Replaced by a newer edition on ") < first.index("Guide for patients")
    assert response["X-Robots-Tag"] == "noindex"


def test_a_withdrawn_edition_says_so_with_its_day_and_reason(client, editions):
    path = reverse("education:edition-leaflet", args=["gone", editions.withdrawn.number])
    first = words(fetched(client, path), pages=1)
    assert first.index("Withdrawn on ") < first.index("It named a wrong dose.") < first.index("Guide for patients")


def test_the_editions_of_an_archived_guide_say_since_when_and_why_and_of_no_newer_one(client, live, cast):
    builders.next_edition(live.guide, cast, "More.")
    actions.archive_guide(live.guide, by=cast["author"], reason="Nobody writes it.")
    since = f"Since {date_format(timezone.localdate())} nobody keeps this guide up to date."
    for number in (1, 2):
        response = client.get(f"/guides/cold-therapy/editions/{number}/leaflet.pdf")
        first = words(response.content, pages=1)
        assert (
            first.index(f"{since} Ask us before you rely on it.")
            < first.index("Nobody writes it.")
            < first.index("Guide for patients")
        )
        assert "newer edition" not in first
        assert response["X-Robots-Tag"] == "noindex"
    actions.reopen_guide(live.guide, by=cast["author"])
    assert "up to date" not in words(fetched(client, "/guides/cold-therapy/editions/2/leaflet.pdf"), pages=1)


def test_the_live_edition_is_the_same_under_its_number(client, live):
    response = client.get("/guides/cold-therapy/editions/1/leaflet.pdf")
    assert response.content == fetched(client)
    assert "X-Robots-Tag" not in response


# Kept, and when it is another one


def test_the_same_three_give_the_same_bytes(client, live):
    first = fetched(client)
    for path in shelf.folder().glob("*.pdf"):
        path.unlink()
    assert fetched(client) == first


def test_another_number_of_the_clinic_makes_another_leaflet(client, live, cast):
    before = client.get(AT)
    public.clinic(cast["owner"], phone="(202) 555-0199")
    after = client.get(AT)
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content
    assert "(202) 555-0199" in words(after.content)
    assert "(202) 555-0142" not in words(after.content)


def test_it_is_made_once_however_often_it_is_asked_for(client, live, monkeypatch):
    fetched(client)
    monkeypatch.setattr("education.leaflet.printing.typeset", None)
    fetched(client)
    assert len(list(shelf.folder().glob("*.pdf"))) == 1


def test_a_browser_that_has_it_gets_nothing_again(client, live, django_assert_num_queries):
    response = client.get(AT)
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Content-Disposition"] == 'inline; filename="cold-therapy-edition-1.pdf"'
    with django_assert_num_queries(4):
        again = client.get(AT, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]
    head = client.head(AT)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(response.content)


def test_of_many_who_ask_at_once_one_makes_it(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    made = []

    def make() -> Typeset:
        made.append(1)
        time.sleep(0.05)
        return Typeset(b"%PDF", whole=True)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shelf.kept("k", make), range(8)))
    assert (answers, made) == ([b"%PDF"] * 8, [1])


def test_old_ones_go_when_there_are_too_many(client, live, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    for query in ("?paper=a4", "?paper=letter", "?size=large"):
        fetched(client, AT + query)
    assert len(list(shelf.folder().glob("*.pdf"))) == 2
    newest = client.get(f"{AT}?size=large")
    assert (shelf.folder() / f"{newest['ETag'].strip(chr(34))}.pdf").is_file()


def test_where_nothing_can_be_written_it_is_made_all_the_same(client, live, monkeypatch, settings, tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("x")
    settings.DATA_DIR = blocked
    assert fetched(client).startswith(b"%PDF")


@pytest.mark.parametrize("damage", [lambda pdf: pdf[:1000], lambda pdf: b"x" + pdf[1:], lambda pdf: b""])
def test_a_file_that_was_damaged_is_made_anew_and_replaced(client, live, damage, caplog):
    first = fetched(client)
    (path,) = shelf.folder().glob("*.pdf")
    written = path.read_bytes()
    path.write_bytes(damage(written))
    assert fetched(client) == first
    assert "of no use (damaged)" in caplog.text
    assert path.read_bytes() == written


def test_a_file_that_cannot_be_read_does_not_stop_it(client, live, caplog):
    first = fetched(client)
    (path,) = shelf.folder().glob("*.pdf")
    path.unlink()
    path.mkdir()
    assert fetched(client) == first
    assert "of no use (Is a directory)" in caplog.text


def test_a_lock_that_cannot_be_had_does_not_stop_it(client, live, monkeypatch):
    def none(*_: object) -> None:
        raise OSError("No locks available")

    monkeypatch.setattr(shelf.fcntl, "flock", none)
    assert fetched(client).startswith(b"%PDF")


def test_those_who_make_the_same_at_once_make_the_same(live):
    edition = Edition.objects.select_related("guide").get(pk=live.pk)
    leaflet = Leaflet(edition, Sheet("a4", "usual"))
    pages = list(edition.pages.order_by("position").with_html())
    content = content_of(edition, pages, None, leaflet.clinic, None)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: typeset(content, leaflet.sheet, "a test").pdf, range(4)))
    assert len(set(made)) == 1


def test_a_part_is_answered_with_the_whole_and_a_date_is_no_reason_to_send_nothing(client, live):
    first = fetched(client)
    for headers in ({"range": "bytes=0-99"}, {"if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        assert fetched(client, **headers) == first


def test_what_cannot_be_set_at_all_answers_with_a_plain_page(client, live, monkeypatch):
    def fails(*_: object) -> None:
        raise typst.TypstError("broken")

    monkeypatch.setattr("education.leaflet.typesetting._pdf", fails)
    client.raise_request_exception = False
    response = client.get(AT)
    assert response.status_code == 500
    assert "Please try again in a few minutes." in response.content.decode()
    assert "broken" not in response.content.decode()
    assert not list(shelf.folder().glob("*.pdf"))


# Staff


def test_a_reviewer_reads_the_leaflet_before_it_is_published(client, guide, cast):
    edition = builders.submitted(guide, cast["author"])
    path = reverse("admin:education_edition_leaflet", args=[edition.pk])
    assert client.get(path).status_code == 302
    client.force_login(cast["outsider"])
    assert client.get(path).status_code == 403
    client.force_login(cast["reviewer"])
    response = client.get(path)
    assert "Preview: not published" in words(response.content)
    assert "Not approved yet" in words(response.content)
    assert "no-store" in response["Cache-Control"]
    assert not list(shelf.folder().glob("*.pdf"))
    assert path in client.get(reverse("admin:education_edition_change", args=[edition.pk])).content.decode()
    assert client.get(reverse("admin:education_edition_leaflet", args=[999])).status_code == 404


# Where it is linked


def test_the_whole_guide_the_permalink_and_the_page_of_a_code_lead_to_it(client, editions):
    live, older = editions.live, editions.superseded
    assert f'href="{AT}?paper=a4"' in get(client, "/guides/cold-therapy/all/").content.decode()
    for edition in (live, older):
        path = reverse("education:edition-leaflet", args=["cold-therapy", edition.number])
        assert f'href="{path}?paper=letter&amp;size=large"' in get(client, edition.get_absolute_url()).content.decode()
        # The code on an old copy leads to what counts today.
        assert f'href="{AT}?paper=a4"' in get(client, f"/e/{edition.code}/").content.decode()


def test_the_overview_and_the_plan_lead_to_it_and_the_heavy_pages_do_not(client, editions):
    for path in ("/guides/cold-therapy/", "/guides/cold-therapy/plan/"):
        page = get(client, path).content.decode()
        for query in ("paper=a4", "paper=a4&amp;size=large", "paper=letter", "paper=letter&amp;size=large"):
            assert f'href="{AT}?{query}"' in page, path
    assert AT not in get(client, "/guides/cold-therapy/side-effects/").content.decode()


def test_editions_of_one_guide_have_leaflets_of_their_own(client, editions):
    texts = {number: fetched(client, f"/guides/cold-therapy/editions/{number}/leaflet.pdf") for number in (1, 2)}
    assert Edition.objects.filter(guide__slug="cold-therapy").count() == 2
    assert "Edition 1 ·" in words(texts[1])
    assert "Edition 1 ·" not in words(texts[2])
