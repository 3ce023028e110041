"""What indents a template stays in the file; where spaces count they are sent."""

from __future__ import annotations

from django.template.loader import get_template

from config.check import CHECKOUT


def source_of(name: str) -> str:
    return str(get_template(name).template.source)


def test_no_line_of_a_public_page_begins_with_the_spaces_that_indent_it():
    written = (CHECKOUT / "templates" / "base.html").read_text(encoding="utf-8")
    assert "\n  " in written
    assert "\n " not in source_of("base.html")
    assert source_of("base.html").split() == written.split()


def test_examples_for_staff_keep_theirs():
    assert "\n    - you have trouble breathing" in source_of("admin/education/markdown_help.html")


def test_mail_is_sent_as_it_is_written():
    name = "education/mail/mistake.txt"
    assert source_of(name) == (CHECKOUT / "templates" / name).read_text(encoding="utf-8")
