"""Sources, terms and images, and the facts of a guide: nobody's change is overwritten unseen."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from PIL import Image as Picture

from education import actions
from education.models import FormerSlug, Guide, Image, Page, Source, Term
from tests import builders
from tests.education.desk import facts, opened, page_of, signed_in, url
from tests.pictures import png


@pytest.fixture
def author(cast) -> Client:
    return signed_in(cast["author"])


@pytest.fixture
def source(guide) -> Source:
    return Source.objects.get()


def save_as_colleague(row, cast, **changes) -> None:
    fresh = type(row).objects.get(pk=row.pk)
    if isinstance(row, Guide):
        actions.save_guide(fresh, by=cast["colleague"], **changes)
        return
    for name, value in changes.items():
        setattr(fresh, name, value)
    {Source: actions.save_source, Term: actions.save_term}[type(row)](fresh, by=cast["colleague"])


def test_a_field_that_somebody_else_changed_is_shown_and_not_overwritten(source, author, cast):
    address = url("education_source_change", source.pk)
    typed = facts(author, address, publisher="My publisher")
    save_as_colleague(source, cast, title="Their <b>title</b>")
    response = author.post(address, typed)
    shown = response.content.decode()
    assert "Somebody else saved this after you opened it" in shown
    assert "Their &lt;b&gt;title&lt;/b&gt;" in shown
    assert 'value="My publisher"' in shown
    assert [field.label for field in response.context["adminform"].form.theirs] == ["Title"]
    source.refresh_from_db()
    assert (source.title, source.publisher) == ("Their <b>title</b>", "Journal of Cold")


def test_saving_again_with_what_the_screen_then_carried_puts_mine_in_place_of_theirs(source, author, cast):
    address = url("education_source_change", source.pk)
    typed = facts(author, address, title="My title")
    save_as_colleague(source, cast, title="Their title")
    second = author.post(address, typed)
    fresh = second.context["adminform"].form.opened
    assert author.post(address, {**typed, "opened": fresh}).status_code == 302
    source.refresh_from_db()
    assert source.title == "My title"


def test_a_third_save_in_between_is_noticed_too(source, author, cast):
    address = url("education_source_change", source.pk)
    typed = facts(author, address, title="My title")
    save_as_colleague(source, cast, title="Their title")
    fresh = author.post(address, typed).context["adminform"].form.opened
    save_as_colleague(source, cast, title="Their newest title")
    assert b"Their newest title" in author.post(address, {**typed, "opened": fresh}).content
    source.refresh_from_db()
    assert source.title == "Their newest title"


def test_two_people_who_write_the_same_do_not_disturb_each_other(source, author, cast):
    address = url("education_source_change", source.pk)
    typed = facts(author, address, title="The same title")
    save_as_colleague(source, cast, title="The same title")
    assert author.post(address, typed).status_code == 302


@pytest.mark.parametrize("token", ["", "nonsense", "[]", '{"title": 3}', "null"])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(token, source, author):
    address = url("education_source_change", source.pk)
    response = author.post(address, facts(author, address, title="My title", opened=token))
    assert response.status_code == 200
    assert b"Somebody else saved this" in response.content
    source.refresh_from_db()
    assert source.title == "A trial of cold"


def test_what_was_typed_is_kept_when_the_database_cannot_write(source, author, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(actions, "save_source", full)
    address = url("education_source_change", source.pk)
    response = author.post(address, facts(author, address, title="My long title"))
    assert b"could not save this just now" in response.content
    assert b'value="My long title"' in response.content


def test_a_key_can_be_chosen_once_and_never_changed(source, author):
    address = url("education_source_change", source.pk)
    assert b'name="key"' not in author.get(address).content
    author.post(address, facts(author, address, key="another", title="My title"))
    source.refresh_from_db()
    assert (source.key, source.title) == ("trial-2020", "My title")
    response = author.post(url("education_source_add"), {"key": "trial-2020", "title": "x", "strength": "trial"})
    assert b"Another source has this key" in response.content


@pytest.mark.parametrize("key", ["Upper", "a b", "ä", "-a", "a--b", "<script>"])
def test_a_key_that_no_text_could_name_is_refused_and_kept_in_the_form(key, author):
    response = author.post(url("education_source_add"), {"key": key, "title": "My title", "strength": "trial"})
    assert b"lower-case letters, digits and hyphens only" in response.content
    assert b'value="My title"' in response.content
    assert not Source.objects.filter(title="My title").exists()


def test_a_term_names_the_pages_that_explain_it_and_no_others(guide, author, cast):
    builders.term("numbness-b")
    builders.write(guide, cast["author"], Page.Kind.PREPARATION, r"[a](term:numbness-b) and [b\](term:numbness).")
    address = url("education_term_change", Term.objects.get(key="numbness").pk)
    assert [page.kind for page in author.get(address).context["used_on"]] == ["side-effects"]
    actions.remove_page(page_of(guide, Page.Kind.SIDE_EFFECTS), by=cast["author"])
    assert author.get(address).context["used_on"] == []


def test_facts_of_a_guide_are_guarded_and_keep_what_was_typed(guide, author, cast):
    address = url("education_guide_change", guide.pk)
    typed = facts(author, address, summary="My summary.\r\nTwo lines.", translation_of="")
    save_as_colleague(guide, cast, summary="Their summary.")
    response = author.post(address, typed)
    assert b"Their summary." in response.content
    assert b"My summary." in response.content
    assert [field.label for field in response.context["adminform"].form.theirs] == ["Summary"]
    again = author.post(address, {**typed, "opened": response.context["adminform"].form.opened})
    assert again["Location"] == address
    guide.refresh_from_db()
    assert guide.summary == "My summary.\nTwo lines."


def test_an_unchanged_text_of_several_lines_is_no_change(guide, author, cast):
    save_as_colleague(guide, cast, summary="One.\nTwo.")
    address = url("education_guide_change", guide.pk)
    typed = facts(author, address, summary="One.\r\nTwo.", translation_of="")
    save_as_colleague(guide, cast, funding="They pay.")
    response = author.post(address, typed)
    assert [field.label for field in response.context["adminform"].form.theirs] == ["Who pays"]


def test_a_new_address_of_a_guide_keeps_the_old_one_and_a_taken_one_is_refused_at_its_field(guide, author, cast):
    builders.guide(cast["author"], title="Heat", slug="heat")
    address = url("education_guide_change", guide.pk)
    response = author.post(address, facts(author, address, slug="heat", title="My title", translation_of=""))
    assert "slug" in response.context["adminform"].form.errors
    assert b'value="My title"' in response.content
    author.post(address, facts(author, address, slug="cooling", translation_of=""))
    assert FormerSlug.objects.filter(guide=guide, slug="cold-therapy").exists()


def test_a_guide_is_made_from_its_facts_and_an_address_that_is_taken_is_refused(guide, author):
    sent = {"title": "Heat", "slug": "heat", "kind": "procedure", "language": "en", "review_interval_months": 12}
    taken = author.post(url("education_guide_add"), {**sent, "slug": "cold-therapy"})
    assert b"There is a problem" in taken.content
    assert b'value="Heat"' in taken.content
    response = author.post(url("education_guide_add"), sent)
    made = Guide.objects.get(slug="heat")
    assert response["Location"] == url("education_guide_change", made.pk)
    assert made.slug_at_creation == "heat"


def test_a_guide_is_never_its_own_translation(guide, author):
    address = url("education_guide_change", guide.pk)
    response = author.post(address, facts(author, address, translation_of=guide.pk))
    assert "translation_of" in response.context["adminform"].form.errors


def upload(content: bytes, name: str = "door.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def add_image(author: Client, **sent):
    sent = {"key": "door", "alternative_text": "The clinic's door", "credit": "", "licence": "", **sent}
    return author.post(url("education_image_add"), sent)


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!doctype html>", b"GIF89a"]
)
def test_what_is_no_picture_is_refused_at_its_field_and_what_was_typed_stays(content, author):
    response = add_image(author, upload=upload(content))
    assert "upload" in response.context["adminform"].form.errors
    assert b'value="The clinic&#x27;s door"' in response.content
    assert not Image.objects.exists()


def test_an_image_without_a_file_is_refused(author):
    assert "upload" in add_image(author).context["adminform"].form.errors


@pytest.mark.parametrize(
    "sent", [{"alternative_text": ""}, {"decorative": "on"}, {"alternative_text": "long " * 30}], ids=str
)
def test_an_image_is_described_or_decoration_and_not_both(sent, author):
    response = add_image(author, upload=upload(png()), **sent)
    assert "alternative_text" in response.context["adminform"].form.errors
    assert not Image.objects.exists()


def test_an_image_is_stored_re_encoded_shown_small_and_its_facts_change_without_a_new_file(author):
    assert add_image(author, upload=upload(png())).status_code == 302
    image = Image.objects.get()
    address = url("education_image_change", image.pk)
    shown = author.get(address)
    assert f'<img class="thumbnail" src="{image.url}" alt="The clinic&#x27;s door">'.encode() in shown.content
    assert b'class="thumbnail"' in author.get(url("education_image_changelist")).content
    stored = b"".join(author.get(image.url).streaming_content)
    with Picture.open(io.BytesIO(stored)) as picture:
        assert picture.format == "WEBP"
    author.post(address, facts(author, address, credit="A. Painter"))
    fresh = Image.objects.get()
    assert (fresh.credit, fresh.sha256) == ("A. Painter", image.sha256)


def test_the_front_desk_and_the_public_do_not_see_an_unpublished_image(author, cast):
    add_image(author, upload=upload(png()))
    image = Image.objects.get()
    assert Client().get(image.url).status_code == 404
    assert signed_in(cast["front_desk"]).get(image.url).status_code == 404


def test_a_reviewer_reads_a_source_and_gets_no_form_to_change_it(source, cast):
    response = signed_in(cast["reviewer"]).get(url("education_source_change", source.pk))
    assert b"A trial of cold" in response.content
    assert b'name="title"' not in response.content
    assert b'name="_save"' not in response.content


def test_the_form_carries_a_digest_of_each_value_and_not_the_value(source, author):
    carried = opened(author.get(url("education_source_change", source.pk)))
    assert "title" in carried
    assert "A trial of cold" not in str(carried)


def test_no_long_text_is_cut_by_the_browser_without_a_word(guide, author, source):
    for address in (url("education_guide_change", guide.pk), url("education_source_change", source.pk)):
        for area in author.get(address).content.decode().split("<textarea")[1:]:
            assert "maxlength" not in area.split(">")[0]


@pytest.mark.django_db(transaction=True)
def test_of_people_who_save_at_the_same_moment_one_is_first_and_the_others_are_asked(guide, cast):
    source = Source.objects.get()
    address = url("education_source_change", source.pk)
    clients = [signed_in(cast[who]) for who in ("author", "colleague", "owner")]
    sent = [facts(client, address, title=f"Title {number}") for number, client in enumerate(clients)]
    together = Barrier(len(clients))

    def save(number: int) -> int:
        together.wait()
        try:
            return clients[number].post(address, sent[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(save, range(len(clients))))
    assert sorted(answers) == [200, 200, 302]
    source.refresh_from_db()
    assert source.title == f"Title {answers.index(302)}"
