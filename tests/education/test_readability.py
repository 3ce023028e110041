"""How hard a text is to read, against words, sentences and syllables that were counted by hand."""

from __future__ import annotations

import pytest

from education.readability import measure, sentence_spans, words_of
from education.syllables import syllables

# Text, words, sentences, syllables: counted by hand.
COUNTED = [
    ("The cat sat on the mat.", 6, 1, 6),
    ("Wash your hands with soap and water. Dry them well.", 10, 2, 11),
    ("Mesotherapy is a procedure. A doctor makes many small injections under your skin.", 13, 2, 24),
    (
        "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in "
        "Liberty, and dedicated to the proposition that all men are created equal.",
        30,
        1,
        48,
    ),
    ("Before you book\nTell us if\nyou are pregnant\nyou take blood thinners", 13, 4, 16),
]


@pytest.mark.parametrize(("text", "words", "sentences", "count"), COUNTED)
def test_words_sentences_and_syllables_are_those_counted_by_hand(text, words, sentences, count):
    measured = measure(text)
    assert (measured.words, measured.sentences, measured.syllables) == (words, sentences, count)
    assert measured.grade == pytest.approx(0.39 * words / sentences + 11.8 * count / words - 15.59)


def test_the_grade_of_the_cat_on_the_mat_is_the_known_one():
    assert round(measure("The cat sat on the mat.").grade, 2) == -1.45


def test_a_text_without_words_has_no_grade():
    for text in ("", "\n\n", "… — ·"):
        assert (measure(text).words, measure(text).sentences, measure(text).grade) == (0, 0, 0.0)


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("It costs 45.5 dollars, or 1,000 in all.", 1),
        ("The U.S. agency warned of it.", 1),
        ("Dr. Smith and Mrs. Jones sign, e.g. today.", 1),
        ("Come at 5 p.m. Then rest.", 2),
        ("Come at 5 p.m. on Monday.", 1),
        ("Bring pills, creams, etc. We look at all.", 2),
        ("See no. 5 on the list.", 1),
        ("Does it hurt? No. It can itch!", 3),
        ("They call it “painless.” It is not.", 2),
        ("Wait … and see...", 2),
        ("One sentence without an end", 1),
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(line, sentences):
    spans = list(sentence_spans(line))
    assert len(spans) == sentences
    assert "".join(line[start:end] for start, end in spans).replace(" ", "") == line.replace(" ", "")


def test_each_line_ends_a_sentence():
    assert measure("Benefits\nless pain\nless swelling").sentences == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a follow-up visit", ["a", "follow-up", "visit"]),
        ("don't, isn’t", ["don't", "isn’t"]),
        ("45.5% of 1,269", ["45.5", "of", "1,269"]),
        ("and/or", ["and", "or"]),
        ("1–2 weeks — or so", ["1", "2", "weeks", "or", "so"]),
    ],
)
def test_what_a_word_is(text, words):
    assert words_of(text) == words


def test_words_of_the_glossary_are_left_out_of_every_count():
    text = "Lipolysis helps. We saw Allergic Reactions and two biopsies."
    measured = measure(text, ["lipolysis", "allergic reaction", "biopsy"])
    assert (measured.words, measured.sentences, measured.syllables) == (5, 2, 5)
    assert measured.hardest == ()
    assert measure("Lipolysis.\nThe cat sat.", ["lipolysis"]).sentences == 1
    assert measure("The liposuction", ["lip"]).words == 2


def test_the_longest_sentences_and_the_hardest_words_come_first():
    text = "\n".join(f"{'word ' * number}end." for number in range(1, 8)) + "\nImmediately available metabolism."
    measured = measure(text)
    assert [len(sentence.split()) for sentence in measured.longest] == [8, 7, 6, 5, 4]
    assert measured.hardest == ("immediately", "metabolism", "available")


SYLLABLES = {
    1: "the skin needs made times bruised once years eyes played sites nurse fruit guide lumps tried knives watched "
    "clothes can't heals vague 45.5 1,000 change",
    2: "needle clinic treated bandage safely movement sometimes likely doing trying fatigue technique patient facial "
    "special lotion problem layer beyond didn't handled changes increase quiet science trial fluid",
    3: "bandages medicine injection idea museum physician official employee allergy surgery various "
    "previous family actual theory exercise everyone studying barrier easier supplement created",
    4: "experience ingredient convenient society anxiety diarrhea pneumonia cooperate organism "
    "operation january temporary particular gradually deformity information",
    5: "metabolism homeopathic mesotherapy cardiologist dermatologist immediately",
    6: "hyperpigmentation anticoagulant contraindication mycobacteria",
}


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, count) for count, words in SYLLABLES.items() for word in words.split()],
)
def test_syllables(word, count):
    assert syllables(word) == count


def test_syllables_of_abbreviations_names_and_other_scripts():
    assert [syllables(word) for word in ("U.S.", "B12", "naïve", "Ольга", "follow-up", "patient's")] == [
        2,
        1,
        1,
        1,
        3,
        2,
    ]


def test_a_very_long_text_is_measured():
    measured = measure(f"{'go ' * 20_000}\n{'a' * 60_000}\n{'.' * 60_000}\n{'a.' * 30_000}\n{'“” ' * 20_000}", ["go"])
    assert measured.sentences == 2
