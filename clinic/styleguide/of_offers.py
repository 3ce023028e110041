"""What the made-up clinic of the style guide offers: people, places, hours and prices; and what lists need."""

from __future__ import annotations

from collections.abc import Mapping

from clinic.styleguide import made
from clinic.styleguide.labels import LONG, MISSING, RIGHT_TO_LEFT, SHORT
from clinic.styleguide.of_clinic import ARABIC_NAME, LONG_NAME, PHONE, PHOTO, Examples
from education.sources import SourceStanding

COUNTED = {"since_year": 2015, "treatments": 1400, "counted_on": made.MOMENT}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ARABIC_WEEK = tuple(made.arabic(day) for day in ("الاثنين", "الثلاثاء", "الأربعاء"))

PRICE = {
    "what": "Thighs",
    "price": "$300 to $500",
    "unit": "a session",
    "course": "$1,800 to $5,000",
    "course_how": "6 to 10 sessions × $300 to $500",
    "upkeep": "$600 to $2,000",
    "upkeep_how": "2 to 4 sessions × $300 to $500",
}
STEPS = (
    {"name": "The whole course", "how": "6 to 10 sessions × $300 to $500", "amount": "$1,800 to $5,000"},
    {"name": "Keeping the result for 1 year", "how": "2 to 4 sessions × $300 to $500", "amount": "$600 to $2,000"},
)
ESTIMATE = "This is not a good faith estimate. If you pay yourself, you may ask for one in writing before you book."

