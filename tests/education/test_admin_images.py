"""The screens of images: the list with what each is used for, one with its files, and replacing its picture."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education import actions
from education.actions.image_files import image_path, smaller_path
from education.image_uses import counted, editions_with, pages_with
from education.models import Guide, Image, Page
from tests import builders
from tests.education.desk import facts, signed_in, url
from tests.education.test_images import kept
from tests.html import Page as Read
from tests.pictures import photo, png

LIST = "education_image_changelist"


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def image(cast) -> Image:
    return kept(cast["author"], photo(1200, 800))


@pytest.fixture
def used(guide, image, cast) -> Guide:
    """A guide whose editions show an earlier picture, the live one today's, and whose working copy shows it too."""
    write(guide, cast, "![](image:hand)")
    builders.published(guide, cast)
    kept(cast["author"], photo(900, 900))
    builders.next_edition(guide, cast, "You can get numb [@trial-2020].")
    return guide


def write(guide: Guide, cast, markdown: str, kind: str = Page.Kind.PREPARATION) -> None:
    builders.write(guide, cast["author"], kind, f"Keep it cold [@trial-2020].\n\n{markdown}")


def screen_of(client: Client, image: Image) -> str:
    return client.get(url("education_image_change", image.pk)).content.decode()


def words(shown: str) -> str:
    return " ".join(Read(shown).text.split())


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", content, "image/jpeg")


# Who may


def test_a_reviewer_sees_where_an_image_is_used_and_gets_nothing_to_replace_it_with(used, image, cast):
    shown = screen_of(signed_in(cast["reviewer"]), image)
    assert "edition 2" in shown
    assert 'type="file"' not in shown
    assert 'name="_save"' not in shown


@pytest.mark.parametrize("who", ["front_desk", "outsider"])
def test_others_see_no_image(who, image, cast):
    client = signed_in(cast[who])
    assert client.get(url(LIST)).status_code == 403
    assert client.get(url("education_image_change", image.pk)).status_code == 403


# The list


def test_the_list_says_of_each_image_what_it_tells_whose_it_is_and_how_often_it_is_used(used, image, author, cast):
    Image.objects.filter(pk=image.pk).update(credit="Ann Example", licence="Our own")
    actions.add_image(Image(key="line", decorative=True), upload(png()), by=cast["author"])
    shown = author.get(url(LIST)).content.decode()
    row, other = shown.partition('id="result_list"')[2].split("<tr")[2:4]
    image.refresh_from_db()
    assert f'src="{image.small_url}"' in row
    for word in ("hand", "A hand.", "Ann Example", "Our own", "1 page, 2 editions"):
        assert word in row
    for word in ("line", "Decoration", "Not written yet", "Not used"):
        assert word in other


def test_the_list_costs_as_many_queries_for_one_image_as_for_many(used, author, cast):
    author.get(url(LIST))
    with CaptureQueriesContext(
        connection,
    ) as one:
        author.get(url(LIST))
    for number in range(5):
        kept(cast["author"], png(40 + number), f"more-{number}")
        write(used, cast, "![](image:hand)" + "".join(f"\n\n![](image:more-{one})" for one in range(number)))
    with CaptureQueriesContext(connection) as many:
        author.get(url(LIST))
    assert len(one) == len(many)


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ("?used=written", ["hand"]),
        ("?used=editions", ["once"]),
        ("?used=no", ["hand-2", "spare"]),
        ("?licence=missing", ["hand", "hand-2", "once"]),
        ("?used=nonsense", ["hand", "hand-2", "once", "spare"]),
    ],
)
def test_images_are_told_apart_by_their_use(chosen, wanted, guide, author, cast):
    by = cast["author"]
    for key in ("hand", "hand-2", "once", "spare"):
        kept(by, png(), key)
    Image.objects.filter(key="spare").update(licence="Our own")
    write(guide, cast, "![](image:once)")
    builders.published(guide, cast)
    # A text that only looks as if it named an image does not use it.
    write(guide, cast, r"![](image:hand) and \![](image\:spare) and image:hand-2")
    listed = author.get(url(LIST) + chosen).context["cl"].result_list
    assert [one.key for one in listed] == wanted


def test_a_removed_page_uses_nothing(guide, image, cast):
    write(guide, cast, "![](image:hand)")
    assert counted([image])[image.pk].pages == 1
    actions.remove_page(guide.pages.get(kind=Page.Kind.PREPARATION), by=cast["author"])
    assert counted([image])[image.pk].pages == 0
    assert pages_with(image) == []


# The screen of one


def test_the_screen_names_every_page_and_edition_with_a_link_and_the_picture_that_it_shows(used, image, author):
    page = used.pages.get(kind=Page.Kind.PREPARATION)
    first, second = used.editions.order_by("number")
    shown = screen_of(author, image)
    assert f'href="{url("education_guide_change", used.pk)}#page-{page.pk}"' in shown
    for edition in (first, second):
        assert f'href="{url("education_edition_change", edition.pk)}"' in shown
        assert f'href="{edition.get_absolute_url()}"' in shown
    said = words(shown)
    assert "Cold therapy, edition 2 live Preparation" in said
    assert "Cold therapy, edition 1 superseded Preparation" in said
    assert said.count("with an earlier picture") == 1
    assert said.index("edition 2 live") < said.index("edition 1 superseded")


