"""Leaflets as tests read them: their words, their tags, and what poppler says of them."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

AT = "/guides/cold-therapy/leaflet.pdf"


def fetched(client, path: str = AT, **headers: str) -> bytes:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/pdf"
    return response.content


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes, pages: int | None = None) -> str:
    """Return the words of a leaflet, or of its first pages, on one line, as far as they run from left to right."""
    text = " ".join(page.extract_text() for page in read(pdf).pages[:pages])
    return " ".join(text.replace("\u200b", "").replace("\u2066", "").replace("\u2069", "").split())


def poppler(tool: str, pdf: bytes, *arguments: str) -> str:
    found = shutil.which(tool) or pytest.skip(f"no {tool} found: install poppler-utils")
    command = [found, *arguments, "-", *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode(errors="replace")


def tags(pdf: bytes) -> Iterator[tuple[str, Any]]:
    """Yield each tag of a PDF with its element, in reading order."""

    def walked(element):
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for one in element:
                yield from walked(one)
        elif isinstance(element, dict):
            if "/S" in element:
                yield str(element["/S"]), element
            yield from walked(element.get("/K", []))

    yield from walked(read(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
