"""The checklist of a new clinic: who sees it, what makes each step done, and where each is done."""

from __future__ import annotations

import pytest
from django.core.management.utils import get_random_secret_key
from django.urls import NoReverseMatch
from django.utils import timezone

from clinic.first_steps import FirstSteps, Step, first_steps
from clinic.models import (
    TOP_PAGES,
    Clinic,
    Location,
    Price,
    Provider,
    User,
    WeekdayHours,
)
from education import actions as education
from education.models import Guide
from education.rules import EDITORS, FRONT_DESK, REVIEWERS
from tests import builders, public
from tests.education.desk import signed_in, url

FACTS = {
    "phone": "(202) 555-0142",
    "emergency_text": "In an emergency call 911.",
    "ownership": "Owned by its doctors.",
}
HEADING = "Your clinic's first steps"


@pytest.fixture
def owner(db) -> User:
    return builders.person("ada", is_superuser=True)


def found(person: User) -> FirstSteps:
    # As each request does: what an account may do is asked once for a request.
    steps = first_steps(User.objects.get(pk=person.pk))
    assert steps
    return steps


def step(person: User, title: str) -> Step:
    return next(one for one in found(person).steps if one.title == title)


def live_guide(owner: User) -> Guide:
    editor, reviewer = builders.person("editor", EDITORS), builders.person("reviewer", REVIEWERS)
    guide = builders.guide(editor, kind="advice")
    builders.published(guide, {"author": editor, "reviewer": reviewer})
    return guide


def place(**facts) -> Location:
    return Location.objects.create(slug="main", name="Main street", postal_address="1 Main Street", **facts)


def price(guide: Guide, by: User) -> None:
    Price(
        guide=guide,
        what="One visit",
        amount_from=1,
        amount_to=1,
        currency="USD",
        valid_from=timezone.localdate(),
        made_at=timezone.now(),
        made_by=by,
        made_by_name="A",
        made_by_role="B",
    ).save()


# Who sees it


@pytest.mark.parametrize("who", ["reviewer", "front_desk", "outsider"])
def test_whoever_does_not_set_the_clinic_up_does_not_see_it(who, cast, django_assert_num_queries):
    assert first_steps(cast[who]) is None
    assert HEADING not in signed_in(cast[who]).get(url("index")).content.decode()


def test_somebody_whose_account_is_closed_sees_nothing(owner):
    owner.is_active = False
    assert first_steps(owner) is None


@pytest.mark.parametrize("who", ["author", "owner"])
def test_owners_and_editors_see_it_until_all_is_done(who, cast, monkeypatch):
    client = signed_in(cast[who])
    assert HEADING in client.get(url("index")).content.decode()
    monkeypatch.setattr(FirstSteps, "all_done", True)
    assert HEADING not in client.get(url("index")).content.decode()


# What it asks


def test_a_new_clinic_has_everything_to_do_and_is_told_in_words(owner):
    steps = found(owner)
    assert steps.done == 0
    assert steps.is_open
    assert not steps.all_done
    assert [one.state for one in steps.steps].count("To do") == len(steps.needed) == 8
    for one in steps.steps:
        assert one.purpose.endswith(".")
        assert one.purpose.count(". ") == 0
        assert one.stands
        assert one.ways or one.checks


def test_the_facts_are_done_when_none_is_missing_and_each_missing_one_is_named(owner):
    title = "Your clinic's facts"
    assert "its name, its telephone number, what to do in an emergency and who owns it" in step(owner, title).stands
    assert step(owner, title).ways[0].url == url("clinic_clinic_add")
    public.clinic(owner, **{**FACTS, "phone": ""})
    assert step(owner, title).stands == "Missing: its telephone number."
    assert step(owner, title).ways[0].url == url("clinic_clinic_change", 1)
    public.clinic(owner, **FACTS)
    assert step(owner, title).done


def test_a_brand_may_be_left_out(owner):
    title = "Your colour and your logo"
    public.clinic(owner)
    assert (step(owner, title).optional, step(owner, title).state) == (True, "Optional")
    public.clinic(owner, brand_colour="#aa0000")
    assert step(owner, title).state == "Done"


def test_a_place_counts_once_it_has_hours_and_patients_see_it(owner):
    title = "Where you are, and when you are open"
    assert step(owner, title).stands == "No place is there."
    main = place()
    assert step(owner, title).stands == "A place has no hours."
    WeekdayHours.objects.create(location=main, weekday=0, opens="09:00", closes="17:00")
    assert step(owner, title).done
    Location.objects.update(is_shown=False)
    assert not step(owner, title).done


def test_a_provider_counts_while_patients_see_them(owner):
    title = "Who treats patients"
    assert not step(owner, title).done
    provider = Provider.objects.create(slug="a", name="A", role="nurse")
    assert step(owner, title).done
    provider.visible_from = timezone.localdate() + timezone.timedelta(days=1)
    provider.save()
    assert not step(owner, title).done


def test_each_missing_page_is_named_and_leads_to_a_form_with_a_text(owner):
    title = "Pages about your clinic"
    assert step(owner, title).stands == "Missing: about, privacy and accessibility."
    assert [way.url for way in step(owner, title).ways] == [
        f"{url('clinic_informationpage_add')}?slug={slug}" for slug in TOP_PAGES
    ]
    public.information(owner, "about")
    public.information(owner, "more")
    assert step(owner, title).stands == "Missing: privacy and accessibility."
    public.information(owner, "privacy")
    public.information(owner, "accessibility")
    assert step(owner, title).done


def test_a_price_counts_while_it_is_charged(owner):
    assert not step(owner, "What it costs").done
    price(live_guide(owner), owner)
    assert step(owner, "What it costs").done


