"""A made-up clinic for the style guide: what stands around every page, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.models import InformationPage
from clinic.styleguide import made
from clinic.styleguide.form import WRONG, ExampleForm
from clinic.styleguide.labels import LONG, MISSING, RIGHT_TO_LEFT, SHORT

Examples = Mapping[str, Mapping[str, Any]]

LONG_NAME = "The Northern Harbor and River Valley Center for Skin, Vein and Laser Medicine"
ARABIC_NAME = made.arabic("عيادة الميناء")
PHONE = "(202) 555-0142"
PHOTO = {"url": "/apple-touch-icon.png", "width": 128, "height": 128, "alternative_text": "A drawing of a leaf"}
LOGO = {**PHOTO, "width": 48, "height": 48}

AROUND: Mapping[str, Examples] = {
    "masthead": {
        SHORT: {"clinic": made.clinic()},
        LONG: {"clinic": made.clinic(name=LONG_NAME)},
        "With a logo, on the page about the clinic": {
            "clinic": made.clinic(logo=LOGO),
            "about": InformationPage(slug="about"),
            "view": "clinic:about",
        },
        MISSING: {"clinic": made.clinic(name="")},
        RIGHT_TO_LEFT: {"clinic": made.clinic(name=ARABIC_NAME)},
    },
    "clinic_notice": {
        SHORT: {"notice": "Closed on December 24."},
        LONG: {"notice": "We are moving to another street. " * 10},
        RIGHT_TO_LEFT: {"notice": "Closed on December 24."},
    },
    "contact": {
        SHORT: {"clinic": made.clinic(phone=PHONE)},
        LONG: {
            "clinic": made.clinic(
                phone="+1 (202) 555-0142 x 1234",
                email="the.people.at.the.front.desk@northern-harbor-center.example",
                emergency_text="If it is an emergency, call 911 and do not wait for us. " * 3,
            )
        },
        MISSING: {"clinic": made.clinic(emergency_text="Call 911.")},
        RIGHT_TO_LEFT: {
            "clinic": made.clinic(phone=PHONE, email="hello@harborlane.example", emergency_text="Call 911.")
        },
    },
}

REFUSED = ExampleForm(WRONG, auto_id="refused-%s")
DRAWN = {"field_template": "plainleaf/field.html"}

FORMS: Mapping[str, Examples] = {
    "error_summary": {
        "Long: every field is wrong": {"form": REFUSED},
        RIGHT_TO_LEFT: {"form": REFUSED, "anchor": "problem-mirrored"},
    },
    "plainleaf/uni_form": {
        "Long: every field, as it comes back": {"form": REFUSED, **DRAWN},
        MISSING: {"form": ExampleForm(auto_id="empty-%s"), **DRAWN},
        RIGHT_TO_LEFT: {"form": ExampleForm(auto_id="mirrored-%s"), **DRAWN},
    },
}
