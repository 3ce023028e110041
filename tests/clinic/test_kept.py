"""Whatever the clinic changes shows on the next page, though the frame of every page and its prices are kept."""

from __future__ import annotations

import pytest

from clinic.models import Clinic, InformationPage
from clinic.price_list import Procedure
from clinic.templatetags.clinic import frame_key, table_key
from education.reading import reading_of_edition
from education.templatetags import kept
from education.templatetags.guides import review_key
from tests import builders, public
from tests.clinic import asking
from tests.html import get, page

FACTS = {"name": "Test Clinic", "phone": "(202) 555-0142"}


@pytest.fixture(autouse=True)
def nothing_kept():
    kept._kept.clear()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Harbor Clinic"},
        {"phone": "(202) 555-0199"},
        {"email": "hello@clinic.example"},
        {"emergency_text": "Call 911."},
        {"notice": "We are closed today."},
        {"ownership": "Its doctors own it."},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_page_shows_each_change_of_the_clinic(client, cast, live, changed):
    public.clinic(cast["owner"], **FACTS)
    (said,) = changed.values()
    for path in ("/guides/", live.guide.get_absolute_url()):
        assert said not in page(get(client, path)).text
    public.clinic(cast["owner"], **{**FACTS, **changed})
    for path in ("/guides/", live.guide.get_absolute_url()):
        assert said in page(get(client, path)).text


def test_and_of_its_colour_and_of_its_pages(client, cast):
    public.clinic(cast["owner"], **FACTS)
    about = public.information(cast["owner"], "about", title="Who we are")
    before = get(client, "/guides/").content.decode()
    assert "Who we are" in before
    about.title = "About this clinic"
    public.actions.save_information_page(about, by=cast["owner"])
    public.clinic(cast["owner"], **FACTS, brand_colour="#7a1f5c")
    after = get(client, "/guides/").content.decode()
    assert "About this clinic" in after
    assert "Who we are" not in after
    icons = [text.partition('<link rel="icon" href="')[2].partition('"')[0] for text in (before, after)]
    assert len(set(icons)) == 2


def test_the_head_of_a_page_says_where_one_is(client, cast):
    public.clinic(cast["owner"], **FACTS)
    public.information(cast["owner"], "about", title="Who we are")
    for path in ("/guides/", "/prices/", "/about/", "/guides/"):
        assert f'href="{path}" aria-current="page"' in get(client, path).content.decode()


def test_the_key_of_the_frame_holds_every_field(settings):
    pages = [InformationPage(slug="about", title="About")]
    same = frame_key(Clinic(name="A"), pages)
    assert frame_key(Clinic(name="A"), pages) == same
    assert frame_key(Clinic(name="A"), pages, "clinic:about") != same
    assert frame_key(Clinic(name="A"), []) != same
    for field in Clinic._meta.concrete_fields:
        assert frame_key(Clinic(**{"name": "A", field.attname: "7"}), pages) != same, field
    settings.SITE_URL = "https://other.example"
    assert frame_key(Clinic(name="A"), pages) != same


def test_the_key_of_a_table_of_prices_holds_all_that_it_shows(live, cast):
    price = builders.price(live.guide, cast["author"], source=builders.source())
    procedure = Procedure(live.guide, "Cold", "en", True, (price,), {})
    same = table_key(procedure, procedure.rows, "note")
    assert table_key(procedure, procedure.rows, "note") == same
    assert table_key(procedure, procedure.rows, "other") != same
    for others in ({"title": "Ice"}, {"language": "ar"}, {"is_live": False}):
        other = Procedure(**{**vars(procedure), **others})
        assert table_key(other, procedure.rows, "note") != same, others
    (row,) = procedure.rows
    assert all(table_key(procedure, [{**row, name: "other"}], "note") != same for name in row if name != "source")
    assert all(
        table_key(procedure, [{**row, "source": {**row["source"], name: "other"}}], "note") != same
        for name in row["source"]
    )


def test_the_list_shows_a_price_that_came(client, live, cast):
    public.clinic(cast["owner"], **FACTS)
    builders.price(live.guide, cast["author"], included="Numbing cream.")
    assert "Numbing cream." in page(get(client, "/prices/")).text
    builders.price(live.guide, cast["author"], "Neck", included="A cold pack.")
    assert "A cold pack." in page(get(client, "/prices/")).text


def test_the_form_shows_each_change_of_what_there_is_to_choose_and_is_signed_anew(client, live, cast):
    public.clinic(cast["owner"], **FACTS)
    before = client.get("/consultation/").content.decode()
    assert "Robin Sample" not in before
    provider = asking.provider("Robin Sample", "robin-sample")
    after, again = (client.get("/consultation/").content.decode() for _ in range(2))
    assert "Robin Sample" in after
    assert "selected>Robin Sample" not in after
    assert "selected>Robin Sample" in client.get("/consultation/?provider=robin-sample").content.decode()
    signed = [text.partition('name="page" value="')[2].partition('"')[0] for text in (before, after, again)]
    assert len(set(signed)) == 3
    provider.accepts_new_patients = False
    provider.save()
    assert "no new patients at present" in client.get("/consultation/").content.decode()


def test_the_key_of_a_review_holds_who_signed_it_and_what_day_it_is(live, time_machine):
    time_machine.move_to("2027-03-03 17:00:00+00:00", tick=False)
    reading = reading_of_edition(live)
    same = review_key(reading, "")
    assert review_key(reading_of_edition(live), "") == same
    assert review_key(reading, "/providers/robin-sample/") != same
    time_machine.move_to("2027-03-04 17:00:00+00:00", tick=False)
    assert review_key(reading, "") != same
