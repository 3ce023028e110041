"""What the fixtures are made of: an edition, its pages, sources and terms that no database knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.history import LivePeriod
from education.models import Archiving, Edition, Guide, Review, Withdrawal
from education.reading import Reading, ReadingPage
from education.rendering import Library
from education.sources import SourceStanding

MOMENT = datetime(2026, 3, 3, 15, 30, tzinfo=UTC)
LONG_TITLE = "Deoxycholic acid injections for the fullness under the chin, with or without a second treatment"
ARABIC_TITLE = "حقن الميزوثيرابي"
LIBRARY = Library(
    {"trial": "A trial of 37 people", "authority": "A warning by the authority for medicines"},
    {"lipolysis": "Breaking down fat"},
    {},
)


def arabic(words: str) -> SafeString:
    """Return Arabic words of a value that a component takes as they are, saying in which language they are."""
    return format_html('<bdi lang="ar" dir="rtl">{}</bdi>', words)


def edition(title: str = "Cold therapy", number: int = 3, **facts: Any) -> Edition:
    """Return an edition that is not saved, of a guide that is not either."""
    return Edition(
        guide=Guide(slug="example", title=title, kind=facts.pop("kind", Guide.Kind.PROCEDURE)),
        number=number,
        code="k7mq2xab",
        title=title,
        language=facts.pop("language", "en"),
        what_changed=facts.pop("what_changed", "Numbness can last two days, not one."),
        content_hash="3f9a" * 16,
        chain_hash="c04e" * 16,
        made_at=MOMENT,
        made_by_name=facts.pop("made_by_name", "Erin Example"),
        made_by_role=facts.pop("made_by_role", "patient information editor"),
        **facts,
    )


def review(name: str = "Robin Sample", role: str = "nurse practitioner", second: bool = True) -> Review:
    return Review(
        decision=Review.Decision.APPROVED,
        made_at=MOMENT,
        made_by_name=name,
        made_by_role=role,
        by_second_person=second,
        next_review_due=date(2027, 3, 3),
    )


def withdrawal(reason: str) -> Withdrawal:
    return Withdrawal(reason=reason, made_at=MOMENT, made_by_name="Robin Sample", made_by_role="nurse practitioner")


def archiving(reason: str) -> Archiving:
    return Archiving(reason=reason, made_at=MOMENT, made_by_name="Robin Sample", made_by_role="nurse practitioner")


def pages(*titles: str) -> tuple[ReadingPage, ...]:
    return tuple(ReadingPage("other", f"page-{n}", title, "#main") for n, title in enumerate(titles, start=1))


def reading(title: str, *titles: str, **facts: Any) -> Reading:
    """Return a guide as it is read, with pages of these titles."""
    return Reading(
        **{
            "guide_slug": "example",
            "title": title,
            "summary": "",
            "language": "en",
            "written_by": "The clinic",
            "funding": "Written and paid for by the clinic that offers this treatment.",
            "pages": pages(*titles),
            "sources": (),
            "terms": (),
            "edition": edition(title),
            "review": review(),
            **facts,
        }
    )


def source(number: int, title: str, **facts: Any) -> dict[str, Any]:
    """Return a source as pages show it."""
    return {
        **{"key": f"made-{number}", "number": number, "title": title, "authors": "", "publisher": "", "year": None},
        **{"url": "", "doi": "", "pmid": "", "note": "", "strength_label": "trial", "back": []},
        **{"standing": SourceStanding(), **facts},
    }


def period(end: datetime | None = None) -> LivePeriod:
    return LivePeriod(edition(), MOMENT, end, False)


def provider(name: str, role: str, letters: str = "") -> SimpleNamespace:
    """Return a provider as lists of names show one."""
    return SimpleNamespace(name=name, role=role, post_nominals=letters, get_absolute_url="#main")


def practice(title: str, **facts: Any) -> dict[str, Any]:
    """Return a procedure that a provider performs."""
    return {"title": title, "language": "en", "url": "#main", **facts}


def clinic(**facts: Any) -> SimpleNamespace:
    """Return the clinic's facts as components read them."""
    return SimpleNamespace(**{"name": "Harbor Lane Clinic", "phone": "", "email": "", "emergency_text": "", **facts})


def found(title: str, count: int, *, more: int = 0, bare: bool = False, language: str = "en") -> dict[str, Any]:
    """Return what a search found in one guide."""
    in_english = ("Bruises", "… A <mark>{}</mark> can make your skin darker for a week …", "bruise", "Side effects")
    in_arabic = ("كدمات", "… قد تجعل <mark>{}</mark> البشرة أغمق …", "كدمة", "الآثار الجانبية")
    name, snippet, word, page = in_arabic if language == "ar" else in_english
    place = {
        "url": "#main",
        "title": format_html("<mark>{}</mark>", name),
        "snippet": "" if bare else format_html(snippet, word),
        "kind_label": "Side effect",
        "page_title": "" if bare else page,
    }
    facts = {"title": title, "language": language, "url": "#main", "more": more, "more_url": "#main"}
    return {**facts, "places": [place] * count}
