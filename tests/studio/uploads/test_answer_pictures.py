"""Pictures in the written answer: sent on the files page, named in the text, shown on the page."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.pages import soup
from tests.studio.uploads.sending import (
    EDITH,
    SVG,
    act,
    address,
    camera_picture,
    files,
    mp4,
    page,
    picture,
    publish,
    send,
)
from webapp import storage
from webapp.episodes.bundle_files import Files, text_file
from webapp.studio.preview_links import make_link
from webapp.studio.saving import change_files

TEXT = "Hang it like this: ![A towel on a hook](picture.jpg)\n"


@pytest.fixture
def with_picture(desk: FlaskClient, draft: int) -> int:
    """A draft with a picture beside its text, which does not show it yet; its id."""
    sent = send(desk, draft, camera_picture((400, 200)), "IMG_2034.JPG", purpose="picture")
    assert sent.status_code == 302
    return draft


def write(episode_id: int, text: str) -> None:
    """Put a text behind an episode's front matter."""

    def change(before: Files) -> Files:
        return {**before, "index.md": text_file(f"{before['index.md'].text}\n{text}")}

    change_files(change, episode_id=episode_id, actor=EDITH)


def lines(desk: FlaskClient, episode_id: int) -> str:
    return soup(page(desk, episode_id)).select_one("#f-picture").get_text(" ", strip=True)


def test_a_picture_is_drawn_anew_and_says_how_it_is_shown(
    desk: FlaskClient, with_picture: int, media: Path
):
    kept = files(with_picture)["picture.jpg"]
    with Image.open(media / kept.sha256[:2] / kept.sha256) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (200, 400), {})
    assert "Not shown yet. Write this where it belongs: ![What is on it](picture.jpg)" in lines(
        desk, with_picture
    )


def test_a_picture_that_the_text_names_is_on_the_page_and_in_the_feed(
    app: Flask, desk: FlaskClient, with_picture: int
):
    write(with_picture, TEXT)

    at = publish(with_picture)

    reader = app.test_client()
    shown = soup(reader.get(at)).select_one("main img[src*=picture]")
    assert (shown["src"], shown["alt"]) == (f"{at}/media/picture.jpg", "A towel on a hook")
    answer = reader.get(shown["src"])
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "public, max-age=0"  # replaced, it is gone at once
    assert f"{at}/media/picture.jpg" in reader.get("/feeds/episodes.atom").text
    assert "It stands in the written answer." in lines(desk, with_picture)


def test_a_picture_that_no_text_names_is_nowhere_for_readers(app: Flask, with_picture: int):
    write(with_picture, "Nothing to see.\n")

    assert app.test_client().get(f"{publish(with_picture)}/media/picture.jpg").status_code == 404


def test_a_picture_of_an_episode_that_is_not_out_is_nowhere_for_readers(
    app: Flask, with_picture: int
):
    write(with_picture, TEXT)

    reader = app.test_client()
    assert reader.get(f"{address(with_picture)}/media/picture.jpg").status_code == 404


def test_a_preview_shows_the_picture_from_the_desk(desk: FlaskClient, with_picture: int):
    write(with_picture, TEXT)

    shown = soup(desk.get(f"/desk/episodes/{with_picture}/preview")).select_one(
        "main img[src*=picture]"
    )

    assert shown["src"] == f"/desk/episodes/{with_picture}/files/picture.jpg"
    assert desk.get(shown["src"]).content_type == "image/jpeg"


def test_a_text_may_name_a_picture_before_it_is_there(app: Flask, desk: FlaskClient, draft: int):
    write(draft, TEXT)
    assert "A towel on a hook" in desk.get(f"/desk/episodes/{draft}/preview").text

    send(desk, draft, picture(), "towel.png", purpose="picture")

    at = publish(draft)
    assert soup(app.test_client().get(at)).select_one(f'img[src="{at}/media/picture.jpg"]')


def test_a_picture_that_was_removed_is_its_words(app: Flask, desk: FlaskClient, with_picture: int):
    write(with_picture, TEXT)
    at = publish(with_picture)

    act(desk, with_picture, "remove", name="picture.jpg")

    reader = app.test_client()
    assert "A towel on a hook" in reader.get(at).text
    assert reader.get(f"{at}/media/picture.jpg").status_code == 404


