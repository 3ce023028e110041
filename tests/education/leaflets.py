"""Leaflets as tests read them: their words, their tags, and what poppler says of them."""

from __future__ import annotations

import io
import os
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
    """Return what a tool of poppler says of a PDF."""
    command = [found(tool), *arguments, "-", *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode(errors="replace")


def found(tool: str) -> str:
    """Return the path of a tool. Without it the test is skipped; with REQUIRE_POPPLER=1 it fails instead."""
    path = shutil.which(tool)
    if path is None and os.environ.get("REQUIRE_POPPLER") == "1":
        pytest.fail(f"REQUIRE_POPPLER=1, and there is no {tool}: install poppler-utils")
    return path or pytest.skip(f"no {tool} found: install poppler-utils")


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
