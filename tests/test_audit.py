"""The audit log: each action writes one line or says here why not, from where it came, and nothing anybody typed."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.utils import timezone

from clinic import actions as clinic
from clinic.actions import sign_in_log
from clinic.models import ConsultationRequest, InformationPage, Invitation, OwnerLink, User
from config.whence import COMMAND, coming_from
from education import actions
from education.actions.auditing import audit, note_log_exported
from education.models import AuditLine, Image, PendingMail, Rendering, Source, Synonym, Term, What
from education.rules import EDITORS, NotPermitted
from tests import builders, profiles, public
from tests.audited import REASONS, public_actions
from tests.clinic import asking
from tests.education.desk import signed_in, url
from tests.education.whole_record import erase
from tests.pictures import png


class Done:
    """Does things one by one, and keeps by the action's name what each wrote in the log."""

    def __init__(self) -> None:
        self.lines: dict[str, list[AuditLine]] = {}

    def __call__(self, action: Any, *given: Any, **more: Any) -> Any:
        before = AuditLine.objects.count()
        answer = action(*given, **more)
        app, _, module, name = f"{action.__module__}.{action.__qualname__}".split(".")
        fresh = AuditLine.objects.order_by("pk")[before:]
        self.lines.setdefault(f"{app}.{module}.{name}", []).extend(fresh)
        return answer


def _editions(done: Done, cast: dict[str, User]) -> None:
    author, reviewer = cast["author"], cast["reviewer"]
    guide = builders.guide(author, title="Cool care", slug="cool-care")
    done(actions.save_guide, guide, by=author, also_known_as="Cold packs")
    first = done(actions.submit, guide, by=author, what_changed="First edition.")
    done(actions.take_back, first, by=author)
    second = done(actions.submit, guide, by=author, what_changed="First edition.")
    done(actions.give_back, second, by=reviewer, note="Say how long.")
    third = done(actions.submit, guide, by=author, what_changed="First edition.")
    done(actions.approve, third, by=reviewer, judged=third.content_hash)
    done(actions.publish, third, by=author, live_from=timezone.now() + timedelta(days=2))
    done(actions.cancel, third, by=author)
    done(actions.publish, third, by=author)
    done(actions.confirm, third, by=reviewer, judged=third.content_hash)
    erase(Rendering.objects.filter(edition_page__edition=third).order_by("-pk").first())
    done(actions.rerender, third)
    builders.next_edition(guide, cast, "You can get numb skin for a week.")
    done(actions.withdraw, third, by=author, reason="A wrong dose.")
    done(actions.archive_guide, guide, by=author, reason="Not offered.")
    done(actions.reopen_guide, guide, by=author)
    report = builders.reported(third.guide.editions.with_state().get(pk=third.pk))
    done(actions.answer_report, report, by=author, answer="Thank you.")
    done(actions.close_report, report, by=author, outcome="mended")


def _library(done: Done, cast: dict[str, User]) -> None:
    author = cast["author"]
    source = Source(key="t-1", title="A trial", publisher="A journal", year=2020, strength="trial")
    done(actions.save_source, source, by=author)
    done(actions.check_source, source, by=author, outcome="withdrawn", note="It was faked.")
    done(actions.save_term, Term(key="cold", term="cold", plain_meaning="Not warm."), by=author)
    image = Image(key="pack", alternative_text="A cold pack")
    done(actions.add_image, image, io.BytesIO(png()), by=author)
    synonym = Synonym(everyday="numb", medical="numbness")
    done(actions.save_synonym, synonym, by=author)
    done(actions.remove_synonym, synonym, by=author)


def _offers(done: Done, cast: dict[str, User]) -> None:
    author = cast["author"]
    facts = public.clinic(author)
    done(clinic.save_clinic, facts, by=author)
    page = InformationPage(slug="about", title="About", markdown="We are a clinic.")
    done(clinic.save_information_page, page, by=author)
    place = public.place(author)
    done(clinic.save_location, place, by=author, hours={}, special_days=[])
    robin = profiles.provider(author)
    done(clinic.save_provider, robin, by=author, languages=["en"], performed=[], locations=[])
    guide = builders.guide(author)
    price = done(clinic.add_price, builders.unsaved_price(guide), by=author)
    dearer = builders.unsaved_price(guide, amount_to=Decimal(900))
    new = done(clinic.change_price, price, dearer, by=author, from_day=timezone.localdate() + timedelta(days=1))
    done(clinic.end_price, new, by=author, last_day=timezone.localdate() + timedelta(days=5))
    done(clinic.keep_price, new, by=author)


