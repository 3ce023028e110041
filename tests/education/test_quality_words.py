"""The checks of words: what is a promise, what tells to stop a medicine, what is a telephone number."""

from __future__ import annotations

import pytest

from education.quality import ERROR, INFORMATION, WARNING
from education.quality.document import findings_of
from education.quality.example_guide import IN_ORDER
from education.quality.examples import EntryWith, Text, WorldWith, guide


def _found(name: str, *changes) -> list[tuple[str, str, int | None, int | None]]:
    case = IN_ORDER
    for change in changes:
        case = change.applied(case)
    return [(one.level, one.place, one.line, one.entry) for one in findings_of(case) if one.check == name]


def _on_cost(name: str, markdown: str) -> list[str]:
    return [level for level, place, _line, _entry in _found(name, Text("cost", markdown)) if place == "cost"]


@pytest.mark.parametrize(
    "text",
    [
        "It is safe and effective.",
        "It works safely and effectively.",
        "It is **pain**less.",
        "The injections are painless, and it does not scar.",
        "A risk-free treatment.",
        "There is no downtime.",
        "You have no down time at all.",
        "You get permanent results.",
        "The results are permanent.",
        "We guarantee it.",
        "Guaranteed!",
        "It melts fat.",
        "It melts away stubborn fat.",
        "Fat-melting shots",
        "We are the best in town.",
        "It is the most reliable method.",
        "A small miracle.",
        "It is clinically proven.",
        "It is clinically\nproven.",
        "No doubt it is painless.",
        "It is not only safe and effective.",
        "Want a miracle?",
        "## Painless care",
        "| What | How |\n|---|---|\n| Shots | painless |",
        "- painless",
        '!!! do "Get a painless shot"\n    - Rest.',
        "One clinic says “no downtime”.",
        "Painless [@review], they say “so”.",
        "It is pain&shy;less.",
    ],
)
def test_a_promise_is_an_error(text):
    assert _on_cost("words.promise", text) == [ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "No treatment is risk-free.",
        "We cannot guarantee a result.",
        "There is no guarantee.",
        "A result is not guaranteed.",
        "Nobody can guarantee it.",
        "It can leave permanent scars.",
        "Ask who is best suited.",
        "What is the best way to find out?",
        "Choose the best time for you.",
        "Talk about what is the best choice for you.",
        "Is it painless? It can hurt.",
        "It is not painless.",
        "It isn’t painless.",
        "It has not been found to be safe and effective.",
        "Be wary of anyone who guarantees a result.",
        "It is safe. It may be effective.",
        "The most reliable evidence comes from trials.",
        "Pain less than before is common.",
        'See [the price list](/prices/ "guaranteed").',
    ],
)
def test_what_denies_warns_or_means_something_else_is_no_promise(text):
    assert _on_cost("words.promise", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "One clinic says “no downtime” [@shop-article].",
        'One clinic says "no downtime"; others do not [@shop-article].',
        "Ils disent « painless » [@shop-article].",
        "One clinic says “it is painless”\nand no more [@shop-article].",
    ],
)
def test_a_promise_in_quotation_marks_before_its_citation_is_shown_only(text):
    assert _on_cost("words.promise", text) == [INFORMATION]


def test_a_citation_in_another_paragraph_does_not_excuse_a_quoted_promise():
    assert _on_cost("words.promise", "They say “no downtime”.\n\nOthers differ [@review].") == [ERROR]


def test_a_promise_is_found_in_titles_summary_and_entries_with_its_place():
    assert _found("words.promise", guide(title="Painless cold")) == [(ERROR, "", None, None)]
    assert _found("words.promise", guide(summary="It is painless.")) == [(ERROR, "", None, None)]
    assert _found("words.promise", Text("cost", "One.\n\nTwo.\nGuaranteed.")) == [(ERROR, "cost", 4, None)]
    benefit = EntryWith("benefits", 1, {"finding": "Guaranteed."})
    assert _found("words.promise", benefit) == [(ERROR, "benefits", None, 1)]
    quoted = EntryWith("overview", 3, {"value": "“No downtime”"})
    assert _found("words.promise", quoted) == [(INFORMATION, "overview", None, 3)]
    harm = EntryWith("contraindications", 1, {"why": "It is not tested, but sold as painless."})
    assert _found("words.promise", harm) == [(INFORMATION, "contraindications", None, 1)]


