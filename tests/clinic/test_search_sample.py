"""What patients type, and what they find first in the sample's guides: the same table on both databases."""

from __future__ import annotations

from education.results import results
from tests.html import get, page

MESO = "/guides/mesotherapy/"
# What is typed, and where the first place leads to.
FIRST = [
    # A guide, a page, an everyday word of the guides.
    ("mesotherapy", MESO),
    ("mesothe", MESO),
    ("mésothérapie", MESO),
    ("side effects", f"{MESO}side-effects/"),
    ("recovery", f"{MESO}recovery/"),
    ("results", f"{MESO}results/"),
    ("swelling", f"{MESO}side-effects/#side-effects--3"),
    ("skin infection", f"{MESO}side-effects/#side-effects--13"),
    ("hair loss", f"{MESO}side-effects/#side-effects--20"),
    ("scar", f"{MESO}side-effects/#side-effects--15"),
    ("swollen lips", f"{MESO}side-effects/#side-effects--3"),
    ("cellulite", f"{MESO}benefits/#benefits--5"),
    ("wrinkles", f"{MESO}benefits/#benefits--3"),
    ("pregnant", f"{MESO}contraindications/#contraindications--1"),
    ("breastfeeding", f"{MESO}contraindications/#contraindications--2"),
    ("diabetic", f"{MESO}contraindications/#contraindications--5"),
    ("allergy", f"{MESO}contraindications/#contraindications--10"),
    ("blood thinners", f"{MESO}contraindications/#contraindications--9"),
    ("liposuction", f"{MESO}alternatives/"),
    ("ibuprofen", f"{MESO}preparation/#preparation--6"),
    ("numbing cream", f"{MESO}preparation/"),
    ("lump", f"{MESO}questions/#questions--12"),
    # Other forms and beginnings
    ("bruise", f"{MESO}side-effects/#side-effects--2"),
    ("bruising", f"{MESO}side-effects/#side-effects--2"),
    ("painful", f"{MESO}side-effects/#side-effects--8"),
    ("numb", f"{MESO}side-effects/#side-effects--9"),
    ("recov", f"{MESO}recovery/"),
    ("diabet", f"{MESO}contraindications/#contraindications--5"),
    # Whole questions
    ("does it work", f"{MESO}questions/#questions--3"),
    ("will it hurt", f"{MESO}questions/#questions--5"),
    ("Does it hurt?", f"{MESO}questions/#questions--5"),
    ("Is it approved?", f"{MESO}questions/#questions--4"),
    ("is it safe", f"{MESO}#overview--4"),
    ("how many sessions", f"{MESO}questions/#questions--6"),
    ("how long does swelling last", f"{MESO}side-effects/#side-effects--3"),
    ("how long does bruising last", f"{MESO}evidence/#evidence--31"),
    ("how long do results last", f"{MESO}questions/#questions--10"),
    ("when can I exercise", f"{MESO}questions/#questions--7"),
    # Questions of words that stand everywhere: by their titles alone
    ("Who should not have it?", f"{MESO}contraindications/"),
    ("is it for me", f"{MESO}#overview--3"),
    # Words of patients
    ("black and blue", f"{MESO}side-effects/#side-effects--2"),
    ("balding", f"{MESO}side-effects/#side-effects--20"),
    ("going bald", f"{MESO}side-effects/#side-effects--20"),
    ("dimples", f"{MESO}benefits/#benefits--5"),
    ("nursing", f"{MESO}contraindications/#contraindications--2"),
    ("aspirin", f"{MESO}contraindications/#contraindications--9"),
    ("warfarin", f"{MESO}contraindications/#contraindications--9"),
    ("teenager", f"{MESO}contraindications/#contraindications--4"),
    ("number of treatments", f"{MESO}evidence/#evidence--9"),
    ("downtime", f"{MESO}recovery/"),
    ("coolsculpting", f"{MESO}alternatives/"),
    ("double chin", f"{MESO}contraindications/#contraindications--11"),
    ("nerve damage", f"{MESO}side-effects/#side-effects--19"),
    # What must not be missed, in the words of somebody who is afraid
    ("I fainted", f"{MESO}side-effects/#side-effects--12"),
    ("rash", f"{MESO}side-effects/#side-effects--4"),
    ("rashes", f"{MESO}side-effects/#side-effects--4"),
    ("necrosis", f"{MESO}side-effects/#side-effects--11"),
    ("throwing up", f"{MESO}side-effects/#side-effects--21"),
    # A letter or a space wrong
    ("mesotherpay", MESO),
    ("bruisng", f"{MESO}side-effects/#side-effects--2"),
    ("brusing", f"{MESO}side-effects/#side-effects--2"),
    ("celulite", f"{MESO}benefits/#benefits--5"),
    ("lypolysis", f"{MESO}how-it-works/"),
    ("diabetis", f"{MESO}contraindications/#contraindications--5"),
    ("alergic", f"{MESO}side-effects/#side-effects--12"),
    ("asprin", f"{MESO}contraindications/#contraindications--9"),
    ("side affects", f"{MESO}side-effects/"),
    ("sideeffects", f"{MESO}side-effects/"),
    ("breast feeding", f"{MESO}contraindications/#contraindications--2"),
    # About every guide
    ("what does it cost", f"{MESO}#overview--2"),
    ("what if something goes wrong", "/guides/is-a-cosmetic-procedure-right-for-you/questions/#questions--8"),
]


def test_the_first_place_is_the_one_that_is_meant(sample):
    found = {typed: results(typed) for typed, _ in FIRST}
    first = {typed: one.groups[0].places[0].url if one.groups else "nothing" for typed, one in found.items()}
    assert {typed: first[typed] for typed, url in FIRST if first[typed] != url} == {}
    instead = {typed: one.instead for typed, one in found.items() if one.instead}
    assert instead["bruisng"] == instead["brusing"] == "bruises"
    assert instead["side affects"] == instead["sideeffects"] == "side effects"
    # What the guides do not speak of is not taken for what they do.
    for typed in ("xylophone", "botox", "shower", "lupus", "thred lift"):
        assert results(typed).count == 0, typed


def test_every_place_that_is_found_is_there(sample, client):
    """Each address answers, and its page has the anchor."""
    places = [place for typed, _ in FIRST for group in results(typed).groups for place in group.places]
    for url in sorted({place.url for place in places}):
        path, _, anchor = url.partition("#")
        assert not anchor or page(get(client, path)).ids[anchor] == 1, url


def test_providers_are_found_by_name_language_and_what_they_perform(sample, client):
    for typed in ("Robin", "sample robin", "spanish", "mesotherapy"):
        assert "/providers/" in [href for href, _ in page(get(client, f"/search/?q={typed}")).links], typed
        people = [href for href, _ in page(get(client, f"/search/?q={typed}")).links if href.startswith("/providers/")]
        assert len(people) > 1, typed
    assert "People at this clinic" not in page(get(client, "/search/?q=bruise")).text
