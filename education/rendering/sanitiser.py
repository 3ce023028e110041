"""What may stand in a page's HTML: the allow-list that each rendering passes last."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import nh3
from django.utils.translation import get_language

from education.rendering.widths import ALONE, WITHIN_TEXT
from education.wording import direction_of

_WEB = re.compile(r"https?://[^\s\\/?#]+[^\s\\]*", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s\\@]+@[^\s\\@]+", re.IGNORECASE)
_TELEPHONE = re.compile(r"tel:\+?[0-9().;=a-z-]+", re.IGNORECASE)
_PLACE = re.compile(r"#[^\s\\]+")
_PATH = re.compile(r"/(?:[^\s\\/][^\s\\]*)?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

_ID = re.compile(r"[\w-]+")
_NUMBER = re.compile(r"[0-9]{1,9}")
_FILE_AND_WIDTH = re.compile(r"([^\s,]+) [1-9][0-9]{0,8}w")
_CLASSES = {
    "a": {"term"},
    "div": {
        "care-card care-card-emergency",
        "care-card care-card-urgent",
        "care-card care-card-non-urgent",
        "do-list",
        "dont-list",
        "table-wrap",
        "warning-callout",
    },
    "span": {"image-credit", "visually-hidden"},
    "sup": {"reference"},
    "table": {"stacks"},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}
_VALUES = {
    ("a", "rel"): {"external"},
    ("div", "role"): {"region"},
    ("div", "tabindex"): {"0"},
    ("img", "loading"): {"lazy"},
    ("img", "sizes"): {ALONE, WITHIN_TEXT},
    ("th", "scope"): {"col"},
}
_TAGS = {
    *("a", "blockquote", "br", "dd", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "hr"),
    *("img", "li", "ol", "p", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": set[str](),  # or the library lets each element have a title and a language
    "a": {"class", "href", "id", "rel"},
    "div": {"aria-label", "class", "role", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "img": {"alt", "height", "loading", "sizes", "src", "srcset", "width"},
    "ol": {"start"},
    "span": {"class", "dir", "lang"},
    "sup": {"class"},
    "table": {"class"},
    "td": {"class", "data-label"},
    "th": {"class", "scope"},
}


def is_web_address(href: str) -> bool:
    """Return whether the href is a complete http or https address."""
    if _CONTROL.search(href) or not _WEB.fullmatch(href):
        return False
    try:
        return bool(urlsplit(href).hostname)
    except ValueError:  # such as https://[
        return False


def is_allowed_link(href: str) -> bool:
    """Return whether a page may link there: web, mail, telephone, a path of this site, a place on the page."""
    if _CONTROL.search(href):
        return False
    return is_web_address(href) or any(pattern.fullmatch(href) for pattern in (_MAIL, _TELEPHONE, _PATH, _PLACE))


def is_allowed_image(url: str) -> bool:
    """Return whether an image may come from there: a path of this site or an https address."""
    if _CONTROL.search(url):
        return False
    return bool(_PATH.fullmatch(url)) or (url.startswith("https://") and is_web_address(url))


def is_allowed_choice(files: str) -> bool:
    """Return whether a picture may be chosen from these files, each an allowed address and its width in points."""
    found = [_FILE_AND_WIDTH.fullmatch(one) for one in files.split(", ")]
    return all(one and is_allowed_image(one[1]) for one in found)


def _marks_of_words() -> Mapping[str, str]:
    """Return the only language that a part of a text may say it is in: that of the fixed words."""
    language = get_language()
    return {"lang": language, "dir": direction_of(language)} if language else {}


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        allowed = value in _CLASSES.get(tag, ())
    elif (tag, name) in _VALUES:
        allowed = value in _VALUES[tag, name]
    elif tag == "span" and name in ("dir", "lang"):
        allowed = value == _marks_of_words().get(name)
    elif name == "id":
        allowed = bool(_ID.fullmatch(value))
    elif name == "href":
        allowed = is_allowed_link(value)
    elif name == "src":
        allowed = is_allowed_image(value)
    elif name == "srcset":
        allowed = is_allowed_choice(value)
    elif name in ("height", "start", "width"):
        allowed = bool(_NUMBER.fullmatch(value))
    else:  # alt, aria-label and data-label: any text
        allowed = True
    return value if allowed else None


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)


def sanitised(html: str) -> str:
    """Return the HTML with nothing in it but the tags, attributes and values of the allow-list."""
    return _CLEANER.clean(html)
