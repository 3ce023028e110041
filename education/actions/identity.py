"""Which work a source is: its DOI, its PubMed number and its address, and the other sources that are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.db.models import Q, QuerySet

from education.canonical import canonical_text
from education.models import Source

_DOI = re.compile(
    r"(?:(?P<web>https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)?(?P<bare>10\..*)", re.IGNORECASE | re.DOTALL
)
_PMID = re.compile(
    r"(?:(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?\s*)?([0-9]+)/?",
    re.IGNORECASE,
)
# What a source is told apart by, a field each, and how people call it.
KINDS = {"doi": "DOI", "pmid": "PubMed number", "url": "web address"}


def bare_doi(text: str) -> str:
    """Return the DOI in what people paste, an address or “doi:…”; another text as it is."""
    found = _DOI.fullmatch(text.strip())
    if found is None:
        return text
    # A sentence's end comes along when a citation is copied; no DOI ends so. An address has some signs encoded.
    bare = found["bare"].rstrip(".,;")
    return unquote(bare) if found["web"] else bare


def bare_pmid(text: str) -> str:
    """Return the PubMed number in what people paste, an address or “PMID: …”; another text as it is."""
    found = _PMID.fullmatch(text.strip())
    return found[1] if found else text


def identifiers(source: Source) -> dict[str, str]:
    """Return the field of each thing that tells a source apart, by that thing as it is compared.

    An address that is a DOI's or PubMed's counts as that number. One without a path names a site and no work.
    """
    found: dict[str, str] = {}
    if address := _address(source.url):
        found[_number_of_address(source.url) or f"url {address}"] = "url"
    if pmid := canonical_text(source.pmid):
        found[_pmid(pmid)] = "pmid"
    if doi := canonical_text(source.doi):
        found[_doi(doi)] = "doi"
    return found


def _doi(doi: str) -> str:
    return f"doi {doi.rstrip('/').lower()}"


def _pmid(pmid: str) -> str:
    return f"pmid {pmid.lstrip('0')}"


def _number_of_address(url: str) -> str:
    """Return the DOI or PubMed number that an address leads to, as it is compared; else an empty text."""
    # What follows these signs is not the number's: a place on the page, or where somebody came from.
    plain = re.split(r"[?#]", canonical_text(url), maxsplit=1)[0]
    if (doi := bare_doi(plain)) != plain:
        return _doi(doi)
    if (pmid := bare_pmid(plain)) != plain:
        return _pmid(pmid)
    return ""


def _address(url: str) -> str:
    """Return an address as it is compared, or an empty text for one that names no single work."""
    url = canonical_text(url)
    try:
        parts = urlsplit(url)
    except ValueError:  # such as https://[
        return url
    path = parts.path.rstrip("/")
    if not (path or parts.query or parts.fragment):
        return ""
    return parts._replace(netloc=parts.netloc.lower(), path=path).geturl()


def twins(source: Source) -> Iterator[tuple[str, str, Source]]:
    """Yield what other sources share with this one, saved or not: a kind of identifier, this one's field, the other."""
    mine = identifiers(source)
    for other in Source.objects.filter(_near(mine)).exclude(pk=source.pk) if mine else ():
        theirs = identifiers(other)
        for shared, name in mine.items():
            if shared in theirs:
                yield shared.split(" ", 1)[0], name, other


def _near(mine: dict[str, str]) -> Q:
    """Return a condition that lets all twins through, and few others: whether they are is read from their values."""
    near = Q()
    for one in mine:
        kind, value = one.split(" ", 1)
        if kind == "doi":
            near |= Q(doi__istartswith=value) | Q(url__icontains="doi.org/")
        elif kind == "pmid":
            near |= Q(pmid__endswith=value) | Q(url__icontains="ncbi.nlm.nih.gov/")
        else:
            # Behind the host an address is compared as it is, but for a slash at the end of its path.
            near |= Q(url__icontains=re.split(r"[/?#]", value.partition("//")[2] or value, maxsplit=1)[0])
    return near


def perhaps_same(source: Source) -> QuerySet[Source]:
    """Return the sources that may be the same as this one, saved or not: the same number, address or title."""
    alike = Q(pk__in={other.pk for _, _, other in twins(source)})
    for name in ("title", "url"):
        if value := getattr(source, name):
            alike |= Q(**{f"{name}__iexact": value})
    return Source.objects.filter(alike).exclude(pk=source.pk)


def why_taken(source: Source) -> dict[str, str]:
    """Return why a source, saved or not, cannot stand beside another one, in words by field; nothing where it can.

    What a saved source has already is not asked about again: a small correction must stay possible.
    """
    before = Source.objects.filter(pk=source.pk).first() if source.pk else None
    wrong: dict[str, str] = {}
    for kind, name, other in twins(source):
        if before is None or _differs(before, source, name):
            wrong[name] = (
                f"The source “{other.key}” has this {KINDS[kind]} already: {other.title}. "
                f"Cite that one, or correct the {'address' if name == 'url' else 'number'}."
            )
    return wrong


def may_be_another(before: Source, after: Source) -> bool:
    """Return whether title, DOI, PubMed number or address changed: then what was checked may be another work."""
    return any(_differs(before, after, name) for name in ("title", *KINDS))


def _differs(before: Source, after: Source, name: str) -> bool:
    old, new = (canonical_text(getattr(row, name)) for row in (before, after))
    if name == "url":
        return (_address(old) or old) != (_address(new) or new)
    return old.casefold() != new.casefold()