def test_what_a_replaced_picture_was_used_for_is_shown_with_it(used, image, author):
    old = used.editions.get(number=1).images[0]["sha256"]
    shown = screen_of(author, image).partition('id="earlier"')[2]
    assert f'src="/images/{old}.webp"' in shown
    assert "edition 1" in shown
    assert "edition 2" not in shown.partition("</section>")[0]


def test_an_edition_that_is_not_public_has_no_link_to_a_public_page(guide, image, author, cast):
    write(guide, cast, "![](image:hand)")
    edition = builders.submitted(guide, cast["author"])
    shown = screen_of(author, image)
    assert "in review" in shown
    assert edition.get_absolute_url() not in shown


def test_an_image_without_any_use_says_so(image, author):
    said = words(screen_of(author, image))
    assert "No page." in said
    assert "No edition." in said
    assert "Earlier pictures" not in said


def test_the_files_are_listed_with_what_they_weigh_and_missing_ones_are_made(image, author):
    small = smaller_path(image.sha256, 480)
    small.unlink()
    shown = screen_of(author, image)
    assert small.is_file()
    sizes = [
        small.stat().st_size,
        smaller_path(image.sha256, 960).stat().st_size,
        image_path(image.sha256).stat().st_size,
    ]
    lines = ["480 by 320 pixels", "960 by 640 pixels", "1200 by 800 pixels"]
    for line, size in zip(lines, sizes, strict=True):
        assert f"{line}</a>, {max(1, round(size / 1024))} KB" in shown


def test_a_file_that_is_gone_is_said_to_be_missing(image, author):
    for path in (image_path(image.sha256), smaller_path(image.sha256, 480), smaller_path(image.sha256, 960)):
        path.unlink()
    assert screen_of(author, image).count("</a>, missing") == 3


def test_the_screen_costs_as_many_queries_however_often_an_image_is_used(used, image, author, cast):
    screen_of(author, image)
    with CaptureQueriesContext(connection) as before:
        screen_of(author, image)
    builders.next_edition(used, cast, "You can get numb for days [@trial-2020].")
    write(used, cast, "Cold ![](image:hand) and [@trial-2020].", Page.Kind.OVERVIEW)
    with CaptureQueriesContext(connection) as after:
        screen_of(author, image)
    assert len(before) == len(after)
    assert len(editions_with(image)) == 3


# Writing


def test_an_empty_licence_is_warned_of_on_the_screen_and_after_saving(image, author):
    address = url("education_image_change", image.pk)
    assert "No license yet." in screen_of(author, image)
    saved = author.post(address, facts(author, address), follow=True)
    assert "“hand” has no license yet" in saved.content.decode()
    author.post(address, facts(author, address, licence="Our own"))
    assert "No license yet." not in screen_of(author, image)


def test_a_very_small_picture_is_kept_and_said_to_be_small(author):
    sent = {"key": "dot", "alternative_text": "A dot", "credit": "", "licence": "x", "upload": upload(png(1, 1))}
    saved = author.post(url("education_image_add"), sent, follow=True)
    assert "“dot” is only 1 by 1 pixels" in saved.content.decode()
    assert Image.objects.get().width == 1


def test_replacing_the_picture_is_explained_where_it_is_done(image, author):
    said = words(screen_of(author, image))
    assert "Replace the picture" in said
    assert "Editions keep the one that they have." in said
    adding = words(author.get(url("education_image_add")).content.decode())
    assert "Replace the picture" not in adding
    for word in ("Photo: Ann Example", "taken by us", "at most 10 MB"):
        assert word in adding


def test_another_picture_takes_the_place_of_the_one_shown_and_the_live_edition_keeps_it(used, image, author, client):
    old = used.editions.get(number=2).images[0]["sha256"]
    address = url("education_image_change", image.pk)
    assert author.post(address, facts(author, address, upload=upload(photo(700, 700)))).status_code == 302
    image.refresh_from_db()
    assert (image.width, image.sha256 != old) == (700, True)
    assert f'src="/images/{old}.webp"' in client.get("/guides/cold-therapy/preparation/").content.decode()


def test_of_two_who_replace_a_picture_the_second_is_asked(image, author, cast):
    address = url("education_image_change", image.pk)
    typed = facts(author, address, upload=upload(photo(700, 700)))
    theirs = kept(cast["colleague"], photo(800, 800)).sha256
    response = author.post(address, typed)
    assert "Somebody else saved this after you opened it" in response.content.decode()
    assert "Another picture than when you opened this screen." in response.content.decode()
    image.refresh_from_db()
    assert image.sha256 == theirs


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG file or a web page can carry a program"),
        (photo()[:400], "damaged or is no picture"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        (photo(8000, 5001, quality=1), "more than 40 million pixels"),
    ],
    ids=["SVG", "damaged", "too many bytes", "too many pixels"],
)
def test_a_picture_that_cannot_be_used_leaves_the_one_there_and_says_why(content, message, image, author):
    address = url("education_image_change", image.pk)
    response = author.post(address, facts(author, address, credit="Ann", upload=upload(content)))
    assert message in response.content.decode()
    assert 'value="Ann"' in response.content.decode()
    before = image.sha256
    image.refresh_from_db()
    assert (image.sha256, image.credit) == (before, "")
