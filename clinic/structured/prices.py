"""A procedure with what the clinic asks for it today."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from clinic.models import Price
from clinic.money import plain
from education.structured import script
from education.structured.guide import procedure_id

# How often something is asked for, in the words that pages use too.
UNITS = {Price.Unit.SESSION: "session", Price.Unit.COURSE: "course", Price.Unit.CONSULTATION: "consultation"}


def procedure_with_offers(title: str, url: str, prices: Iterable[Price]) -> SafeString:
    """Return the script element of a procedure with its prices. `url` is a path; nothing where it has no page.

    A procedure with a guide is the one that its guide describes: it has the same `@id` there.
    Sums of a course are left out: they are no offer.
    """
    return script(
        {
            "@type": "MedicalProcedure",
            "@id": procedure_id(url) if url else "",
            "name": title,
            "url": settings.SITE_URL + (url or reverse("clinic:prices")),
            "offers": [_offer(price) for price in prices],
        }
    )


def _offer(price: Price) -> dict[str, Any]:
    low, high = plain(price.amount_from), plain(price.amount_to)
    asked = {"price": low} if low == high else {"minPrice": low, "maxPrice": high}
    specification: dict[str, Any] = {
        "@type": "UnitPriceSpecification",
        **asked,
        "priceCurrency": price.currency,
        "unitText": UNITS[Price.Unit(price.unit)],
        "validFrom": price.valid_from.isoformat(),
    }
    if price.sessions_in_course:
        specification["unitText"] = f"course of {price.sessions_in_course}"
    if price.last_day:
        specification["validThrough"] = price.last_day.isoformat()
    offer: dict[str, Any] = {
        "@type": "Offer",
        "name": price.what,
        "priceCurrency": price.currency,
        "validFrom": price.valid_from.isoformat(),
        "priceSpecification": specification,
    }
    if low == high:
        offer["price"] = low
    if price.location:
        offer["availableAtOrFrom"] = {"@type": "Place", "name": price.location.name}
    return offer
