"""The sample clinic: read from `sample/`, and taken through the same steps as any clinic's work."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from clinic import actions
from clinic.models import Clinic, InformationPage, User
from clinic.sample import places, prices, providers, synonyms
from education import actions as education
from education.actions.importing import WouldChange
from education.guide_files import LIBRARY_FILE, Key, MalformedFile, read_page
from education.models import Guide
from education.rules import EDITORS, FRONT_DESK, REVIEWERS

STAFF = (
    ("editor", "Erin", "Example", "patient information editor (made up)", EDITORS),
    ("reviewer", "Robin", "Sample", "nurse practitioner (made up)", REVIEWERS),
    ("frontdesk", "Frankie", "Fiction", "front desk (made up)", FRONT_DESK),
    ("owner", "Olive", "Invented", "owner (made up)", None),
)
INFORMATION = {"slug": Key(str, True, (), 80), "title": Key(str, True, (), 120)}


@transaction.atomic
def load(folder: Path, *, password: str, say: Callable[[str], None]) -> None:
    """Make the sample's staff, clinic, information pages and guides; each guide is submitted, approved, published.

    All of it or nothing, so that a start that was interrupted can simply be repeated. Raises MalformedFile.
    """
    staff = {name: _account(name, *facts, password=password) for name, *facts in STAFF}
    facts = tomllib.loads((folder / "clinic.toml").read_text(encoding="utf-8"))["clinic"]
    actions.save_clinic(Clinic(**facts), by=staff["owner"])
    for position, path in enumerate(sorted((folder / "information").glob("*.md"))):
        page = read_page(path, INFORMATION)
        row = InformationPage(**page.front.values, markdown=page.markdown, position=position)
        actions.save_information_page(row, by=staff["owner"])
    folders = sorted(path.parent for path in (folder / "guides").glob("*/guide.toml"))
    for number, guide_folder in enumerate(folders, start=1):
        say(f"Making the sample clinic: guide {number} of {len(folders)}, {guide_folder.name} …")
        make_guide(guide_folder, staff)
    places.load(folder, by=staff["owner"])
    providers.load(folder, staff)
    prices.load(folder, by=staff["owner"])
    synonyms.load(folder, by=staff["editor"])


def make_guide(folder: Path, staff: dict[str, User]) -> None:
    """Import a guide and take it live. Raises MalformedFile, also for what the report or the library stops."""
    try:
        publish(education.import_guide(folder, by=staff["editor"]).guide, staff)
    except WouldChange as refusal:
        expected = f"expected what another guide of the sample says: {'; '.join(refusal.changes.lines())}"
        raise MalformedFile(folder / LIBRARY_FILE, 1, expected) from refusal
    except education.Blocked as refusal:
        missing = "; ".join(f"{finding.key}: {finding.message}" for finding in refusal.missing)
        raise MalformedFile(folder, 1, f"the report stops this guide: {missing}") from refusal


def publish(guide: Guide, staff: dict[str, User]) -> None:
    """Take a guide from working copy to live, each step by the person whose step it is."""
    edition = education.submit(
        guide, by=staff["editor"], what_changed="The first edition of this guide.", reasons=guide.reasons
    )
    education.approve(edition, by=staff["reviewer"], judged=edition.content_hash)
    education.publish(edition, by=staff["editor"])


def _account(username: str, first: str, last: str, title: str, group: str | None, *, password: str) -> User:
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        job_title=title,
        email=f"{username}@harborlane.example",
        is_superuser=group is None,
    )
    user.set_password(password)
    return actions.make_sample_account(user, [group] if group else [])