def test_several_promises_on_a_line_are_one_finding():
    assert _on_cost("words.promise", "Painless, guaranteed, clinically proven. Painless!") == [ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "Stop taking aspirin.",
        "Stop your blood thinner 3 days before.",
        "You must stop all blood-thinning medicines.",
        "Come off your blood thinners.",
        "Pause your insulin.",
        "Quit taking ibuprofen.",
        "Skip your morning dose.",
        "Do not take your heart medicine.",
        "Don’t take NSAIDs for a week.",
        "Blood thinners should be stopped.",
        "Avoid taking aspirin.",
        "Do not smoke, and stop taking it.",
        "Stop the tablets that your doctor prescribed.",
        "Stop smoking. Stop your tablets.",
        "- **Stop** taking warfarin",
        "Medicines to stop",
    ],
)
def test_telling_to_stop_a_medicine_is_an_error(text):
    assert _on_cost("medicine.stop", text) == [ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "Do not stop taking aspirin.",
        "Never stop your blood thinner by yourself.",
        "You do not need to stop your medicine.",
        "Ask the person who prescribed it before you pause your insulin.",
        "Stop aspirin only if your doctor says so.",
        "A pharmacist can tell you which tablets to skip.",
        "Should I stop my medicines?",
        "Tell us if you stop your tablets.",
        "Ask us whether you should stop your blood thinner.",
        "Stop smoking and skip alcohol.",
        "Quit smoking before you take medicines.",
        "Stop the massage if it hurts.",
        "Take your medicine as always.",
        "Do not take more than 4 tablets.",
        "The drug stops working.",
    ],
)
def test_what_does_not_tell_to_stop_a_medicine(text):
    assert _on_cost("medicine.stop", text) == []


def test_a_care_step_that_stops_a_medicine_is_named():
    step = EntryWith("preparation", 2, {"text": "Stop aspirin.", "ask_prescriber": True})
    assert _found("medicine.stop", step) == [(ERROR, "preparation", None, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Call (555) 010-0199.",
        "Call 555-010-0199 or come by.",
        "Our number is +1 555 010 0199.",
        "Ring us: 020 7946 0018",
        "Phone 010-0199.",
        "From abroad, +49 30 901820.",
        "[Call us](tel:+15550100199)",
        "The desk has 555.010.0100.",
    ],
)
def test_a_telephone_number_is_a_warning(text):
    assert _on_cost("clinic.phone", text) == [WARNING]


@pytest.mark.parametrize(
    "text",
    [
        "Call 911 or 112.",
        "[Call 911](tel:911)",
        "In 2005, 10,581 treatments were told of by 39 doctors.",
        "Come 1-2 weeks later, between 2025-2026.",
        "PMID 21393967, doi 10.1111/j.1524-4725.2006.32353.x",
        "See <https://example.org/555-010-0199>.",
        "Call us on 2026-03-03.",
        "Dermatol Surg 2008;34:60-6, 2011;77:232-7",
        "It costs 300 to 500 dollars.",
    ],
)
def test_other_numbers_are_none(text):
    assert _on_cost("clinic.phone", text) == []


def test_the_clinics_own_numbers_and_address_are_found_however_they_are_written():
    own = WorldWith({"own_numbers": ("5550100100", "12 Harbor Street", "NY")})
    for text in ("Ask at 555 010 0100.", "Come to 12 harbor street, NY."):
        assert _found("clinic.phone", own, Text("cost", text)) == [(WARNING, "cost", 1, None)]
    assert _found("clinic.phone", own, Text("cost", "It is at 112 Harbor Streets in NY.")) == []
