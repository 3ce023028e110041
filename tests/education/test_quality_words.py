"""The checks of words: what is a promise, what tells to stop a medicine, what is a telephone number."""

from __future__ import annotations

import pytest

from education.quality import ERROR, INFORMATION, WARNING
from education.quality.document import findings_of
from education.quality.example_guide import IN_ORDER
from education.quality.examples import EntryWith, ImageWith, Text, WorldWith, guide
from education.snapshot import SnapshotTerm


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
        "A pain-free treatment.",
        "It is completely safe.",
        "It is 100% safe.",
        "Totally safe for you.",
        "There are no risks.",
        "It has no risk.",
        "A treatment without any risk.",
        "Risk free!",
        "It is completely painless.",
        "Safe and effective? Yes!",
        "They say “completely safe”.",
        "Without surgery you get permanent results.",
        "No other clinic offers painless treatment.",
        "Instead of surgery you get a painless treatment.",
        "Nobody else can guarantee results, we do.",
        "There is no risk at all.",
        "It permanently removes fat.",
        "It is scientifically proven.",
        "It is safe and highly effective.",
        "A pain‐free shot.",
        "A pain–free shot.",
        "A risk‑free shot.",
        "It is ｐａｉｎｌｅｓｓ.",
        "You do not need surgery for permanent results.",
        "Ask about our painless treatment.",
        "They say “no downtime”. It is popular [@review].",
        "One clinic [@review] says “no downtime”.",
        "Claims that it melts fat are not false.",
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
        "Safe and effective? Nobody knows.",
        "“Safe and effective?” Nobody knows.",
        "Painless? It can hurt.",
        "Really painless? Ask those who had it.",
        "No treatment is completely safe.",
        "It is not without risks.",
        "No treatment is without risk.",
        "It does not mean that there are no risks.",
        "You have no risk factors.",
        "In this trial, no risks were found.",
        "One study found no risk of infection.",
        "Rest until you are pain-free.",
        "It is not painless.",
        "It isn’t painless.",
        "It has not been found to be safe and effective.",
        "Be wary of anyone who guarantees a result.",
        "It is safe. It may be effective.",
        "The most reliable evidence comes from trials.",
        "Pain less than before is common.",
        'See [the price list](/prices/ "guaranteed").',
        "It cannot guarantee results.",
        "Nobody can promise permanent results.",
        "It is not safe and effective.",
        "No honest doctor will promise you permanent results.",
        "Claims that it melts fat are false.",
        "The claim that it “melts fat” is not proven.",
        "Ask what the guarantee covers.",
        "Ask whether it is painless.",
        "None of these treatments is painless.",
        "We do not know if it is safe and effective.",
        "No study shows that it melts fat.",
        "There is no proof that injections melt fat.",
        "Not all treatments are painless or risk-free.",
        "It comes without any guarantee.",
        "An injection that dissolves fat (Kybella).",
        "It is far from painless.",
        "The FDA has not found mesotherapy safe and effective.",
        "There is little proof that it is safe and effective.",
        "No injection into the skin is completely safe.",
        "Do not trust ads that promise permanent results.",
        "Nobody should tell you that there is no risk.",
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
        "They say “no risk” [@shop-article].",
        "They say “no risk.” [@shop-article]",
        "They say “no risk”. [@shop-article]",
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
    assert _found("words.promise", quoted) == [(ERROR, "overview", None, 3)]
    for words in ("A web article says “no downtime”", "“No downtime”, according to the glossary"):
        assert _found("words.promise", EntryWith("overview", 3, {"value": words})) == [
            (INFORMATION, "overview", None, 3)
        ]
    ours = EntryWith("overview", 3, {"value": "We call it “no downtime”"})
    assert _found("words.promise", ours) == [(ERROR, "overview", None, 3)]
    harm = EntryWith("contraindications", 1, {"why": "It is not tested, but sold as painless."})
    assert _found("words.promise", harm) == [(INFORMATION, "contraindications", None, 1)]


def test_several_promises_on_a_line_are_one_finding():
    assert _on_cost("words.promise", "Painless, guaranteed, clinically proven. Painless!") == [ERROR]


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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Call (202) 555-0142.", "(202) 555-0142"),
        ("Call us: (020) 7946 0018", "(020) 7946 0018"),
        ("Call us (010-0199).", "010-0199"),
        ("Call +1 555 010 0199.", "+1 555 010 0199"),
    ],
)
@pytest.mark.parametrize("own", ["(202) 555-0142", "020 7946 0018", ""])
def test_a_telephone_number_is_quoted_whole(text, number, own):
    case = Text("cost", text).applied(WorldWith({"own_numbers": (own,)}).applied(IN_ORDER))
    (finding,) = [one for one in findings_of(case) if one.check == "clinic.phone"]
    assert finding.message.startswith(f"“{number}” ")


def test_the_clinics_own_numbers_and_address_are_found_however_they_are_written():
    own = WorldWith({"own_numbers": ("5550100100", "12 Harbor Street", "NY")})
    for text in ("Ask at 555 010 0100.", "Come to 12 harbor street, NY."):
        assert _found("clinic.phone", own, Text("cost", text)) == [(WARNING, "cost", 1, None)]
    assert _found("clinic.phone", own, Text("cost", "It is at 112 Harbor Streets in NY.")) == []


@pytest.mark.parametrize("field", ["written_by", "funding"])
def test_what_stands_beside_the_pages_is_checked_too(field):
    assert _found("words.promise", guide(**{field: "It is painless."})) == [(ERROR, "", None, None)]
    assert _found("medicine.stop", guide(**{field: "Stop aspirin."})) == [(ERROR, "", None, None)]


@pytest.mark.parametrize("field", ["alternative_text", "credit"])
def test_an_images_texts_are_checked_too(field):
    assert _found("words.promise", ImageWith("cold-pack", {field: "It is painless."})) == [(ERROR, "", None, None)]
    assert _found("medicine.stop", ImageWith("cold-pack", {field: "Stop aspirin."})) == [(ERROR, "", None, None)]


def test_a_terms_plain_meaning_is_checked_too():
    for name, words in (("words.promise", "It is painless."), ("medicine.stop", "Stop aspirin.")):
        assert _found(name, guide(terms=(SnapshotTerm("trial", "trial", words),))) == [(ERROR, "", None, None)]


def test_folding_keeps_the_lines():
    assert _found("words.promise", Text("cost", "One ﬁne ½ … line.\nIt is pain‑free.")) == [(ERROR, "cost", 2, None)]
