"""Fixed words say truly in which language they are, and what a guide says among them says its own."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from education.rendering import Entries
from education.rendering.sanitiser import sanitised
from education.templatetags.guides import paragraphs_of_guide, wrapped_of_guide
from education.wording import direction_of, language_of_words
from tests import builders, catalogue, public
from tests.education.example_entries import ON_PAGE
from tests.education.example_library import rendered
from tests.html import Page, get, page

LABEL = ' lang="en-us" dir="ltr"'
TEXT = ' lang="ar" dir="rtl"'
BOXES = """\
برد [@fda-2023]

| اليوم | الشعور |
|---|---|
| 1 | برد |

!!! do
    - ارتد ملابس واسعة

!!! urgent "اتصل بنا إذا"
    - زاد الألم

![](figure:needle-depth)
"""


@pytest.fixture
def arabic_words(settings, tmp_path):
    """Let the project speak Arabic."""
    settings.LOCALE_PATHS = [catalogue.write(tmp_path, "ar")]


def _of(markdown: str = "", *entries: dict, language: str = "ar") -> str:
    with translation.override(language_of_words(language)):
        return rendered(markdown, entries=Entries(entries) if entries else None, language=language).html


# What a text may not say of its language


@pytest.mark.parametrize(
    "attribute", ['lang="ar"', 'lang="en-us,en"', 'lang="EN-US"', 'dir="rtl"', 'dir="auto"', 'lang=""', 'xml:lang="en"']
)
def test_the_sanitiser_refuses_any_language_but_that_of_the_fixed_words(attribute):
    with translation.override("en-us"):
        assert sanitised(f"<span {attribute}>a</span>") == "<span>a</span>"


@pytest.mark.parametrize("tag", ["p", "div", "h2", "li", "td", "strong"])
def test_the_sanitiser_refuses_a_language_on_any_other_element(tag):
    with translation.override("en-us"):
        clean = sanitised(f'<{tag} lang="en-us" dir="ltr" title="b">a</{tag}>')
    assert not re.search("lang|dir|title", clean)


def test_the_sanitiser_keeps_the_language_of_a_label():
    with translation.override("en-us"):
        assert sanitised(f"<span{LABEL}>a</span>").count(LABEL) == 1
    with translation.override("ar"):
        assert TEXT in sanitised(f"<span{TEXT}>a</span>")


def test_an_editor_writes_no_language():
    assert "<span" not in _of('<span lang="en-us" dir="ltr">a</span>', language="en-us")


# Which language


@pytest.mark.parametrize(
    ("text", "site", "words"),
    [
        ("en", "ar", "en"),
        ("en-gb", "ar", "en-gb"),
        ("ar", "en-us", "en-us"),
        ("ar", "es", "en"),
        ("ar", "ar", "en"),
        ("", "en-us", "en-us"),
        ("../../etc", "en-us", "en-us"),
    ],
)
def test_without_a_catalogue_words_are_english(settings, text, site, words):
    settings.LANGUAGE_CODE = site
    assert language_of_words(text) == words


def test_with_a_catalogue_words_are_in_its_language(settings, tmp_path):
    settings.LANGUAGE_CODE = "es"
    settings.LOCALE_PATHS = [
        tmp_path / "none",
        catalogue.write(tmp_path, "es", {}),
        catalogue.write(tmp_path, "pt", {}),
    ]
    assert [language_of_words(one) for one in ("es", "pt-br", "ar", "en")] == ["es", "pt-br", "es", "en"]


def test_a_source_of_a_catalogue_is_none(settings, tmp_path):
    (tmp_path / "ar" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ar" / "LC_MESSAGES" / "django.po").write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert language_of_words("ar") == "en-us"


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ar-dz", "rtl"), ("he", "rtl"), ("en-us", "ltr")])
def test_a_language_gives_the_direction(language, direction):
    assert direction_of(language) == direction


# In templates


@pytest.mark.parametrize("language", ["en-us", ""])
def test_a_guide_in_the_language_of_its_words_gets_not_a_byte(language):
    source = "{% load guides %}<p{% of_guide x %}{% of_words x %}>{{ y|of_guide:x }}{{ y|of_words:x }}</p>"
    with translation.override("en-us"):
        assert Template(source).render(Context({"x": language, "y": "a"})) == "<p>aa</p>"


def test_a_guide_in_another_language_says_so_and_is_still_escaped():
    with translation.override("en-us"):
        assert wrapped_of_guide("<b>", "ar") == f"<bdi{TEXT}>&lt;b&gt;</bdi>"
        assert wrapped_of_guide("a", '"><script>') == '<bdi lang="&quot;&gt;&lt;script&gt;" dir="ltr">a</bdi>'
        assert paragraphs_of_guide("<p>\n\nb", "ar") == f"<p{TEXT}>&lt;p&gt;</p>\n\n<p{TEXT}>b</p>"


# In what is rendered once


def test_an_english_text_is_rendered_without_a_language():
    assert " lang=" not in _of(BOXES, language="en")


def test_the_labels_of_a_text_say_that_they_are_english():
    html = _of(BOXES)
    assert f'<span class="visually-hidden"{LABEL}>Source </span>' in html
    assert f"<span{LABEL}>Do</span></h2>" in html
    assert f'<span class="visually-hidden"{LABEL}>Urgent advice: </span>اتصل بنا إذا:' in html
    assert '<svg role="img" lang="en-us"' in html
    assert 'aria-label="اليوم, الشعور"' in html


KINDS = {
    "overview": ("key-fact", ">Key facts</bdi>"),
    "benefits": ("benefit", f'<span class="evidence evidence-some"{LABEL}>'),
    "side-effects": ("side-effect", f'aria-label="Side effects"{LABEL}>'),
    "contraindications": ("contraindication", f"<p{LABEL}>If one of these"),
    "preparation": ("care-step", f"<bdi{LABEL}>1 day before</bdi>"),
    "questions": ("question", f"<bdi{LABEL}>Questions</bdi>"),
}


@pytest.mark.parametrize("place", KINDS)
def test_the_labels_of_an_entry_say_that_they_are_english(place):
    kind, label = KINDS[place]
    entry = {**ON_PAGE[place], "kind": kind, "sources": ["fda-2023"]}
    html = _of("نص", entry)
    assert label in html
    assert " lang=" not in _of("text", entry, language="en")


def test_what_a_guide_says_in_a_table_of_fixed_words_says_its_language():
    effect = {**ON_PAGE["side-effects"], "kind": "side-effect", "figure": "7 من 100", "sources": ["fda-2023"]}
    html = _of("نص", {**effect, "name": "خدر", "duration": "ساعات", "action": "انتظر."})
    assert f'<th scope="row"><bdi{TEXT}>خدر</bdi>' in html
    assert f'<p class="figure"{TEXT}>7 من 100</p>' in html
    assert f"<p><bdi{TEXT}>ساعات</bdi></p>" in html
    assert f"<p{TEXT}>انتظر.</p>" in html


# On a page


def _arabic(cast, **facts):
    return builders.guide(cast["author"], title="العلاج بالبرد", slug="cold-ar", language="ar", **facts)


def test_a_page_without_a_catalogue_is_english_around_its_arabic_text(client, cast):
    public.whole_clinic(cast["owner"])
    builders.published(_arabic(cast), cast, what_changed="الأولى")
    response = get(client, "/guides/cold-ar/preparation/")
    read = page(response)
    assert (read.language, read.direction) == ("en-us", "ltr")
    html = response.content.decode()
    assert f"<h1{TEXT}>" in html
    assert f'<article class="prose"{TEXT}>' in html
    assert f"<bdi{TEXT}>العلاج بالبرد</bdi>" in html
    assert "هاتف" not in html
    assert "Page last reviewed:" in read.text
    assert f"<p{TEXT}>الأولى</p>" in get(client, "/guides/cold-ar/editions/").content.decode()
    assert f"<dd{TEXT}>الأولى</dd>" in get(client, "/guides/cold-ar/editions/1/").content.decode()


def test_the_clinics_number_in_a_card_says_that_its_words_are_english(client, cast):
    public.whole_clinic(cast["owner"])
    guide = _arabic(cast)
    builders.write(guide, cast["author"], "side-effects", '!!! urgent "اتصل بنا إذا"\n    - زاد الألم')
    builders.published(guide, cast)
    assert f'<p class="card-phone"{LABEL}>Our' in get(client, "/guides/cold-ar/side-effects/").content.decode()


def test_a_page_with_a_catalogue_is_arabic_throughout(client, cast, arabic_words):
    public.whole_clinic(cast["owner"])
    builders.published(_arabic(cast), cast)
    response = get(client, "/guides/cold-ar/preparation/")
    read, html = Page(response.content.decode()), response.content.decode()
    assert (read.language, read.direction) == ("ar", "rtl")
    assert catalogue.ARABIC["Skip to the content"] in read.text
    assert f">{catalogue.ARABIC['Do']}</h2>" in html
    main = html.partition('<main id="main"')[2].partition("</main>")[0]
    assert " lang=" not in main
    assert '<span dir="auto" lang="en-us">Test Clinic</span>' in html


def test_the_list_of_sources_for_machines_is_in_one_language_too(client, cast):
    builders.published(_arabic(cast), cast)
    strength = get(client, "/guides/cold-ar/sources.json").json()["sources"][0]["strength_label"]
    assert strength.isascii()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/guides/", "/nothing/", "/accounts/login/"])
def test_a_site_in_a_language_without_a_catalogue_speaks_english_and_says_so(client, settings, path):
    settings.LANGUAGE_CODE = "ar"
    read = Page(client.get(path).content.decode())
    assert (read.language, read.direction) == ("en", "ltr")
    assert not re.search(r"[\u0600-\u06ff]", read.text)


def test_the_clinics_own_words_on_such_a_site_say_their_language(client, cast, settings):
    public.whole_clinic(cast["owner"])
    settings.LANGUAGE_CODE = "ar"
    home = get(client, "/").content.decode()
    assert '<h1><bdi lang="ar">Test Clinic</bdi></h1>' in home
    assert '<span dir="auto" lang="ar">Test Clinic</span>' in home
    assert f'<div class="prose"{TEXT}>' in get(client, "/about/").content.decode()
