"""Providers beside a guide: who performs it, who reviewed it, and that none of it is part of an edition."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.models import Provider
from education import actions
from education.admin.previews import preview_of_edition, preview_of_page
from education.models import Edition, Guide
from education.quality import Finding
from education.working_copy import contents
from tests import builders, profiles, public
from tests.html import Page, get, page

AT = "/guides/cold-therapy/"
TITLE = "Who performs this at Test Clinic"
LEFT = date(2021, 5, 1)


@pytest.fixture
def procedure(cast) -> Edition:
    public.clinic(cast["owner"])
    return profiles.procedure(cast)


def section(read: Page) -> str:
    """Return what stands in the block, to the line of the review."""
    return read.text.partition(TITLE)[2].partition("Page last reviewed")[0]


@pytest.mark.parametrize("rest", ["", "choosing-a-provider/", "all/"])
def test_a_guide_names_who_performs_it_where_a_patient_asks(client, cast, procedure, rest):
    profiles.provider(cast["author"], performs=[procedure.guide], post_nominals="NP")
    profiles.provider(cast["author"], "Maya Other")
    profiles.provider(cast["author"], "Gus Gone", performs=[procedure.guide], visible_until=LEFT)
    profiles.provider(cast["author"], "Una Soon", performs=[procedure.guide], visible_from=date(2099, 1, 1))
    read = page(get(client, f"{AT}{rest}"))
    assert "Robin Sample, NP, nurse practitioner" in section(read)
    for name in ("Maya", "Gus", "Una", "All providers"):
        assert name not in section(read)
    assert read.link("Robin Sample") == "/providers/robin-sample/"
    assert read.link("What it costs here") == "/prices/?procedure=cold-therapy"
    assert read.link("Ask for a consultation") == "/consultation/?guide=cold-therapy"


@pytest.mark.parametrize("rest", ["side-effects/", "preparation/", "sources/", "editions/", "editions/1/"])
def test_no_other_page_of_a_guide_does(client, cast, procedure, rest):
    profiles.provider(cast["author"], performs=[procedure.guide])
    read = page(get(client, f"{AT}{rest}"))
    assert TITLE not in read.text
    assert not [href for href, _ in read.links if href.startswith(("/prices/?", "/consultation/?"))]


def test_of_many_the_first_stand_there_and_a_way_to_the_others(client, cast, procedure):
    for number in range(6):
        profiles.provider(cast["author"], f"Provider {number}", performs=[procedure.guide])
    read = page(get(client, AT))
    assert [words for _, words in read.links if words.startswith("Provider ")] == [
        f"Provider {number}" for number in range(4)
    ]
    assert read.link("All providers") == "/providers/"


def test_a_guide_that_nobody_performs_still_leads_to_its_price_and_to_a_consultation(client, procedure):
    read = page(get(client, AT))
    assert TITLE not in read.text
    assert "This treatment at Test Clinic" in read.text
    assert read.link("What it costs here") == "/prices/?procedure=cold-therapy"


def test_a_guide_that_gives_advice_has_nobody_who_performs_it(client, live):
    read = page(get(client, AT))
    assert "at Patient guides" not in read.text
    assert not [href for href, _ in read.links if href.startswith("/prices/?")]


def test_a_translation_names_who_performs_the_procedure_of_the_original(client, cast, procedure):
    profiles.provider(cast["author"], performs=[procedure.guide])
    original = Guide.objects.get(pk=procedure.guide_id)
    profiles.procedure(cast, title="Arabic cold", slug="cold-ar", language="ar", translation_of=original)
    assert "Robin Sample, nurse practitioner" in section(page(get(client, "/guides/cold-ar/")))
    profiles.provider(cast["author"], "Maya", performs=[Guide.objects.get(slug="cold-ar")])
    assert "Maya, nurse practitioner" in section(page(get(client, AT)))


# Who reviewed it


@pytest.mark.parametrize("rest", ["", "side-effects/", "all/", "editions/1/"])
@pytest.mark.parametrize("until", [None, LEFT])
def test_a_reviewer_is_named_with_a_link_to_their_page_also_one_who_left(client, cast, live, rest, until):
    profiles.provider(cast["author"], "Robin Sample", account=cast["reviewer"], visible_until=until)
    read = page(get(client, f"{AT}{rest}"))
    assert read.link("Rae Reviewer") == "/providers/robin-sample/"
    linked = [words for href, words in read.links if href == "/providers/robin-sample/"]
    assert len(linked) == (2 if rest == "editions/1/" else 1)


def test_the_code_on_paper_leads_to_the_reviewer_too(client, cast, live):
    profiles.provider(cast["author"], account=cast["reviewer"])
    assert page(get(client, f"/e/{live.code}/")).link("Rae Reviewer") == "/providers/robin-sample/"


def test_a_reviewer_without_a_page_or_before_its_first_day_is_named_without_a_link(client, cast, live):
    for _ in range(2):
        read = page(get(client, AT))
        assert "Rae Reviewer" in read.text
        assert "Rae Reviewer" not in [words for _, words in read.links]
        Provider.objects.all().delete()
        profiles.provider(cast["author"], account=cast["reviewer"], visible_from=date(2099, 1, 1))


def test_the_name_on_the_record_stays_whatever_becomes_of_the_provider(client, cast, live):
    profiles.provider(cast["author"], "Another Name", account=cast["reviewer"])
    read = page(get(client, AT))
    assert read.link("Rae Reviewer") == "/providers/another-name/"
    assert "Another Name" not in read.text


# Outside the edition


def test_the_permalink_says_that_providers_and_prices_are_no_part_of_it(client, live):
    assert "Providers and prices are no part of an edition." in page(get(client, f"{AT}editions/1/")).text
    assert "no part of an edition" not in page(get(client, AT)).text


def test_a_provider_who_comes_or_goes_changes_no_hash(client, cast, procedure):
    before = procedure.content_hash
    profiles.provider(cast["author"], performs=[procedure.guide], account=cast["reviewer"])
    assert Edition.objects.get(pk=procedure.pk).content_hash == before


def test_previews_in_the_admin_work_and_show_nobody_beside_what_is_not_on_record(cast, procedure):
    profiles.provider(cast["author"], performs=[procedure.guide], account=cast["reviewer"])
    row = procedure.guide.pages.get(kind="overview")
    (content, *_) = contents([row])
    html, findings = preview_of_page(row, content)
    assert "Robin Sample" not in html
    assert all(isinstance(one, Finding) for one in findings)
    assert "Robin Sample" in preview_of_edition(procedure)


@pytest.mark.parametrize("count", [1, 9])
def test_a_page_of_a_guide_costs_one_query_more_however_many_perform_it(
    client, cast, procedure, count, django_assert_num_queries
):
    for number in range(count):
        profiles.provider(cast["author"], f"Provider {number}", performs=[procedure.guide])
    # The frame of the page, the guide, and the providers, of whom the reviewer may be one: once more on the overview,
    # for this process keeps nothing until a change.
    for rest, asked in (("", 2), ("side-effects/", 1)):
        with django_assert_num_queries(2 + 4 + asked):
            get(client, f"{AT}{rest}")


# Links in guides


def test_a_link_in_a_guide_to_a_provider_leads_somewhere_while_they_are_shown(cast, guide):
    profiles.provider(cast["author"])
    profiles.provider(cast["author"], "Gus Gone", visible_until=LEFT)
    text = "You can see [{0}](/providers/{0}/) or [all of them](/providers/) [@trial-2020]."
    for slug, is_broken in [("robin-sample", False), ("gus-gone", True), ("nobody", True)]:
        builders.write(guide, cast["author"], "preparation", text.format(slug))
        row = guide.pages.get(kind="preparation")
        _, findings = preview_of_page(row, contents([row])[0])
        assert any(one.check == "link.broken" and one.level == "E" for one in findings) is is_broken, slug


def test_public_pages_of_guides_with_providers_are_the_same_for_staff(client, cast, procedure):
    profiles.provider(cast["author"], performs=[procedure.guide], account=cast["reviewer"])
    actions.confirm(procedure, by=cast["second_reviewer"], judged=procedure.content_hash)
    before = get(client, AT).content
    client.force_login(cast["owner"])
    assert get(client, AT).content == before
    assert public.of_guide(procedure)
