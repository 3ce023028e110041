"""What patients read of the providers: who there is, what each speaks, performs and reviewed, and who performs what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, OuterRef, Prefetch, Q, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from clinic.languages import name_of
from clinic.models import Location, PerformedProcedure, Provider, SpokenLanguage
from clinic.photos import Photo, photo_of
from config.ready.until_changed import until_changed
from education.models import Edition, Guide, Review, has_check
from education.searching import words_of
from education.searching.folding import without_plural

# Whose decision counts as a review of what patients read.
REVIEWED = (Review.Decision.APPROVED, Review.Decision.CONFIRMED)


@dataclass(frozen=True)
class Practice:
    """A procedure that somebody performs, and how much practice they have. `url` is its guide's while that is live.

    `others` are the shown providers who perform it too, where a page asks for them.
    """

    slug: str
    title: str
    language: str
    url: str
    since_year: int | None
    treatments: int | None
    counted_on: date | None
    others: tuple[Provider, ...] = ()


@dataclass(frozen=True)
class ReviewedGuide:
    """A guide that is live, and when somebody last signed a review of the edition that patients read."""

    edition: Edition
    made_at: datetime


@dataclass(frozen=True)
class Profile:
    """A provider as a page of their own shows them."""

    provider: Provider
    languages: Sequence[str]
    places: Sequence[Location]
    practices: Sequence[Practice]
    reviewed: Sequence[ReviewedGuide] = ()
    # The live editions, by the alphabet, that have a self-check of what this provider performs.
    checks: Sequence[Edition] = ()

    @property
    def photo(self) -> Photo | None:
        return photo_of(self.provider)

    @property
    def language_names(self) -> list[str]:
        return [name_of(code) for code in self.languages]

    @property
    def certifications(self) -> list[str]:
        """One certification a line, as they were typed."""
        return [line for line in self.provider.certifications.split("\n") if line.strip()]

    @property
    def card(self) -> dict[str, Any]:
        """What the card in a list takes."""
        one = self.provider
        return {
            "name": one.name,
            "post_nominals": one.post_nominals,
            "role": one.role,
            "url": one.get_absolute_url(),
            "summary": one.short_biography,
            "photo": self.photo,
            "languages": self.language_names,
            "places": [place.name for place in self.places],
            "practices": self.practices,
            "accepts_new": one.accepts_new_patients,
        }


@until_changed
def shown_profiles() -> list[Profile]:
    """Return every provider whom patients can choose, in the clinic's order: five queries, however many there are."""
    shown = list(Provider.objects.shown())
    _prefetch(shown)
    live = _live_editions(row.guide_id for one in shown for row in one.performed.all())
    return [_profile(one, live) for one in shown]


def providers_saying(words: Sequence[str]) -> list[Provider]:
    """Return those of them whose card says every one of these folded words, or the beginning of a longer one.

    One query, or none where there are no words.
    """
    return [one.provider for one in _cards() if _says(one, words)] if words else []


@dataclass(frozen=True)
class _Card:
    """What a search looks up of a provider: the folded words of their card, and the languages that they speak."""

    provider: Provider
    words: set[str]
    languages: set[str] = field(default_factory=set)


def _says(card: _Card, words: Sequence[str]) -> bool:
    # What a language is called depends on that of the page.
    said = card.words.union(*(words_of(name_of(code)) for code in card.languages))
    return all(any(other.startswith(without_plural(word)) for other in said) for word in words)


# What the list of a search shows of a provider; the rest is on their card too, or puts them in order.
_SEARCHED = ("id", "slug", "name", "post_nominals", "role", "short_biography", "certifications", "position")


@until_changed
def _cards() -> Sequence[_Card]:
    """Return what a search looks up of every provider whom patients can choose, in the clinic's order: one query."""
    shown, nothing = Provider.objects.shown().order_by(), Value("", CharField())
    live = Edition.objects.live().filter(guide=OuterRef("performed__guide")).values("title")[:1]
    title = Coalesce(Subquery(live), "performed__guide__title", output_field=CharField())
    # One after the other: side by side, each language would come with each place and each procedure.
    parts = [
        shown.annotate(language=F("spoken_languages__code"), said=nothing),
        shown.filter(locations__in=Location.objects.shown()).annotate(language=nothing, said=F("locations__name")),
        shown.filter(performed__isnull=False).annotate(language=nothing, said=title),
    ]
    first, *others = (part.values_list(*_SEARCHED, "language", "said") for part in parts)
    found: dict[int, _Card] = {}
    for *values, language, said in first.union(*others, all=True).order_by("position", "name", "id"):
        if values[0] not in found:
            one = Provider.from_db(None, _SEARCHED, values)
            own = f"{one.full_name} {one.role} {one.short_biography} {one.certifications}"
            found[one.pk] = _Card(one, set(words_of(own)))
        found[values[0]].words.update(words_of(said))
        found[values[0]].languages.update([language] if language else [])
    return tuple(found.values())


def profile_of(provider: Provider) -> Profile:
    """Return one provider with all that their page tells: three queries, four where their languages are not there."""
    _prefetch([provider])
    guides = [row.guide_id for row in provider.performed.all()]
    return _profile(provider, _editions_of(guides, provider.account_id))


def profile_of_left(provider: Provider) -> Profile:
    """Return somebody who left, with who else performs what they performed: one query more."""
    _prefetch([provider])
    guides = [row.guide_id for row in provider.performed.all()]
    return _profile(provider, _editions_of(guides, provider.account_id), _performing(guides))