def _requests(done: Done, cast: dict[str, User]) -> None:
    desk = cast["front_desk"]
    row = asking.request()
    done(clinic.note_opened, row, by=desk)
    done(clinic.assign, row, by=desk)
    done(clinic.contact, row, by=desk, how="phone", note="Will call again")
    done(clinic.book, row, by=desk)
    done(clinic.close, row, by=desk, outcome="came")
    done(clinic.reopen, row, by=desk)
    done(clinic.add_note, row, by=desk, note="A word about skin")
    done(clinic.note_exported, by=desk)
    done(clinic.erase, row, by=desk)


def _accounts(done: Done, cast: dict[str, User]) -> None:
    owner = cast["owner"]
    account = User(username="newcomer")
    done(clinic.save_account, account, by=owner)
    done(clinic.set_roles, account, by=owner, roles=Group.objects.filter(name=EDITORS))
    done(clinic.note_password_set, account, by=owner)
    done(clinic.close_sample_accounts)
    done(sign_in_log.note_signed_in, None, user=account)
    done(sign_in_log.note_signed_out, None, user=account)
    done(sign_in_log.note_sign_in_failed, None, credentials={"username": "newcomer"})
    done(sign_in_log.note_second_step_failed, account)
    done(sign_in_log.note_own_password, None, user=account)
    app = Authenticator(user=account, type=Authenticator.Type.TOTP)
    done(sign_in_log.note_second_factor, None, user=account, authenticator=app, signal=authenticator_added)
    done(note_log_exported, by=owner)
    guest = Invitation(email="guest@clinic.example", first_name="Gil")
    done(clinic.invite, guest, groups=Group.objects.filter(name=EDITORS), by=owner)
    done(clinic.invite_again, guest, by=owner)
    secret = re.findall(r"/accounts/invitation/([^/]+)/", PendingMail.objects.latest("pk").body)[0]
    done(clinic.accept_invitation, User(username="gil"), secret=secret)
    other = Invitation(email="other@clinic.example", is_owner=True)
    clinic.invite(other, groups=[], by=owner)
    done(clinic.withdraw_invitation, other, by=owner)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    done(clinic.reset_second_step, account, by=owner)
    done(clinic.set_password, account, builders.PASSWORD)
    done(clinic.make_owner, User(username="one-more"))
    done(clinic.make_sample_account, User(username="sample"), [EDITORS])
    User.objects.filter(is_superuser=True).update(is_active=False)
    secret, _ = done(clinic.new_owner_link)
    done(clinic.make_first_owner, User(username="first"), secret=secret)
    assert not OwnerLink.objects.exists()


@pytest.fixture
def done(cast) -> Done:
    found = Done()
    for part in (_editions, _library, _offers, _requests, _accounts):
        part(found, cast)
    return found


def test_every_action_writes_exactly_one_line_or_has_a_reason_not_to(done):
    every = public_actions()
    assert set(REASONS) - set(every) == set(), "named here, and not there any more"
    assert set(every) - set(REASONS) == set(done.lines), "try it here, or give the reason why it writes no line"
    # Each was done as often as it has lines.
    assert {name: len(lines) for name, lines in done.lines.items() if len(lines) != 1} == {
        "education.submission.submit": 3,
        "education.publication.publish": 2,
    }
    assert {line.what for lines in done.lines.values() for line in lines} == set(What.values) - {
        *(What.BRAND_CHANGED, What.ACCOUNT_OPENED, What.ACCOUNT_CLOSED, What.ACCOUNT_CHANGED)
    }


def test_no_line_has_a_word_that_somebody_typed(done):
    text = "\n".join(json.dumps(row, default=str) for row in AuditLine.objects.values())
    typed = ("Say how long", "wrong dose", "Not offered", "faked", "Twelve", "Thank you", "Will call", "about skin")
    for word in (*typed, "Zuzana", "patient.example", "Please call", "numbness", "Cold packs", builders.PASSWORD):
        assert word not in text, word
    of_requests = AuditLine.objects.filter(about_kind=ConsultationRequest._meta.verbose_name)
    assert of_requests.count() == 8
    assert set(of_requests.values_list("about_name", flat=True)) == {""}


