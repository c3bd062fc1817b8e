"""The square picture of an episode for podcast apps, sent on the files page."""

import io

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.pages import soup
from tests.studio.uploads.sending import (
    SVG,
    act,
    camera_picture,
    files,
    mp4,
    page,
    picture,
    publish,
    send,
)

WHOLE = (1400, 1400)


def test_a_square_is_written_anew_and_shown_in_the_list(desk: FlaskClient, draft: int):
    sent = send(desk, draft, camera_picture(WHOLE, turned=1), "IMG.JPG", purpose="square")

    assert sent.status_code == 302
    shown = soup(page(desk, draft)).select_one("#f-square")
    assert "1400 × 1400" in shown.get_text()
    kept = desk.get(f"/desk/episodes/{draft}/files/square.jpg").data
    assert b"SecretPhone" not in kept
    with Image.open(io.BytesIO(desk.get(shown.img["src"]).data)) as small:
        assert small.size == (320, 320)


def test_another_square_takes_its_place_whatever_its_kind(desk: FlaskClient, draft: int):
    send(desk, draft, picture("JPEG", WHOLE), purpose="square")
    send(desk, draft, picture("PNG", (1500, 1500)), purpose="square")

    assert set(files(draft)) == {"index.md", "square.png"}
    shown = soup(page(desk, draft)).select_one("#f-square img")
    assert desk.get(shown["src"]).content_type == "image/jpeg"


def test_a_square_is_what_the_feed_names(app: Flask, desk: FlaskClient, draft: int):
    send(desk, draft, mp4())
    send(desk, draft, picture("PNG", WHOLE), purpose="square")
    publish(draft)

    feed = feedparser.parse(app.test_client().get("/feeds/podcast.xml").data)
    assert feed.entries[0].image.href.endswith(".png")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (picture("PNG", (1400, 1000)), "This one is 1,400 by 1,000 pixels."),
        (picture("PNG", (300, 300)), "This one is 300 by 300 pixels."),
        (SVG, "This is no whole JPEG or PNG picture."),
    ],
)
def test_what_apps_do_not_take_is_refused_with_its_figures(
    desk: FlaskClient, draft: int, data: bytes, said: str
):
    answer = send(desk, draft, data, purpose="square")

    assert answer.status_code == 422
    assert said in soup(answer).select_one(".c-errors li").get_text()
    assert set(files(draft)) == {"index.md"}


def test_a_square_that_is_removed_is_drawn_again(desk: FlaskClient, draft: int):
    send(desk, draft, picture("JPEG", WHOLE), purpose="square")
    act(desk, draft, "remove", name="square.jpg")

    assert set(files(draft)) == {"index.md"}
    assert "None of its own" in soup(page(desk, draft)).select_one("#f-square").get_text()
