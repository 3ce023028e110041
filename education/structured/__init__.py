"""Facts for machines inside a page, as JSON-LD in the words of schema.org: what the page says, and no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

# Inside a script element no browser may find its end, or a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def moment(value: datetime) -> str:
    """Return a moment in the site's time zone, to the second, as RFC 3339 and W3C dates want it."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def script(facts: Mapping[str, Any]) -> SafeString:
    """Return a script element that holds these facts; no browser runs one of this type."""
    known = {name: value for name, value in facts.items() if value not in (None, "", [], {})}
    text = json.dumps({"@context": "https://schema.org", **known}, ensure_ascii=False, separators=(",", ":"))
    # Safe: nothing that could end the element is left in the text.
    return mark_safe(f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>')
