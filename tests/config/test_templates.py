"""What indents a template stays in the file; where spaces count they are sent."""

from __future__ import annotations

import re

from django.template.loader import get_template

from config.check import CHECKOUT


def source_of(name: str) -> str:
    return str(get_template(name).template.source)


def test_no_line_of_a_public_page_begins_with_the_spaces_that_indent_it():
    written = (CHECKOUT / "templates" / "base.html").read_text(encoding="utf-8")
    assert "\n  " in written
    assert "\n " not in source_of("base.html")
    assert re.sub(r"\s", "", source_of("base.html")) == re.sub(r"\s", "", written)


def test_a_line_of_tags_that_show_nothing_leaves_none_and_words_stay_apart(tmp_path, settings):
    head, tail = "{% load i18n %}\n{% if x %}\n  a\n{% endif %}\n{# why #}\n", "b {% if x %}\nc{% endif %}\n"
    each = "{% for y in z %}{{ y }}{% endfor %}\n\n"
    (tmp_path / "words.html").write_text(f"{head}{each}  {tail}", encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    assert source_of("words.html") == f"{{% load i18n %}}{{% if x %}}a\n{{% endif %}}{{# why #}}{each}{tail}"
    shown = {True: ["a", "1", "2", "b", "c"], False: ["1", "2", "b"]}
    for x, wanted in shown.items():
        assert get_template("words.html").render({"x": x, "z": "12"}).replace("12", "1 2").split() == wanted


def test_examples_for_staff_keep_theirs():
    assert "\n    - you have trouble breathing" in source_of("admin/education/markdown_help.html")


def test_mail_is_sent_as_it_is_written():
    name = "education/mail/mistake.txt"
    assert source_of(name) == (CHECKOUT / "templates" / name).read_text(encoding="utf-8")