def test_a_picture_moves_with_the_address_of_its_episode(app: Flask, with_picture: int):
    write(with_picture, TEXT)
    at = publish(with_picture)

    def rename(before: Files) -> Files:
        text = before["index.md"].text.replace("slug: rain", "slug: towels")
        return {**before, "index.md": text_file(text)}

    change_files(rename, episode_id=with_picture, actor=EDITH)

    assert (at, address(with_picture)) == ("/episodes/rain", "/episodes/towels")
    reader = app.test_client()
    assert soup(reader.get("/episodes/towels")).select_one(
        'img[src="/episodes/towels/media/picture.jpg"]'
    )
    assert reader.get("/episodes/towels/media/picture.jpg").status_code == 200


def test_another_picture_takes_the_place_of_one(desk: FlaskClient, with_picture: int):
    before = files(with_picture)["picture.jpg"].sha256

    send(desk, with_picture, picture(), purpose="picture", replaces="picture.jpg")
    send(desk, with_picture, picture(size=(30, 30)), purpose="picture")
    send(desk, with_picture, picture(size=(30, 30)), purpose="picture")

    names = set(files(with_picture)) - {"index.md"}
    assert names == {"picture.jpg", "picture-2.jpg"}
    assert files(with_picture)["picture.jpg"].sha256 != before


def test_the_poster_may_stand_in_the_answer_as_well(desk: FlaskClient, draft: int):
    send(desk, draft, picture(), purpose="poster")
    send(desk, draft, picture(), purpose="picture")

    assert set(files(draft)) == {"index.md", "poster.jpg", "picture.jpg"}


def test_a_picture_takes_the_place_of_one_though_it_is_there_under_another_name(
    desk: FlaskClient, with_picture: int
):
    send(desk, with_picture, picture(size=(30, 30)), purpose="picture")
    send(desk, with_picture, picture(size=(30, 30)), purpose="picture", replaces="picture.jpg")

    there = files(with_picture)
    assert there["picture.jpg"].sha256 == there["picture-2.jpg"].sha256


@pytest.mark.parametrize("name", ["poster.jpg", "square.jpg"])
def test_a_picture_never_takes_the_place_of_a_poster(desk: FlaskClient, draft: int, name: str):
    send(desk, draft, picture("JPEG", (1400, 1400)), purpose=name.removesuffix(".jpg"))
    before = files(draft)[name]

    send(desk, draft, picture(), purpose="picture", replaces=name)

    assert files(draft)[name] == before
    assert "picture.jpg" in files(draft)


def test_a_preview_link_shows_what_the_page_shows_and_nothing_beside_it(
    app: Flask, desk: FlaskClient, with_picture: int
):
    send(desk, with_picture, picture(size=(30, 30)), purpose="picture")
    write(with_picture, TEXT)
    token = storage.write(make_link, episode_id=with_picture, actor=EDITH, days=1)

    visitor = app.test_client()
    assert visitor.get(f"/preview/{token}/picture.jpg").status_code == 200
    assert visitor.get(f"/preview/{token}/picture-2.jpg").status_code == 404


@pytest.mark.parametrize("data", [SVG, mp4(), b""])
def test_what_is_no_picture_is_refused_with_a_reason(desk: FlaskClient, draft: int, data: bytes):
    answer = send(desk, draft, data, "picture.jpg", purpose="picture")

    assert answer.status_code == 422
    assert soup(answer).select_one(".c-errors li").get_text(strip=True)
    assert set(files(draft)) == {"index.md"}


def test_the_list_shows_a_picture_small(desk: FlaskClient, draft: int, tmp_path: Path):
    send(desk, draft, picture(size=(1600, 800)), purpose="picture")
    send(desk, draft, mp4())

    shown = soup(page(desk, draft))
    small = tmp_path / "small.jpg"
    small.write_bytes(desk.get(shown.select_one("#f-picture img")["src"]).data)
    with Image.open(small) as drawn:
        assert drawn.size == (320, 160)
    assert shown.select_one("#f-media video")["preload"] == "metadata"
    assert desk.get(f"/desk/episodes/{draft}/files/video.mp4/small").status_code == 404
    assert desk.get(f"/desk/episodes/{draft}/files/nothing.jpg/small").status_code == 404
