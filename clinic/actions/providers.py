"""Providers: the profile, the photograph, what they speak and perform, saved as one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from clinic.languages import CODES
from clinic.models import Location, PerformedProcedure, Provider, SpokenLanguage
from clinic.photos import LEAST_SIDE, TALLEST, WIDEST, photo_path, widths_of
from clinic.rules import require_permission
from education.actions import Refused
from education.actions.auditing import audit
from education.actions.pictures import MEGABYTE, MILLION, Limits, as_webp, cleaned, in_width, keep_file, received
from education.actions.signing import log_once_kept
from education.canonical import canonical_line, sha256
from education.models import Guide, What

logger = logging.getLogger(__name__)

PHOTO_LIMITS = Limits(bytes=10 * MEGABYTE, pixels=40 * MILLION, widest=WIDEST, tallest=TALLEST, field="photo")
# Facts of one line each.
LINES = (
    *("name", "post_nominals", "role", "photo_alternative_text", "licence_authority", "licence_number"),
    "licence_url",
)
# Both without a letter would be a page without a name.
LETTERS_WANTED = {
    "name": "Write the provider's name, as patients will read it.",
    "role": "Say what the provider is, such as: nurse practitioner.",
}
FIRST_YEAR = 1950
_is_web = URLValidator(schemes=["https", "http"])


@transaction.atomic
def save_provider(
    provider: Provider,
    *,
    by: Any,
    languages: Sequence[str],
    performed: Sequence[PerformedProcedure],
    locations: Sequence[Location],
    photo: BinaryIO | None = None,
    no_photo: bool = False,
) -> Provider:
    """Save a new or changed provider with all that belongs to them.

    `languages` are codes in their order; `performed` are unsaved rows without a provider; both replace those before.
    `photo` is a new photograph, `no_photo` takes the one there away; without either it stays.
    Raises NotPermitted, and Refused with the field for whatever patients could not use or could not believe.
    """
    verb = "add" if provider._state.adding else "change"
    require_permission(by, f"{verb}_provider", f"{verb} a provider")
    for field in LINES:
        setattr(provider, field, canonical_line(getattr(provider, field)))
    _require_facts(provider)
    _require_address_and_account(provider)
    _require_languages(languages)
    _require_performed(performed)
    if photo and no_photo:
        raise Refused("Choose a photo or take the one there away, not both.", "photo")
    if photo:
        _keep_photo(provider, photo)
    elif no_photo:
        provider.photo_sha256, provider.photo_width, provider.photo_height = "", 0, 0
    if provider.photo_sha256 and not provider.photo_alternative_text:
        raise Refused(
            "Say what the photo shows, for people who cannot see it, such as: Robin Sample at a desk, smiling.",
            "photo_alternative_text",
        )
    provider.save()
    _replace_rows(provider, languages, performed)
    provider.locations.set(locations)
    audit(What.PROVIDER_SAVED, provider, by=by, named=provider.slug)
    log_once_kept(logger, "provider %s saved by account %s", provider.pk, by.pk)
    return provider


def _require_facts(provider: Provider) -> None:
    for field, message in LETTERS_WANTED.items():
        if not any(one.isalpha() for one in getattr(provider, field)):
            raise Refused(message, field)
    if provider.licence_url:
        try:
            _is_web(provider.licence_url)
        except ValidationError:
            message = "Write the web address of the page where a license can be checked; it begins with https://."
            raise Refused(message, "licence_url") from None
    if provider.visible_until and provider.visible_until < provider.visible_from:
        raise Refused("This day is before the one from which patients see the page.", "visible_until")


def _require_address_and_account(provider: Provider) -> None:
    others = Provider.objects.exclude(pk=provider.pk)
    if not provider._state.adding and Provider.objects.get(pk=provider.pk).slug != provider.slug:
        raise Refused("The address cannot be changed: other pages link to it.", "slug")
    if not provider.slug or others.filter(slug=provider.slug).exists():
        raise Refused("Give the page an address that no other provider has, such as robin-sample.", "slug")
    account = provider.account
    if account is None:
        return
    if not account.is_staff:
        raise Refused("Choose an account of the staff.", "account")
    if other := others.filter(account=account).first():
        raise Refused(f"This account belongs to {other.name}. An account names one provider.", "account")


def _require_languages(languages: Sequence[str]) -> None:
    if not set(languages) <= set(CODES):
        raise Refused("Choose languages of the list.", "languages")
    if len(set(languages)) < len(languages):
        raise Refused("A language stands here twice. Empty one of the two.", "languages")


def _require_performed(rows: Sequence[PerformedProcedure]) -> None:
    today = timezone.localdate()
    for number, row in enumerate(rows, start=1):

        def refused(message: str, number: int = number) -> Refused:
            return Refused(f"Procedure {number}: {message}", "performed")

        if row.guide.kind != Guide.Kind.PROCEDURE:
            raise refused("choose a guide to a procedure.")
        if row.guide_id in {other.guide_id for other in rows[: number - 1]}:
            raise refused("it stands here twice. Empty one of the two.")
        if row.since_year is not None and not FIRST_YEAR <= row.since_year <= today.year:
            raise refused(f"write a year from {FIRST_YEAR} to {today.year}.")
        if row.treatments is not None and row.treatments < 1:
            raise refused("write how many treatments, at least 1, or leave it empty.")
        if (row.treatments is None) != (row.counted_on is None):
            raise refused("a number of treatments goes with the day on which they were counted: give both, or neither.")
        if row.counted_on is not None and row.counted_on > today:
            raise refused("the day on which treatments were counted lies in the future.")


def _keep_photo(provider: Provider, upload: BinaryIO) -> None:
    """Keep a photograph in each of its widths. Raises Refused for one that is no picture, or too small."""
    picture = cleaned(received(upload, PHOTO_LIMITS), PHOTO_LIMITS)
    if min(picture.size) < LEAST_SIDE:
        raise Refused(
            f"This photo is too small or too narrow: of {picture.width} by {picture.height} pixels a face could not be "
            f"made out. Choose one of at least {LEAST_SIDE} pixels each way.",
            "photo",
        )
    files = {width: as_webp(in_width(picture, width), quality=80, method=6) for width in widths_of(picture.width)}
    digest = sha256(files[picture.width])
    for width, content in files.items():
        keep_file(content, photo_path(digest, width))
    provider.photo_sha256, provider.photo_width, provider.photo_height = digest, picture.width, picture.height


def _replace_rows(provider: Provider, languages: Sequence[str], performed: Sequence[PerformedProcedure]) -> None:
    provider.spoken_languages.all().delete()
    SpokenLanguage.objects.bulk_create(
        SpokenLanguage(provider=provider, code=code, position=position) for position, code in enumerate(languages)
    )
    provider.performed.all().delete()
    PerformedProcedure.objects.bulk_create(
        PerformedProcedure(
            provider=provider,
            guide=row.guide,
            since_year=row.since_year,
            treatments=row.treatments,
            counted_on=row.counted_on,
        )
        for row in performed
    )