def test_the_first_guide_is_followed_to_the_patients(cast):
    owner, title = cast["owner"], "A first guide"
    nothing = step(owner, title)
    assert nothing.stands == "No guide is begun."
    begin = url("education_guide_begin")
    assert [way.url for way in nothing.ways] == [f"{begin}?way=skeleton", f"{begin}?way=sample", f"{begin}#other-ways"]
    guide = builders.guide(cast["author"])
    assert "“Cold therapy” is being written." in step(owner, title).stands
    assert step(owner, title).ways[0].url == url("education_guide_change", guide.pk)
    edition = builders.submitted(guide, cast["author"])
    assert "edition 1 is in review. A reviewer reads it" in step(owner, title).stands
    education.approve(edition, by=cast["reviewer"], judged=edition.content_hash)
    assert "edition 1 is approved." in step(owner, title).stands
    education.publish(edition, by=cast["author"])
    assert (step(owner, title).done, step(owner, title).stands) == (True, "“Cold therapy” is live.")
    education.withdraw(edition, by=cast["author"], reason="Wrong.")
    assert not step(owner, title).done


def test_a_second_person_and_a_front_desk_are_needed(owner, settings):
    title = "Who works on this site"
    assert "a second person who approves (Reviewers)" in step(owner, title).stands
    assert "who writes" not in step(owner, title).stands
    builders.person("r", REVIEWERS)
    assert step(owner, title).stands.startswith("Missing: somebody who answers patients (Front desk), who may")
    builders.person("f", FRONT_DESK)
    assert step(owner, title).done
    User.objects.filter(username="r").update(is_active=False)
    assert not step(owner, title).done
    settings.REVIEW_BY_SECOND_PERSON = False
    assert step(owner, title).done


def test_two_roles_of_one_person_are_no_two_people(db):
    both = builders.person("both", EDITORS, REVIEWERS, FRONT_DESK)
    assert "a second person" in step(both, "Who works on this site").stands


def test_going_live_says_each_check_in_words(owner, settings):
    settings.PLAINLEAF_MODE, settings.SITE_URL, settings.SECRET_KEY = "local", "http://localhost:8000", "short"
    settings.ALLOWED_HOSTS, settings.EMAIL_BACKEND = ["localhost"], "django.core.mail.backends.filebased.EmailBackend"
    sample = User.objects.create_user("editor", sample_account=True)
    going = step(owner, "Going live")
    assert [check.done for check in going.checks] == [False] * 6
    words = " ".join(check.words for check in going.checks)
    for name in ("PLAINLEAF_MODE", "ALLOWED_HOSTS", "SITE_URL", "SECRET_KEY", "EMAIL_URL", "close_sample_accounts"):
        assert name in words
    assert "short" not in words
    settings.PLAINLEAF_MODE, settings.SITE_URL = "production", "https://guides.example.org"
    settings.SECRET_KEY, settings.ALLOWED_HOSTS = get_random_secret_key(), ["example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert [check.done for check in step(owner, "Going live").checks] == [True] * 5 + [False]
    sample.is_active = False
    sample.save()
    assert step(owner, "Going live").done


def test_what_is_left_for_the_server_alone_is_folded_and_at_the_end_it_goes(owner, settings):
    settings.PLAINLEAF_MODE = "local"
    public.clinic(owner, **FACTS)
    for slug in TOP_PAGES:
        public.information(owner, slug)
    WeekdayHours.objects.create(location=place(), weekday=0, opens="09:00", closes="17:00")
    Provider.objects.create(slug="a", name="A", role="nurse")
    price(live_guide(owner), owner)
    assert found(owner).is_open
    builders.person("f", FRONT_DESK)
    assert (found(owner).is_open, found(owner).done, found(owner).all_done) == (False, 7, False)
    client = signed_in(owner)
    assert "<details>" in client.get(url("index")).content.decode()
    settings.PLAINLEAF_MODE, settings.SITE_URL = "production", "https://guides.example.org"
    settings.ALLOWED_HOSTS, settings.SECRET_KEY = ["guides.example.org"], get_random_secret_key()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert found(owner).all_done


def test_it_asks_the_database_little_however_much_there_is(cast, django_assert_max_num_queries):
    for number in range(5):
        builders.person(f"more-{number}", EDITORS, FRONT_DESK)
        builders.guide(cast["author"], title=f"Guide {number}", slug=f"guide-{number}")
    with django_assert_max_num_queries(10):
        first_steps(User.objects.get(pk=cast["owner"].pk))


# Where it leads


def test_a_screen_that_a_person_may_not_use_is_named_without_a_link(cast):
    staff = step(cast["author"], "Who works on this site")
    assert [(way.words, way.url) for way in staff.ways] == [("An owner invites them.", "")]
    assert step(cast["owner"], "Who works on this site").ways[0].url == url("clinic_invitation_add")


def test_a_screen_that_this_site_does_not_have_is_words_alone(owner, monkeypatch):
    def nowhere(*args, **kwargs):
        raise NoReverseMatch

    monkeypatch.setattr("clinic.first_steps.step.reverse", nowhere)
    assert {way.url for one in found(owner).steps for way in one.ways} == {""}


@pytest.mark.parametrize("who", ["author", "owner"])
def test_every_link_of_it_answers_those_who_see_it(who, cast):
    client = signed_in(cast[who])
    for one in found(cast[who]).steps:
        for way in one.ways:
            if way.url:
                assert client.get(way.url.partition("#")[0]).status_code == 200, way.url


def test_a_clinic_is_saved_with_no_more_than_its_name(owner):
    assert Clinic.current().name == "Patient guides"
    public.clinic(owner)
    assert step(owner, "Your clinic's facts").stands.startswith("Missing: its telephone number")