def unsaved_profile(
    provider: Provider,
    *,
    languages: Sequence[str],
    performed: Sequence[PerformedProcedure],
    locations: Iterable[Location],
) -> Profile:
    """Return a provider as the page would show them if these values were saved."""
    live = _editions_of([row.guide_id for row in performed], provider.account_id)
    practices = [_practice(row, live) for row in sorted(performed, key=lambda row: row.guide.title)]
    places = [place for place in locations if place.is_shown]
    guides = {row.guide_id for row in performed}
    return Profile(provider, languages, places, practices, _reviewed(live), _checks(live, guides))


def _prefetch(providers: Sequence[Provider]) -> None:
    """Bring what belongs to these providers: three queries, two where their languages are there."""
    with_codes = all(one.codes is not None for one in providers)
    rows = PerformedProcedure.objects.select_related("guide").order_by("guide__title")
    prefetch_related_objects(
        providers,
        *([] if with_codes else [Prefetch("spoken_languages", SpokenLanguage.objects.order_by("position"))]),
        Prefetch("locations", Location.objects.shown()),
        Prefetch("performed", rows),
    )


def _profile(
    one: Provider,
    live: Mapping[int, Edition],
    others: Mapping[int, tuple[Provider, ...]] | None = None,
) -> Profile:
    return Profile(
        provider=one,
        languages=[row.code for row in one.spoken_languages.all()] if one.codes is None else one.codes,
        places=list(one.locations.all()),
        practices=[_practice(row, live, (others or {}).get(row.guide_id, ())) for row in one.performed.all()],
        reviewed=_reviewed(live),
        checks=_checks(live, {row.guide_id for row in one.performed.all()}),
    )


def _practice(row: PerformedProcedure, live: Mapping[int, Edition], others: tuple[Provider, ...] = ()) -> Practice:
    # What patients read of a guide is its edition; the title of one that is not live yet is all there is.
    edition = live.get(row.guide_id)
    return Practice(
        slug=row.guide.slug,
        title=edition.title if edition else row.guide.title,
        language=edition.language if edition else row.guide.language,
        url=row.guide.get_absolute_url() if edition else "",
        since_year=row.since_year,
        treatments=row.treatments,
        counted_on=row.counted_on,
        others=others,
    )


def _live_editions(guides: Iterable[int]) -> dict[int, Edition]:
    live = Edition.objects.live().filter(guide__in=set(guides)).only("guide_id", "title", "language")
    return {edition.guide_id: edition for edition in live}


def _editions_of(guides: Collection[int], account_id: int | None) -> dict[int, Edition]:
    """Return the live editions of these guides, and those that this account reviewed, by the alphabet: one query.

    Each with its guide, whether it has a self-check, and when the account last reviewed it.
    """
    signed = Review.objects.filter(edition=OuterRef("pk"), made_by=account_id, decision__in=REVIEWED)
    facts = {"has_check": has_check(), "reviewed_at": Subquery(signed.order_by("-id").values("made_at")[:1])}
    wanted = Q(guide__in=set(guides)) | Q(reviewed_at__isnull=False)
    found = Edition.objects.live().select_related("guide").annotate(**facts).filter(wanted).order_by("title", "pk")
    return {one.guide_id: one for one in found.only("guide_id", "title", "language", "guide__slug")}


def _reviewed(live: Mapping[int, Edition]) -> list[ReviewedGuide]:
    reviewed = ((one, getattr(one, "reviewed_at", None)) for one in live.values())
    return [ReviewedGuide(one, made_at) for one, made_at in reviewed if made_at]


def _checks(live: Mapping[int, Edition], guides: Collection[int]) -> list[Edition]:
    return [one for guide_id, one in live.items() if guide_id in guides and getattr(one, "has_check", False)]


def _performing(guides: Sequence[int]) -> dict[int, tuple[Provider, ...]]:
    """Return the shown providers who perform each of these procedures: one query."""
    found: dict[int, tuple[Provider, ...]] = {}
    rows = PerformedProcedure.objects.filter(guide__in=guides, provider__in=Provider.objects.shown())
    for row in rows.select_related("provider").order_by("provider__position", "provider__name"):
        found[row.guide_id] = (*found.get(row.guide_id, ()), row.provider)
    return found


# What a guide's pages show of a provider, and what says whether they do.
_BESIDE_A_GUIDE = (
    *("id", "slug", "name", "post_nominals", "role", "accepts_new_patients"),
    *("position", "visible_until", "account_id"),
)


@until_changed
def _beside_guides() -> Sequence[tuple[Provider, frozenset[int]]]:
    """Return the providers whose pages answer, each with what they perform: one query for the pages of all guides.

    A procedure is its guide in the language that it was written in first.
    """
    procedures = F("performed__guide"), F("performed__guide__translation_of")
    rows = Provider.objects.public().order_by("position", "name", "pk").values_list(*_BESIDE_A_GUIDE, *procedures)
    found: dict[tuple[Any, ...], set[int]] = {}
    for *values, guide, original in rows:
        found.setdefault(tuple(values), set()).add(original or guide)
    return tuple((Provider.from_db(None, _BESIDE_A_GUIDE, of), frozenset(done)) for of, done in found.items())


def performers_of(guide: Guide) -> list[Provider]:
    """Return the shown providers who perform the procedure of a guide, whatever its language: one query."""
    original = guide.translation_of_id or guide.pk
    return [one for one, procedures in _beside_guides() if original in procedures and not one.has_left()]


def pages_of_accounts(accounts: Collection[int]) -> dict[int, str]:
    """Return where the page is of each provider who has one of these accounts: the same query, or none."""
    if not accounts:
        return {}
    named = (one for one, _ in _beside_guides() if one.account_id in accounts)
    return {one.account_id or 0: one.get_absolute_url() for one in named}