OFFERED: Mapping[str, Examples] = {
    "provider_card": {
        SHORT: {
            "heading_level": 3,
            "provider": {
                **{"name": "Dr. Example", "post_nominals": "MD", "role": "Dermatologist", "url": "#main"},
                **{"summary": "Sees people with skin and hair problems.", "photo": PHOTO, "accepts_new": True},
                **{"languages": ["English", "Spanish"], "places": ["Harbor Lane"], "licence": "State board, MD-00000"},
                **{"practices": [made.practice("Mesotherapy"), made.practice("Peeling")]},
            },
        },
        LONG: {
            "heading_level": 3,
            "provider": {
                **{"name": "Maximiliana-Theodora Invented-Longlastname", "post_nominals": "MD, PhD, FAAD, FACMS"},
                **{"role": "Chief of dermatologic surgery and of the skin laboratory", "accepts_new": False},
                **{
                    "summary": "Has worked here for many years. " * 9,
                    "languages": ["English"] * 9,
                    "places": [LONG_NAME] * 2,
                },
            },
        },
        MISSING: {"heading_level": 3, "provider": {"name": "Sam Sample", "role": "Nurse", "accepts_new": None}},
        RIGHT_TO_LEFT: {
            "heading_level": 3,
            "provider": {
                "name": made.arabic("د. ليلى"),
                "role": made.arabic("طبيبة جلدية"),
                "photo": PHOTO,
                "languages": [made.arabic("العربية")],
                "accepts_new": True,
            },
        },
    },
    "photo": {
        SHORT: {"photo": {**PHOTO, "srcset": "/apple-touch-icon.png 180w", "focal_point": "top"}, "sizes": "8rem"},
        LONG: {"photo": {**PHOTO, "alternative_text": "A drawing of a leaf that goes on and on " * 3}},
        MISSING: {"photo": PHOTO},
        RIGHT_TO_LEFT: {"photo": {**PHOTO, "focal_point": "left"}},
    },
    "practice": {
        SHORT: {"practices": [made.practice("Mesotherapy", **COUNTED), made.practice("Peeling", since_year=2019)]},
        LONG: {"practices": [made.practice(made.LONG_TITLE, **COUNTED)] * 3},
        MISSING: {"practices": [made.practice("Mesotherapy", url="")]},
        RIGHT_TO_LEFT: {"practices": [made.practice(made.ARABIC_TITLE, **{**COUNTED, "language": "ar"})]},
    },
    "reviewed_guides": {
        SHORT: {"reviewed": [{"edition": made.edition(), "made_at": made.review().made_at}]},
        LONG: {"reviewed": [{"edition": made.edition(made.LONG_TITLE), "made_at": made.review().made_at}] * 3},
        RIGHT_TO_LEFT: {
            "reviewed": [{"edition": made.edition(made.ARABIC_TITLE, language="ar"), "made_at": made.review().made_at}]
        },
    },
    "performers": {
        SHORT: {
            "clinic": made.clinic(),
            "performers": {"guide_slug": "example", "providers": [made.provider("Robin Sample", "nurse", "NP")]},
            "anchor": "performers-short",
        },
        LONG: {
            "clinic": made.clinic(name=LONG_NAME),
            "performers": {
                "guide_slug": "example",
                "providers": [made.provider("Maximiliana-Theodora Invented-Longlastname", "doctor " * 9, "MD")] * 4,
                "are_more": True,
            },
            "anchor": "performers-long",
        },
        MISSING: {
            "clinic": made.clinic(),
            "performers": {"guide_slug": "example", "providers": []},
            "anchor": "performers-missing",
        },
        RIGHT_TO_LEFT: {
            "clinic": made.clinic(name=ARABIC_NAME),
            "performers": {
                "guide_slug": "example",
                "providers": [made.provider(made.arabic("د. ليلى"), made.arabic("طبيبة جلدية"))],
            },
            "anchor": "performers-mirrored",
        },
    },
    "hours": {
        SHORT: {
            **{"heading_level": 3, "title": "Harbor Lane", "status": "Open now, until 5 p.m."},
            "days": [
                {
                    "name": day,
                    "times": ["9 a.m. to 12:30 p.m.", "1:30 to 5 p.m."] if day != "Sunday" else [],
                    "today": day == "Friday",
                }
                for day in WEEK
            ],
            "exceptions": [
                {"name": "Thursday, December 24", "times": [], "reason": "Christmas"},
                {"name": "Thursday, December 31", "times": ["9 a.m. to noon"]},
            ],
        },
        LONG: {
            **{"heading_level": 3, "title": LONG_NAME, "status": "Closed now, opens on Monday. " * 3},
            "days": [{"name": day, "times": ["8:30 a.m. to 12:15 p.m., by appointment alone"] * 3} for day in WEEK],
            "exceptions": [{"name": day, "reason": "The week after Thanksgiving, " * 3, "times": []} for day in WEEK],
            "zone": "America/Argentina/ComodRivadavia",
        },
        MISSING: {"heading_level": 3, "title": "River Street", "days": [{"name": day, "times": []} for day in WEEK]},
        RIGHT_TO_LEFT: {
            **{"heading_level": 3, "title": made.arabic("ساعات العمل")},
            "days": [{"name": day, "times": ["9:00–17:00"], "today": day == ARABIC_WEEK[1]} for day in ARABIC_WEEK],
        },
    },
    "place": {
        SHORT: {
            "heading_level": 3,
            "place": {
                "location": {
                    **{"anchor": "place-1", "name": "Harbor Lane", "phone": PHONE},
                    **{"postal_address": "12 Harbor Lane\nExampleton, EX 00000", "directions": "Take bus 4."},
                    "access_note": "Two parking spaces are behind the house.",
                },
                "map_url": "geo:0,0?q=12%20Harbor%20Lane",
                "near": [{"name": "Closed on Thursday, December 24", "reason": "Christmas"}],
                "access": [("Step-free way in", "Yes"), ("Parking", "In part"), ("Hearing loop", "No")],
                "timetable": {
                    "status": "Open now, until 5 p.m.",
                    "days": [{"name": day, "times": ["9 a.m. to 5 p.m."]} for day in WEEK],
                },
            },
        },
        LONG: {
            "heading_level": 3,
            "place": {
                "location": {
                    **{"anchor": "place-2", "name": LONG_NAME, "phone": "+1 (202) 555-0142 x 1234"},
                    "postal_address": f"{LONG_NAME}\n1234 Street-of-the-very-long-name, floor 12\nExampleton",
                    **{"directions": "Take the bus, and then another one. " * 9, "access_note": "Ring twice. " * 20},
                },
                **{"map_url": "geo:0,0", "access": [("Step-free way in", "In part")]},
                "near": [
                    {"name": f"Other hours on {day}", "reason": "The water is being repaired. " * 3} for day in WEEK
                ],
            },
        },
        MISSING: {
            "heading_level": 3,
            "place": {
                "location": {"anchor": "place-3", "name": "River Street", "postal_address": "1 River Street"},
                "map_url": "geo:38.8977,-77.0365",
            },
        },
        RIGHT_TO_LEFT: {
            "heading_level": 3,
            "place": {
                "location": {
                    **{"anchor": "place-4", "name": made.arabic("شارع الميناء"), "phone": PHONE},
                    "postal_address": made.arabic("١٢ شارع الميناء"),
                },
                "map_url": "geo:38.8977,-77.0365",
                "access": [(made.arabic("مواقف"), made.arabic("لا"))],
                "timetable": {
                    "status": made.arabic("مفتوح الآن"),
                    "days": [{"name": day, "times": ["9:00–17:00"]} for day in ARABIC_WEEK],
                },
            },
        },
    },
    "price_table": {
        SHORT: {"caption": "Mesotherapy", "rows": [PRICE, {**PRICE, "what": "Scalp"}], "note": ESTIMATE},
        LONG: {
            "caption": made.LONG_TITLE,
            "computed": True,
            "rows": [
                {
                    **{**PRICE, "what": LONG_NAME, "location": LONG_NAME, "note": "Ask us about dates. " * 9},
                    **{"included": "Numbing cream and a visit after. " * 4, "not_included": "Your medicines. " * 4},
                    "source": {
                        **{"title": made.LONG_TITLE, "facts": "Journal of Cold, 2020", "url": "#main"},
                        "standing": SourceStanding("withdrawn", "The journal took it back.", made.MOMENT),
                    },
                }
            ],
            "note": ESTIMATE * 4,
        },
        MISSING: {"caption": "Peeling", "rows": [{"what": "Hands", "price": "$120", "unit": "a session"}]},
        "Nothing but a first talk": {
            "caption": "Before you decide",
            "once": True,
            "rows": [{"what": "First talk", "price": "$80", "unit": "a consultation"}],
        },
        RIGHT_TO_LEFT: {
            "caption": made.arabic(made.ARABIC_TITLE),
            "rows": [{**PRICE, "what": made.arabic("الفخذان"), "unit": made.arabic("للجلسة")}],
        },
    },
    "price_breakdown": {
        SHORT: {"row": PRICE, "steps": STEPS, "total": "$2,400 to $7,000", "note": ESTIMATE},
        LONG: {
            "row": {
                **{**PRICE, "what": LONG_NAME, "location": LONG_NAME, "note": "Ask us about dates. " * 9},
                **{"included": "Numbing cream and a visit after. " * 4, "not_included": "Your medicines. " * 4},
            },
            **{"steps": [{**step, "how": step["how"] * 3} for step in STEPS], "total": "KWD 123,456,789.125"},
            "remarks": ["You asked for another number than the one stated here: 6 to 10 sessions."] * 2,
        },
        MISSING: {
            "row": {"what": "Hands", "price": "$120", "unit": "a session"},
            "steps": [{"name": "The whole course", "how": "How many sessions a course has is not stated."}],
        },
        RIGHT_TO_LEFT: {
            "row": {**PRICE, "what": made.arabic("الفخذان"), "unit": made.arabic("للجلسة")},
            "steps": [{**step, "name": made.arabic("الدورة كاملة")} for step in STEPS],
            "total": "$2,400",
        },
    },
    "search_box": {
        SHORT: {"action": "#main", "name": "q", "label": "Search the guides", "id": "search-1", "value": ""},
        LONG: {
            "action": "#main",
            "name": "q",
            "label": "Search the guides",
            "id": "search-2",
            "value": "what if it hurts " * 6,
        },
        RIGHT_TO_LEFT: {"action": "#main", "name": "q", "label": made.arabic("ابحث"), "id": "search-3", "value": "ألم"},
        MISSING: {"action": "#main", "name": "q", "label": "Search", "id": "search-4"},
    },
    "found_in_guide": {
        SHORT: {"group": made.found("Mesotherapy", 2), "level": 3},
        LONG: {"group": made.found(LONG_NAME, 4, more=38), "level": 3},
        MISSING: {"group": made.found("Mesotherapy", 1, bare=True), "level": 3},
        RIGHT_TO_LEFT: {"group": made.found("العلاج بالبرودة", 2, language="ar"), "level": 3},
    },
    "pagination": {
        "In the middle": {"label": "Results", "number": 2, "count": 9, "previous_url": "#main", "next_url": "#main"},
        LONG: {"label": "More", "number": 12345, "count": 98765, "previous_url": "#main", "next_url": "#main"},
        MISSING: {"label": "Everything", "number": 1, "count": 1},
        "The last page": {"label": "The end of the results", "number": 9, "count": 9, "previous_url": "#main"},
        RIGHT_TO_LEFT: {"label": "النتائج", "number": 2, "count": 9, "previous_url": "#main", "next_url": "#main"},
    },
    "no_guides": {
        SHORT: {"clinic": made.clinic(phone=PHONE, emergency_text="Call 911.")},
        MISSING: {"clinic": made.clinic()},
        RIGHT_TO_LEFT: {"clinic": made.clinic(phone=PHONE)},
    },
    "empty": {
        MISSING: {"text": "There is no guide to read here now."},
        LONG: {"text": "There is nothing to read here yet. " * 9, "url": "#main", "link": LONG_NAME},
        "With a way on": {"text": "Nothing was found for “brusing”.", "url": "#main", "link": "All guides"},
        RIGHT_TO_LEFT: {"text": made.arabic("لا يوجد دليل هنا الآن.")},
    },
}