def test_a_line_says_who_in_which_role_did_what_to_what_when_and_from_where(guide, cast):
    moment = timezone.now().replace(microsecond=0)
    with time_machine.travel(moment, tick=False), coming_from("203.0.113.9"):
        edition = builders.submitted(guide, cast["author"])
    line = AuditLine.objects.get(what=What.SUBMITTED)
    assert (line.made_by, line.made_by_name, line.made_by_role) == (cast["author"], "Ada Author", "editor")
    assert (line.about_kind, line.about_number, line.about_name) == ("edition", edition.pk, "cold-therapy, edition 1")
    assert (line.made_at, line.origin) == (moment, "203.0.113.9")
    assert str(line) == f"Edition submitted: edition {edition.pk} (cold-therapy, edition 1)"


def test_what_is_refused_or_undone_leaves_no_line(guide, cast):
    before = AuditLine.objects.count()
    with pytest.raises(NotPermitted):
        actions.submit(guide, by=cast["front_desk"], what_changed="x")
    with transaction.atomic():
        actions.submit(guide, by=cast["author"], what_changed="x")
        transaction.set_rollback(True)
    assert AuditLine.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="in the transaction"):
        audit(What.SUBMITTED, by=None)


def test_the_weightiest_change_of_an_account_is_the_one_named(cast):
    account = cast["author"]
    for facts, what in (
        ({"job_title": "nurse"}, What.ACCOUNT_CHANGED),
        ({"is_superuser": True}, What.ACCOUNT_ROLES),
        ({"is_active": False, "job_title": ""}, What.ACCOUNT_CLOSED),
        ({"is_active": True}, What.ACCOUNT_OPENED),
    ):
        for name, value in facts.items():
            setattr(account, name, value)
        clinic.save_account(account, by=cast["owner"])
        assert AuditLine.objects.first().what == what
    facts = public.clinic(cast["owner"])
    facts.brand_colour = "#224466"
    clinic.save_clinic(facts, by=cast["owner"])
    assert AuditLine.objects.first().what == What.BRAND_CHANGED


def test_whoever_left_keeps_their_lines_and_what_is_erased_keeps_its_number(cast):
    row = asking.request()
    clinic.erase(row, by=cast["front_desk"])
    cast["front_desk"].is_active = False
    clinic.save_account(cast["front_desk"], by=cast["owner"])
    line = AuditLine.objects.get(what=What.REQUEST_ERASED)
    assert (line.made_by_name, line.about_number) == ("frontdesk", row.pk)


# Over the network


def test_the_address_is_the_one_that_the_site_counts_by(settings, cast):
    settings.PROXY_COUNT = 1
    client = signed_in(cast["owner"])
    client.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.1, 203.0.113.7"
    typed = {"everyday": "numb", "medical": "numbness"}
    assert client.post(url("education_synonym_add"), typed).status_code == 302
    assert AuditLine.objects.get(what=What.SYNONYM_SAVED).origin == "203.0.113.7"
    public.clinic(cast["owner"])
    assert AuditLine.objects.first().origin == COMMAND


def test_opening_and_exporting_requests_are_lines_and_a_database_that_cannot_write_stops_no_reading(cast, monkeypatch):
    row, client = asking.request(), signed_in(cast["front_desk"])
    assert client.get(url("clinic_consultationrequest_change", row.pk)).status_code == 200
    assert client.get(url("clinic_consultationrequest_export")).status_code == 200
    whats = list(AuditLine.objects.order_by("pk").values_list("what", flat=True))
    assert whats[-2:] == [What.REQUEST_OPENED, What.REQUESTS_EXPORTED]

    def fail(*given: Any, **more: Any) -> None:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr("clinic.actions.requests.audit", fail)
    assert client.get(url("clinic_consultationrequest_change", row.pk)).status_code == 200


def test_roles_and_passwords_that_the_owner_sets_on_the_screen_are_lines(cast):
    client, author = signed_in(cast["owner"]), cast["author"]
    typed = {"username": "author", "first_name": "Ada", "is_active": "on", "groups": []}
    assert client.post(url("clinic_user_change", author.pk), typed).status_code == 302
    word = {"usable_password": "true", "password1": "four new words here", "password2": "four new words here"}
    assert client.post(url("auth_user_password_change", author.pk), word).status_code == 302
    assert client.post(url("auth_user_password_change", author.pk), {**word, "password2": "x"}).status_code == 200
    whats = AuditLine.objects.filter(about_number=author.pk).order_by("pk").values_list("what", flat=True)
    assert list(whats)[-3:] == [What.ACCOUNT_CHANGED, What.ACCOUNT_ROLES, What.PASSWORD_SET]
    assert not author.groups.exists()
