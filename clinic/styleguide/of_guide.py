"""Made-up guides for the style guide: what a page of a guide shows, and what its record does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.styleguide import made
from clinic.styleguide.labels import LONG, MISSING, RIGHT_TO_LEFT, SHORT
from education.entries import Evidence
from education.forms import CompareForm
from education.reading import GuideGroup
from education.sources import SourceStanding

Examples = Mapping[str, Mapping[str, Any]]

TITLES = ("Overview", "Benefits", "Side effects", "Recovery")
MANY = (*TITLES, "Who should not have it", "Choosing a provider who is trained, insured and near you", *["More"] * 9)
ARABIC_TITLES = ("نظرة عامة", "الفوائد", "الآثار الجانبية")
ARABIC = "قد تشعر بخدر في الجلد لمدة يوم أو يومين."
SHORT_READING = made.reading("Cold therapy", *TITLES)
LONG_READING = made.reading(made.LONG_TITLE, *MANY)
ARABIC_FACTS = {"language": "ar", "written_by": "العيادة", "funding": "دفعت العيادة ثمنه."}
ARABIC_READING = made.reading(made.ARABIC_TITLE, *ARABIC_TITLES, **ARABIC_FACTS)


def _fact(label: str, value: str, *sources: str) -> dict[str, Any]:
    return {"kind": "key-fact", "label": label, "value": value, "headline": True, "sources": list(sources)}


def _benefit(claim: str, evidence: str, finding: str = "", *sources: str) -> dict[str, Any]:
    return {"kind": "benefit", "claim": claim, "evidence": evidence, "finding": finding, "sources": list(sources)}


def _effect(name: str, frequency: str = "", *rest: str) -> dict[str, Any]:
    figure, duration, action = (*rest, "", "", "")[:3]
    texts = {"name": name, "frequency": frequency, "figure": figure, "duration": duration, "action": action}
    return {"kind": "side-effect", **texts, "sources": ["trial"]}


def _reason(condition: str, question: str, advice: str, why: str) -> dict[str, Any]:
    texts = {"condition": condition, "question": question, "advice": advice, "why": why}
    return {"kind": "contraindication", **texts, "sources": ["authority"]}


def _step(start: int, end: int, text: str, ask: bool = False) -> dict[str, Any]:
    return {"kind": "care-step", "from_day": start, "to_day": end, "text": text, "ask_prescriber": ask, "sources": []}


def _question(question: str, answer: str, *sources: str) -> dict[str, Any]:
    return {"kind": "question", "question": question, "answer": answer, "sources": list(sources)}


def _compare(name: str, editions: int, data: Mapping[str, str] | None = None) -> CompareForm:
    choices = [(str(number), f"Edition {number}, from March 3, 2026") for number in range(editions, 0, -1)]
    initial = {"from": str(editions - 1), "to": str(editions)}
    return CompareForm(data, choices=choices, initial=initial, auto_id=f"compare-{name}-%s")


LONG_ITEMS = "\n    - ".join(["the skin near the place gets hot, hard or more painful than on the day before"] * 8)

READING: Mapping[str, Examples] = {
    "breadcrumb": {
        SHORT: {"here": "Cold therapy"},
        "Elsewhere than among the guides": {"top_title": "Providers", "top_url": "#main", "here": "Robin Sample"},
        LONG: {"guide_title": made.LONG_TITLE, "guide_url": "#main", "here": MANY[5]},
        RIGHT_TO_LEFT: {
            "guide_title": made.arabic(made.ARABIC_TITLE),
            "guide_url": "#main",
            "here": made.arabic(ARABIC_TITLES[2]),
        },
        MISSING: {},
    },
    "guide_nav": {
        SHORT: {"reading": SHORT_READING, "page": SHORT_READING.pages[2], "number": 3, "next": SHORT_READING.pages[3]},
        LONG: {"reading": LONG_READING, "page": LONG_READING.pages[5], "number": 6, "next": LONG_READING.pages[4]},
        MISSING: {"reading": SHORT_READING, "page": SHORT_READING.pages[3], "number": 4},
        RIGHT_TO_LEFT: {"reading": ARABIC_READING, "page": ARABIC_READING.pages[0], "number": 1},
    },
    "care_card": {
        "Emergency": {"markdown": '!!! emergency "Call 911 if"\n    - you have trouble breathing\n    - you pass out'},
        "Urgent, long": {
            "markdown": f'!!! urgent "Contact a doctor the same day, at any hour, if"\n    - {LONG_ITEMS}'
        },
        "Not urgent": {"markdown": '!!! non-urgent "Call us if"\n    - a bump stays for longer than 1 week'},
        "In a template, with the telephone of today": {
            **{"level": "non-urgent", "heading_level": 2, "title": "Call us if:", "phone": "(202) 555-0142"},
            "items": ["you have had this treatment and have a question"],
        },
        RIGHT_TO_LEFT: {"markdown": '!!! urgent "اتصل بالطبيب إذا"\n    - انتشر الاحمرار\n    - زاد الألم'},
    },
    "do_list": {
        "Do": {"markdown": "!!! do\n    - wear loose clothes\n    - bring a list of your medicines"},
        "Do not": {"markdown": "!!! dont\n    - do not rub the place\n    - do not put on make-up for 1 day"},
        LONG: {"markdown": f'!!! do "For the first 3 days, whatever anyone else has told you"\n    - {LONG_ITEMS}'},
        RIGHT_TO_LEFT: {"markdown": "!!! do\n    - ارتد ملابس واسعة"},
        MISSING: {"kind": "do", "heading_level": 2, "items": []},
    },
    "warning_callout": {
        SHORT: {"markdown": '!!! warning "Not approved"\n    No injection of this kind is approved for the belly.'},
        LONG: {"markdown": f'!!! warning "{made.LONG_TITLE}"\n    {"The bottle may not hold what it says. " * 8}'},
        RIGHT_TO_LEFT: {"markdown": f'!!! warning "غير معتمد"\n    {ARABIC}'},
    },
    "key_facts": {
        SHORT: {"box": True, "entries": [_fact("What is it?", "Cold on the skin.", "trial"), _fact("Sessions", "1.")]},
        LONG: {
            "box": True,
            "entries": [
                _fact("How long does a whole course take, from the first visit to the last?", "Some weeks. " * 12),
                _fact("Cost", "$300 to $500 a session.", "trial", "authority"),
            ],
        },
        "Without the box": {"entries": [_fact("What is it?", "Cold on the skin.", "trial")]},
        RIGHT_TO_LEFT: {"box": True, "entries": [_fact("ما هو؟", ARABIC, "trial")]},
    },
    "disagreement": {
        SHORT: {"entries": [_fact("Sessions", "3 to 15", "trial"), _fact("Sessions", "6 to 10", "authority")]},
        LONG: {
            "entries": [_fact("Time between sessions", f"{n} weeks, one source says. " * 5, "trial") for n in (2, 4, 8)]
        },
        RIGHT_TO_LEFT: {"entries": [_fact("الجلسات", "3–15", "trial"), _fact("الجلسات", "6–10", "authority")]},
    },
    "evidence": {
        **{str(level.label): {"level": level.value, "label": level.label} for level in Evidence},
        MISSING: {"level": "", "label": "Evidence not stated"},
        RIGHT_TO_LEFT: {"level": "some", "label": made.arabic("بعض الأدلة")},
    },
    "benefits": {
        SHORT: {"entries": [_benefit("Less pain", "some", "In one trial 37 people had less pain.", "trial")]},
        LONG: {"entries": [_benefit(made.LONG_TITLE, "little", "The studies are small. " * 20, "trial", "authority")]},
        MISSING: {"entries": [_benefit("Better sleep", "none-found", "", "trial")]},
        RIGHT_TO_LEFT: {"entries": [_benefit("ألم أقل", "against", ARABIC, "trial")]},
    },
    "side_effects": {
        SHORT: {"entries": [_effect("Bruise", "common", "72 in 100 with one product.", "A few days", "Cool it.")]},
        LONG: {
            "entries": [
                _effect(
                    f"A very long name for it, number {n}",
                    "not-known",
                    "Case reports only. " * 6,
                    "44 days",
                    "Rest. " * 30,
                )
                for n in (1, 2)
            ]
        },
        MISSING: {"entries": [_effect("Redness")]},
        RIGHT_TO_LEFT: {"entries": [_effect("كدمة", "common", ARABIC, "بضعة أيام", "ضع شيئا باردا.")]},
    },
    "contraindications": {
        SHORT: {
            "entries": [
                _reason("Pregnancy", "Are you pregnant?", "do-not-book", "Nobody has tested it."),
                _reason("Blood thinners", "Do you take one?", "tell-us-first", "You may bleed more."),
            ]
        },
        LONG: {
            "entries": [_reason(made.LONG_TITLE, "Is it true? " * 9, "tell-us-first", "It may be worse for you. " * 15)]
        },
        RIGHT_TO_LEFT: {"entries": [_reason("الحمل", "هل أنت حامل؟", "do-not-book", ARABIC)]},
    },
    "timeline": {
        SHORT: {"entries": [_step(-7, -7, "Ask what you want to know."), _step(1, 2, "Rest.")]},
        LONG: {
            "entries": [_step(day, day + 5, "Look at the skin and feel it. " * 12, ask=True) for day in (-30, 0, 60)]
        },
        RIGHT_TO_LEFT: {"entries": [_step(-7, -1, ARABIC, ask=True), _step(0, 0, ARABIC)]},
    },
    "questions": {
        SHORT: {"entries": [_question("Does it hurt?", "It can. Tell us.", "trial")]},
        LONG: {"entries": [_question(f"{made.LONG_TITLE}?", f"{'It depends. ' * 40}\n\n{'Ask us. ' * 20}", "trial")]},
        RIGHT_TO_LEFT: {"entries": [_question("هل يؤلم؟", ARABIC, "trial")]},
    },
    "terms": {
        SHORT: {"terms": [{"key": "sg-1", "term": "lipolysis", "plain_meaning": "Breaking down fat."}]},
        LONG: {"terms": [{"key": "sg-2", "term": made.LONG_TITLE, "plain_meaning": "What it means is long. " * 12}]},
        RIGHT_TO_LEFT: {"terms": [{"key": "sg-3", "term": "خدر", "plain_meaning": ARABIC}]},
    },
    "sources": {
        SHORT: {"sources": [made.source(1, "A trial of cold", year=2020, publisher="Journal of Cold")]},
        LONG: {
            "sources": [
                made.source(
                    22,
                    made.LONG_TITLE,
                    authors="Aa B, Cc D, Ee F, Gg H",
                    year=2018,
                    url="https://example.org/",
                    note="Read as a copy of the original. " * 5,
                    standing=SourceStanding("withdrawn", "Its journal withdrew it.", made.MOMENT, made.MOMENT),
                )
            ]
        },
        MISSING: {"sources": [made.source(3, "A leaflet")]},
        RIGHT_TO_LEFT: {"sources": [made.source(4, made.arabic("تجربة على 37 شخصا"), year=2020)]},
    },
    "reviewed": {
        SHORT: {"reading": SHORT_READING},
        LONG: {"reading": made.reading("Cold therapy", review=made.review(made.LONG_TITLE, "nurse practitioner " * 6))},
        "By somebody with a page of their own": {"reading": SHORT_READING, "reviewer_url": "#main"},
        "By the person who wrote it": {"reading": made.reading("Cold therapy", review=made.review(second=False))},
        "Not reviewed": {"reading": made.reading("Cold therapy", review=None)},
        "A preview": {"reading": made.reading("Cold therapy", edition=None)},
        RIGHT_TO_LEFT: {
            "reading": made.reading(made.ARABIC_TITLE, review=made.review(made.arabic("ليلى"), made.arabic("ممرضة")))
        },
    },
    "pager": {
        SHORT: {"previous": SHORT_READING.pages[1], "next": SHORT_READING.pages[3]},
        LONG: {"previous": LONG_READING.pages[5], "next": LONG_READING.pages[5]},
        "The first page": {"next": SHORT_READING.pages[1]},
        RIGHT_TO_LEFT: {"previous": ARABIC_READING.pages[0], "next": ARABIC_READING.pages[2]},
    },
    "about_guide": {
        SHORT: {"reading": SHORT_READING},
        LONG: {"reading": made.reading(made.LONG_TITLE, funding="We wrote it and we paid for it. " * 9)},
        MISSING: {"reading": made.reading("Cold therapy", written_by="", funding="")},
        RIGHT_TO_LEFT: {"reading": ARABIC_READING},
    },
}

ARCHIVED = "This is the last edition of a guide that we no longer keep up to date."
SUPERSEDED = "This is an earlier edition. Patients do not read it any more."

RECORD: Mapping[str, Examples] = {
    "stamp": {
        SHORT: {"edition": made.edition()},
        LONG: {"edition": made.edition(made.LONG_TITLE, 1204)},
        RIGHT_TO_LEFT: {"edition": made.edition(made.ARABIC_TITLE, language="ar")},
    },
    "leaflet_links": {
        SHORT: {"address": "/guides/cold-therapy/leaflet.pdf"},
        RIGHT_TO_LEFT: {"address": "/guides/cold-ar/leaflet.pdf"},
    },
    "notice": {
        "Live": {"kind": "live", "title": "This is the edition patients read today."},
        "Warning, long": {
            "kind": "warning",
            "title": made.LONG_TITLE,
            "text": "More. " * 30,
            "url": "#main",
            "link": "Why",
        },
        "Withdrawn": {"kind": "withdrawn", "title": "An edition that has been withdrawn is shown here."},
        RIGHT_TO_LEFT: {"kind": "warning", "title": made.arabic("هذه طبعة قديمة."), "text": made.arabic(ARABIC)},
        MISSING: {"kind": "live", "title": "Yes."},
    },
    "superseded": {
        SHORT: {"title": SUPERSEDED, "live": made.edition(number=4), "periods": [made.period(made.MOMENT)]},
        LONG: {
            "title": SUPERSEDED,
            "live": made.edition(number=1204),
            "periods": [made.period(made.MOMENT)] * 5,
            "clinic": made.clinic(phone="(202) 555-0142"),
        },
        MISSING: {"title": SUPERSEDED},
        "Nothing is live": {"title": SUPERSEDED, "clinic": made.clinic(phone="(202) 555-0142")},
        "The guide is archived": {"title": SUPERSEDED, "archiving": made.archiving("We no longer offer it.")},
        RIGHT_TO_LEFT: {"title": made.arabic("هذه طبعة قديمة."), "live": made.edition(made.ARABIC_TITLE, 4)},
    },
    "withdrawn": {
        SHORT: {"withdrawal": made.withdrawal("A source was withdrawn."), "live": made.edition(number=4)},
        LONG: {
            "withdrawal": made.withdrawal("Its main source was. " * 20),
            "clinic": made.clinic(phone="(202) 555-0142"),
        },
        MISSING: {"withdrawal": made.withdrawal("A source was withdrawn.")},
        RIGHT_TO_LEFT: {"withdrawal": made.withdrawal(ARABIC), "live": made.edition(made.ARABIC_TITLE, 4)},
    },
    "archived": {
        SHORT: {"title": ARCHIVED, "archiving": made.archiving("We no longer offer it.")},
        LONG: {
            "title": ARCHIVED,
            "archiving": made.archiving("The product is not made any more. " * 15),
            "periods": [made.period(made.MOMENT)] * 5,
            "clinic": made.clinic(phone="(202) 555-0142"),
        },
        MISSING: {"title": ARCHIVED, "archiving": made.archiving("We no longer offer it.")},
        RIGHT_TO_LEFT: {"title": made.arabic("هذا الدليل قديم."), "archiving": made.archiving(ARABIC)},
    },
    "compare": {
        SHORT: {"url": "#main", "form": _compare("short", 3)},
        LONG: {"url": "#main", "form": _compare("long", 200)},
        "With what was refused": {"url": "#main", "form": _compare("refused", 3, {"from": "2", "to": "2"})},
        RIGHT_TO_LEFT: {"url": "#main", "form": _compare("mirrored", 3)},
    },
    "source_notice": {
        "Withdrawn": {
            "doubtful": [made.source(22, "A trial", standing=SourceStanding("withdrawn", "Gone.", made.MOMENT))]
        },
        LONG: {
            "doubtful": [
                made.source(22, "A trial", standing=SourceStanding("superseded", "Older.", made.MOMENT))
                for _ in range(4)
            ]
        },
        RIGHT_TO_LEFT: {"doubtful": [made.source(22, "تجربة", standing=SourceStanding("withdrawn", "", made.MOMENT))]},
    },
    "guide_list": {
        SHORT: {
            "level": 2,
            "groups": [GuideGroup("procedure", "Treatments", (made.edition(summary="Cold on the skin. And more."),))],
        },
        LONG: {
            "level": 2,
            "whole_summary": True,
            "groups": [
                GuideGroup("procedure", "Treatments", (made.edition(made.LONG_TITLE, summary="What it is. " * 20),)),
                GuideGroup(
                    "advice", "Before you decide", (made.edition("Is it for you?"), made.edition("Is it safe?"))
                ),
            ],
        },
        RIGHT_TO_LEFT: {
            "level": 2,
            "groups": [
                GuideGroup(
                    "procedure",
                    made.arabic("العلاجات"),
                    (made.edition(made.ARABIC_TITLE, language="ar", summary=ARABIC),),
                )
            ],
        },
        MISSING: {"level": 2, "groups": [GuideGroup("advice", "Before you decide", (made.edition("Is it for you?"),))]},
    },
}
