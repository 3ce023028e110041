"""Prices in the admin: read by all, written by editors, edited by nobody; nothing typed is lost."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from clinic import actions
from clinic.models import Location, Price, PriceEnd
from education.models import Guide
from tests import builders, public
from tests.education.desk import hidden, signed_in, url

D = Decimal
TODAY = date(2026, 3, 3)
DAY = timedelta(days=1)
TYPED = {
    **{"what": "Face", "unit": "session", "amount_from": "300", "amount_to": "500", "currency": "USD"},
    **{"valid_from": "2026-03-03", "included": "Numbing cream.", "not_included": "", "location": "", "note": ""},
    **{"sessions_in_course": "", "sessions_from": "6", "sessions_to": "10", "upkeep_from": "2", "upkeep_to": "4"},
    **{"source": "", "position": "0"},
}


@pytest.fixture(autouse=True)
def _spring(time_machine) -> None:
    time_machine.move_to("2026-03-03 17:00:00+00:00", tick=False)


@pytest.fixture
def guide(cast) -> Guide:
    return builders.guide(cast["author"], kind="procedure")


@pytest.fixture
def price(cast, guide) -> Price:
    return builders.price(guide, cast["author"], note="Ask us.")


def screens(price: Price) -> dict[str, str]:
    return {name: url(f"clinic_price_{name}", price.pk) for name in ("change", "new", "end", "keep", "delete")}


def sent(client: Client, price: Price, name: str = "new", **changes: Any) -> dict[str, Any]:
    """Return what the screen sends as it was opened, but for these changes."""
    response = client.get(screens(price)[name])
    typed = {**TYPED, "note": "Ask us.", "included": ""} if name == "new" else {}
    return {**typed, "seen": hidden(response, "seen"), **changes}


# Who may


def test_who_may_not_write_prices_reads_them_and_finds_no_button(cast, price):
    for who in ("reviewer", "front_desk"):
        client = signed_in(cast[who])
        assert b"Face" in client.get(url("clinic_price_changelist")).content
        shown = client.get(screens(price)["change"]).content.decode()
        assert "charged now" in shown.lower()
        assert "Change this price" not in shown
        for name in ("new", "end"):
            assert client.get(screens(price)[name]).status_code == 403
            assert client.post(screens(price)[name], TYPED).status_code == 403
        assert client.post(screens(price)["keep"]).status_code == 403
        assert client.get(url("clinic_price_add")).status_code == 403
        assert client.post(url("clinic_price_add"), TYPED).status_code == 403
    outsider = signed_in(cast["outsider"])
    for address in (url("clinic_price_changelist"), *list(screens(price).values())[:3]):
        assert outsider.get(address).status_code == 403
    assert Price.objects.count() == 1


def test_nobody_edits_or_deletes_a_price_not_even_the_owner(cast, price):
    owner = signed_in(cast["owner"])
    assert owner.post(screens(price)["change"], {**TYPED, "amount_to": "900"}).status_code == 403
    assert owner.post(screens(price)["delete"], {"post": "yes"}).status_code == 403
    listed = owner.get(url("clinic_price_changelist")).content.decode()
    assert "delete_selected" not in listed
    assert Price.objects.get().amount_to == D(500)


def test_a_price_that_is_not_there_is_said_to_be_missing(cast, price):
    author = signed_in(cast["author"])
    for name in ("new", "end"):
        assert author.get(url(f"clinic_price_{name}", 999)).status_code == 404
    assert author.get(url("clinic_price_change", 999), follow=True).status_code == 200
    assert author.get(screens(price)["keep"]).status_code == 405


# The list


def test_the_list_says_in_words_how_each_price_stands_and_the_past_is_a_step_away(cast, guide, price, time_machine):
    author = cast["author"]
    builders.price(guide, author, "Neck", valid_from=TODAY + 30 * DAY)
    scalp = builders.price(guide, author, "Scalp")
    actions.end_price(scalp, by=author, last_day=TODAY + 9 * DAY)
    hands = builders.price(guide, author, "Hands")
    actions.end_price(hands, by=author, last_day=TODAY)
    never = builders.price(guide, author, "Chest", valid_from=TODAY + 30 * DAY)
    actions.end_price(never, by=author, last_day=TODAY - DAY)
    time_machine.move_to("2026-03-04 17:00:00+00:00", tick=False)
    client, at = signed_in(author), url("clinic_price_changelist")
    now = client.get(at).content.decode()
    for words in ("charged now", "from 2 Apr 2026", "charged now until 12 Mar 2026", "$300 to $500", "a session"):
        assert words in now, words
    assert "Hands" not in now
    assert "Chest" not in now
    ended = client.get(f"{at}?state=ended").content.decode()
    assert "ended: 3 Mar 2026 to 3 Mar 2026" in ended
    assert "taken back before it began" in ended
    assert "Neck" not in ended
    everything = client.get(f"{at}?state=all").content.decode()
    assert all(name in everything for name in ("Face", "Neck", "Scalp", "Hands", "Chest"))


def test_the_list_asks_the_database_as_often_for_many_as_for_few(cast, guide, price, django_assert_num_queries):
    client, place = signed_in(cast["author"]), Location.objects.create(slug="a", name="A", postal_address="1 Quay")
    client.get(url("clinic_price_changelist"))
    for count in (1, 9):
        for number in range(count):
            builders.price(guide, cast["author"], f"Area {count} {number}", location=place)
        with django_assert_num_queries(9):
            client.get(url("clinic_price_changelist"))


# Adding


def test_an_editor_adds_a_price(cast, guide):
    public.clinic(cast["owner"], currency="EUR")
    author = signed_in(cast["author"])
    form = author.get(url("clinic_price_add")).context["adminform"].form
    assert (form["currency"].value(), form["valid_from"].value()) == ("EUR", TODAY)
    response = author.post(url("clinic_price_add"), {**TYPED, "guide": guide.pk, "amount_to": "", "sessions_to": ""})
    made = Price.objects.get()
    assert response["Location"] == url("clinic_price_change", made.pk)
    assert (made.amount_from, made.amount_to, made.sessions_to) == (D(300), D(300), 6)
    assert made.made_by == cast["author"]
    shown = author.get(response["Location"]).content.decode()
    for words in ("$1,800", "6 sessions × $300", "$600 to $1,200", "Added by Ada Author, editor"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"guide": ""}, "guide", "Choose the guide"),
        ({"what": "  "}, "what", "Say what the price is for"),
        ({"amount_from": ""}, "amount_from", "Write an amount"),
        ({"amount_from": "1,000"}, "amount_from", "digits with a point"),
        ({"amount_from": "300.505"}, "amount_from", "at most 2 digits after the point"),
        ({"amount_from": "0.12345"}, "amount_from", "more than three digits"),
        ({"amount_from": "9" * 30}, "amount_from", "more than Plainleaf can add up"),
        ({"amount_to": "1"}, "amount_to", "less than the lowest"),
        ({"unit": "course"}, "sessions_in_course", "how many sessions the course has"),
        ({"unit": "consultation"}, "sessions_from", "Leave them empty"),
        ({"sessions_from": "six"}, "sessions_from", "whole number"),
        ({"sessions_from": "11"}, "sessions_to", "from 11 to 200"),
        ({"valid_from": "2026-03-02"}, "valid_from", "That day is over"),
        ({"valid_from": "2026-02-30"}, "valid_from", "year-month-day"),
        ({"valid_from": "2099-01-01"}, "valid_from", "more than two years away"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(changes, field, said, cast, guide):
    typed = {**TYPED, "guide": guide.pk, "note": "What nobody wants to type twice.", **changes}
    response = signed_in(cast["author"]).post(url("clinic_price_add"), typed)
    assert said in str(response.context["adminform"].form.errors[field])
    page = response.content.decode()
    assert "There is a problem" in page
    assert "What nobody wants to type twice." in page
    assert "Constraint" not in page
    assert not Price.objects.exists()


def test_all_that_is_wrong_is_said_at_once(cast, guide):
    typed = {**TYPED, "guide": guide.pk, "what": "", "amount_to": "1", "upkeep_from": "9"}
    response = signed_in(cast["author"]).post(url("clinic_price_add"), typed)
    assert set(response.context["adminform"].form.errors) == {"what", "amount_to", "upkeep_to"}


def test_a_price_that_is_there_already_is_refused_at_its_field(cast, guide, price):
    response = signed_in(cast["author"]).post(url("clinic_price_add"), {**TYPED, "guide": guide.pk, "note": "Typed."})
    assert "already" in str(response.context["adminform"].form.errors["what"])
    assert b"Typed." in response.content


def test_a_database_that_cannot_write_keeps_what_was_typed(cast, guide):
    typed = {**TYPED, "guide": guide.pk, "note": "Typed once."}
    with patch("clinic.actions.add_price", side_effect=OperationalError("database is locked")):
        response = signed_in(cast["author"]).post(url("clinic_price_add"), typed)
    assert b"could not save this just now" in response.content
    assert b"Typed once." in response.content


def test_a_sign_in_that_ran_out_gives_back_what_was_typed(cast, price):
    for name in ("new", "end"):
        response = Client().post(screens(price)[name], {**TYPED, "note": "Typed long ago.", "seen": "0"})
        assert response.status_code == 403
        assert b"Typed long ago." in response.content


# Changing


def test_changing_is_a_screen_with_the_old_price_to_type_over(cast, price):
    author = signed_in(cast["author"])
    opened = author.get(screens(price)["new"])
    form = opened.context["adminform"].form
    shown = {name: form[name].value() for name in ("what", "amount_from", "amount_to", "sessions_to", "note")}
    assert shown == {"what": "Face", "amount_from": "300", "amount_to": "500", "sessions_to": 10, "note": "Ask us."}
    assert b"The old price stays on record" in opened.content
    response = author.post(screens(price)["new"], sent(author, price, amount_to="600", valid_from="2026-03-10"))
    new = Price.objects.latest("pk")
    assert response["Location"] == url("clinic_price_change", new.pk)
    assert (new.replaces, new.guide, new.amount_to) == (price, price.guide, D(600))
    assert PriceEnd.objects.get().last_day == date(2026, 3, 9)
    before, after = (author.get(url("clinic_price_change", pk)).content.decode() for pk in (new.pk, price.pk))
    assert "Before it:" in before
    assert "In its place:" in after
    assert "Last day set to 9 Mar 2026 by Ada Author" in after


def test_a_fixed_price_is_prefilled_as_one_amount(cast, guide):
    price = builders.price(guide, cast["author"], amount_from=D("49.90"), amount_to=None, sessions_to=6)
    form = signed_in(cast["author"]).get(screens(price)["new"]).context["adminform"].form
    assert (form["amount_from"].value(), form["amount_to"].value(), form["sessions_to"].value()) == ("49.9", "", "")


def test_a_change_that_changes_nothing_is_refused(cast, price):
    author = signed_in(cast["author"])
    response = author.post(screens(price)["new"], sent(author, price))
    assert "Nothing is different" in str(response.context["adminform"].form.errors)
    assert Price.objects.count() == 1


def test_the_guide_of_a_price_is_not_changed_by_whatever_is_sent(cast, price):
    author, other = signed_in(cast["author"]), builders.guide(cast["author"], title="Heat", slug="heat")
    author.post(screens(price)["new"], sent(author, price, amount_to="600", guide=other.pk))
    assert Price.objects.latest("pk").guide == price.guide


def test_whoever_comes_second_is_told_keeps_what_they_typed_and_can_go_on(cast, price):
    author = signed_in(cast["author"])
    typed = sent(author, price, amount_to="600", note="My own words.")
    actions.end_price(price, by=cast["colleague"], last_day=TODAY + 9 * DAY)
    response = author.post(screens(price)["new"], typed)
    page = response.content.decode()
    assert "Cleo Colleague changed this price" in page
    assert "My own words." in page
    assert "charged now until 12 Mar 2026" in page
    assert Price.objects.count() == 1
    again = author.post(screens(price)["new"], {**typed, "seen": hidden(response, "seen")})
    assert again.status_code == 302
    assert Price.objects.latest("pk").note == "My own words."


def test_a_price_that_ended_can_be_the_model_of_a_new_one(cast, price, time_machine):
    actions.end_price(price, by=cast["author"], last_day=TODAY)
    time_machine.move_to("2026-03-20 17:00:00+00:00", tick=False)
    author = signed_in(cast["author"])
    shown = author.get(screens(price)["change"]).content.decode()
    assert "Change this price" not in shown
    address = f"{url('clinic_price_add')}?like={price.pk}"
    assert address in shown
    form = author.get(address).context["adminform"].form
    assert (form["note"].value(), form["valid_from"].value()) == ("Ask us.", date(2026, 3, 20))
    for odd in ("x", "9" * 30, "-1", "999"):
        assert author.get(f"{url('clinic_price_add')}?like={odd}").status_code == 200


def test_what_was_typed_is_text_on_every_screen(cast, guide):
    bad = "<script>alert(1)</script>"
    price = builders.price(guide, cast["author"], bad, note=bad, included=bad, not_included=bad)
    author = signed_in(cast["author"])
    for address in (url("clinic_price_changelist"), *list(screens(price).values())[:3]):
        assert b"<script>alert" not in author.get(address).content
