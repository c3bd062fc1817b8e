"""What other sites show of an episode."""

import pytest
from bs4 import BeautifulSoup

from tests.feeds.made import HOSTILE, TAMED
from tests.feeds.reading import tree_of
from webapp.feeds.oembed import Card, Picture, Room, describe, find_slug, to_xml

ORIGINS = frozenset({"https://show.example", "http://abc.onion:8080"})
PICTURE = Picture("https://show.example/episodes/a/card/1.jpg", 1280, 720)


def a_card(**changes: object) -> Card:
    values = {
        "title": "Thin walls",
        "author": "The Host",
        "show": "The Test Show",
        "home": "https://show.example/",
        "frame": "https://show.example/episodes/thin-walls/embed",
        "thumbnail": PICTURE,
    }
    return Card(**(values | changes))


@pytest.mark.parametrize(
    "address",
    [
        "https://show.example/episodes/thin-walls",
        "http://show.example/episodes/thin-walls",
        "https://SHOW.example:443/episodes/thin-walls/",
        "http://show.example:80/episodes/thin-walls?utm=1#part-one",
        "http://abc.onion:8080/episodes/thin-walls",
        "https://show.example/episodes/thin%2Dwalls",
    ],
)
def test_an_episode_is_found_by_any_address_of_this_site(address: str):
    assert find_slug(address, ORIGINS) == "thin-walls"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "thin-walls",
        "/episodes/thin-walls",
        "ftp://show.example/episodes/thin-walls",
        "javascript://show.example/episodes/thin-walls",
        "https://show.example.evil/episodes/thin-walls",
        "https://evil.example/episodes/thin-walls",
        "https://show.example@evil.example/episodes/thin-walls",
        "https://a@show.example/episodes/thin-walls",
        "https://show.example:8443/episodes/thin-walls",
        "https://show.example:x/episodes/thin-walls",
        "https://[::1/episodes/thin-walls",
        "https://show.example/episodes/",
        "https://show.example/topics/thin-walls",
        "https://show.example/episodes/thin-walls/embed",
        "https://show.example/episodes/..%2F..%2Fdesk",
    ],
)
def test_any_other_address_is_none_of_ours(address: str):
    assert find_slug(address, ORIGINS) is None


def test_the_answer_is_a_frame_of_the_page_made_for_it():
    answer = describe(a_card(), Room())
    frame = BeautifulSoup(str(answer["html"]), "html.parser").iframe

    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert (answer["title"], answer["author_name"]) == ("Thin walls", "The Host")
    assert answer["provider_name"] == "The Test Show"
    assert frame["src"] == "https://show.example/episodes/thin-walls/embed"
    assert frame["title"] == "Thin walls"
    assert frame["loading"] == "lazy"
    assert (frame["width"], frame["height"]) == (str(answer["width"]), str(answer["height"]))
    assert answer["thumbnail_url"] == PICTURE.address
    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (1280, 720)


@pytest.mark.parametrize(
    ("room", "size"),
    [
        (Room(), (640, 480)),
        (Room(width=300), (300, 480)),
        (Room(height=200), (640, 200)),
        (Room(4000, 4000), (640, 480)),
    ],
)
def test_the_frame_fits_into_the_room_there_is(room: Room, size: tuple[int, int]):
    answer = describe(a_card(), room)

    assert (answer["width"], answer["height"]) == size


@pytest.mark.parametrize("room", [Room(width=1279), Room(height=719)])
def test_a_picture_that_does_not_fit_is_left_out(room: Room):
    assert "thumbnail_url" not in describe(a_card(), room)


def test_an_episode_without_a_picture_is_shown_all_the_same():
    assert "thumbnail_url" not in describe(a_card(thumbnail=None), Room())


def test_hostile_titles_stay_words_in_the_frame_and_in_xml():
    answer = describe(a_card(title=HOSTILE), Room())

    assert BeautifulSoup(str(answer["html"]), "html.parser").find("script") is None
    assert tree_of(to_xml(answer)).findtext("title") == TAMED


def test_xml_says_the_same():
    answer = describe(a_card(), Room())

    read = {element.tag: element.text for element in tree_of(to_xml(answer))}
    assert read == {name: str(value) for name, value in answer.items()}
