"""Files that come in pieces: begun, gone on with from another tab or the next day, stopped."""

import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import soup
from tests.staff.members import token
from tests.studio.uploads.sending import a_draft, files, left_in, mp4, page
from webapp import clock, storage
from webapp.studio.models import Upload
from webapp.studio.uploads import receiving
from webapp.web.large_bodies import NoRoom

FILM = mp4(seconds=9)
PIECE = "application/offset+octet-stream"


def begin(desk: FlaskClient, episode_id: int, size: int = len(FILM), **fields: str) -> TestResponse:
    """Begin a film in pieces."""
    given = {
        "csrf_token": token(page(desk, episode_id)),
        "episode": str(episode_id),
        "purpose": "medium",
        "name": "film.mp4",
        "size": str(size),
    }
    return desk.post("/desk/uploads", data=given | fields)


def piece(
    desk: FlaskClient, told: dict, data: bytes, offset: int | str, **headers: str
) -> TestResponse:
    """Send a piece of a film that has been begun."""
    given = {
        "Content-Type": PIECE,
        "Upload-Offset": str(offset),
        "X-CSRFToken": told["token"],
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.patch(told["url"], data=data, headers=given | named)


def row(told: dict) -> Upload:
    storage.read().rollback()
    return storage.read().get_one(Upload, UUID(told["url"].rpartition("/")[2]))


def test_a_file_in_pieces_is_a_file_of_the_episode_with_the_last(
    desk: FlaskClient, draft: int, uploads: Path
):
    begun = begin(desk, draft)
    told = begun.get_json()

    first = piece(desk, told, FILM[:100], 0)
    before = set(files(draft))
    last = piece(desk, told, FILM[100:], 100)

    assert begun.status_code == 201
    assert (first.get_json()["received"], first.get_json()["state"]) == (100, "arriving")
    assert before == {"index.md"}
    assert (last.get_json()["state"], last.get_json()["received"]) == ("kept", len(FILM))
    assert files(draft)["video.mp4"].sha256 == sha256(FILM).hexdigest()
    assert "It is there. It is called video.mp4 here." in page(desk, draft).text


def test_why_a_file_in_pieces_is_refused_is_said_when_the_page_comes_anew(
    desk: FlaskClient, draft: int, uploads: Path
):
    webm = b"\x1a\x45\xdf\xa3" + bytes(200)
    told = begin(desk, draft, size=len(webm)).get_json()

    last = piece(desk, told, webm, 0)

    assert last.get_json()["state"] == "refused"
    told_line = soup(page(desk, draft)).select_one(".c-told__line.is-problem").get_text()
    assert "film.mp4: It is a WebM or Matroska video." in told_line
    assert soup(page(desk, draft)).select_one(".c-told__line") is None
    assert left_in(uploads) == []


def test_whoever_begins_the_same_file_again_goes_on_with_it(desk: FlaskClient, draft: int):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)

    again = begin(desk, draft).get_json()

    assert (again["url"], again["received"]) == (told["url"], 100)
    assert again["mark"] == sha256(FILM[:100] + FILM[:100]).hexdigest()
    other = begin(desk, draft, size=len(FILM) + 1).get_json()
    assert other["url"] != told["url"]


def test_how_far_it_has_come_is_told_the_next_day_and_in_words(desk: FlaskClient, draft: int):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)

    assert desk.get(told["url"]).get_json()["received"] == 100
    shown = page(desk, draft).text
    assert f"100 bytes of {len(FILM)} bytes, {100 * 100 // len(FILM)} %, from you" in shown
    assert "choose the same file again" in shown


@pytest.mark.parametrize("offset", [0, 50, 101, 10**15])
def test_a_piece_of_another_place_is_refused_and_told_where_to_go_on(
    desk: FlaskClient, draft: int, offset: int
):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)

    answer = piece(desk, told, b"x" * 10, offset)

    assert answer.status_code == 409
    assert answer.get_json()["received"] == 100
    assert row(told).received == 100


@pytest.mark.parametrize("offset", ["-1", "", "one", "1.5", "²", "9" * 17])
def test_a_piece_that_does_not_say_where_it_begins_is_refused(
    desk: FlaskClient, draft: int, offset: str
):
    told = begin(desk, draft).get_json()

    assert piece(desk, told, b"x", offset.encode().decode("latin-1")).status_code == 422
    assert row(told).received == 0


def test_more_than_was_announced_is_refused(desk: FlaskClient, draft: int, uploads: Path):
    told = begin(desk, draft, size=10).get_json()

    answer = piece(desk, told, FILM[:11], 0)

    assert answer.status_code == 422
    assert "more than the file was said to have" in answer.get_json()["words"]
    assert row(told).received == 0


def test_a_piece_of_more_than_a_mebibyte_is_too_much(desk: FlaskClient, draft: int):
    told = begin(desk, draft, size=3_000_000).get_json()

    assert piece(desk, told, bytes(receiving.MOST_AT_ONCE + 1), 0).status_code == 413


def test_a_piece_needs_the_token_and_its_own_kind(desk: FlaskClient, draft: int):
    told = begin(desk, draft).get_json()

    stale = piece(desk, told, b"x", 0, X_CSRFToken="stale")
    form = piece(desk, told, b"x=1", 0, Content_Type="application/x-www-form-urlencoded")

    assert (stale.status_code, form.status_code) == (422, 422)
    assert stale.get_json()["token"] == told["token"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("0", "0 bytes arrived"),
        ("-5", "0 bytes arrived"),
        ("many", "Say how many bytes the file has."),
        ("1e9", "Say how many bytes the file has."),
        ("", "Say how many bytes the file has."),
        (str(2**60), "that this site takes"),
        (str(10**30), "that this site takes"),
    ],
)
def test_a_size_that_no_file_has_is_refused(desk: FlaskClient, draft: int, size: str, words: str):
    answer = begin(desk, draft, size=size)

    assert answer.status_code == 422
    assert words in answer.get_json()["words"]


def test_a_file_larger_than_the_site_takes_is_refused_before_a_byte(
    desk: FlaskClient, draft: int, uploads: Path
):
    answer = begin(desk, draft, size=4 * 1024**3 + 1)

    assert answer.status_code == 422
    assert "larger than the 4.3 GB that this site takes" in answer.get_json()["words"]
    assert left_in(uploads) == []


def test_what_the_disk_has_no_room_for_is_refused_before_a_byte(
    desk: FlaskClient, draft: int, uploads: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_room(_folder: Path, _wanted: int) -> None:
        raise NoRoom

    monkeypatch.setattr(receiving, "ask_for_room", no_room)

    answer = begin(desk, draft)

    assert answer.status_code == 503
    assert "too full" in answer.text
    assert left_in(uploads) == []


def test_nobody_has_more_than_five_under_way(desk: FlaskClient, draft: int, uploads: Path):
    for number in range(5):
        assert begin(desk, draft, name=f"{number}.mp4").status_code == 201

    answer = begin(desk, draft, name="6.mp4")

    assert answer.status_code == 422
    assert "5 files of yours are on their way" in answer.get_json()["words"]
    assert len(left_in(uploads)) == 5


def test_a_file_that_was_stopped_takes_no_more(desk: FlaskClient, draft: int, uploads: Path):
    told = begin(desk, draft).get_json()
    answer = desk.post(
        f"{told['url']}/stop",
        data={"csrf_token": told["token"]},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 200
    assert piece(desk, told, FILM, 0).status_code == 404
    assert left_in(uploads) == []


def test_two_tabs_at_once_do_not_mix_their_pieces(desk: FlaskClient, draft: int, uploads: Path):
    told = begin(desk, draft).get_json()
    place = uploads / UUID(told["url"].rpartition("/")[2]).hex

    with receiving.holding(place):
        busy = piece(desk, told, FILM[:100], 0)
    after = piece(desk, told, FILM[:100], 0)

    assert busy.status_code == 409
    assert "Another tab" in busy.get_json()["words"]
    assert after.get_json()["received"] == 100


def test_many_who_send_the_same_piece_leave_one(app: Flask, desk: FlaskClient, draft: int):
    told = begin(desk, draft).get_json()
    upload = row(told)
    upload_id, staff_id = upload.id, upload.staff_id
    done: list[int] = []

    def send() -> None:
        with app.app_context():
            try:
                receiving.receive(
                    upload_id=upload_id, staff_id=staff_id, offset=0, block=FILM[:100]
                )
                done.append(1)
            except receiving.Conflict:
                done.append(0)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sum(done) == 1
    assert row(told).received == 100


def test_what_was_not_acknowledged_is_cut_off_before_the_next_piece(
    desk: FlaskClient, draft: int, uploads: Path
):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)
    place = uploads / UUID(told["url"].rpartition("/")[2]).hex
    with place.open("ab") as file:
        file.write(b"half a piece of a process that was killed")

    piece(desk, told, FILM[100:], 100)

    assert files(draft)["video.mp4"].sha256 == sha256(FILM).hexdigest()


def test_bytes_that_are_gone_from_the_disk_are_not_made_up(
    desk: FlaskClient, draft: int, uploads: Path
):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)
    (uploads / UUID(told["url"].rpartition("/")[2]).hex).write_bytes(b"")

    answer = piece(desk, told, FILM[100:], 100)

    assert answer.status_code == 422
    assert "gone from the disk" in answer.get_json()["words"]


def test_an_upload_outlives_a_day(desk: FlaskClient, draft: int):
    told = begin(desk, draft).get_json()
    piece(desk, told, FILM[:100], 0)

    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        answer = piece(desk, told, FILM[100:], 100)

    assert answer.get_json()["state"] == "kept"


def test_two_drafts_keep_the_same_bytes_once(desk: FlaskClient, draft: int, media: Path):
    other = a_draft("Wind")
    for episode in (draft, other):
        piece(desk, begin(desk, episode).get_json(), FILM, 0)

    digest = sha256(FILM).hexdigest()
    assert files(draft)["video.mp4"].sha256 == files(other)["video.mp4"].sha256 == digest
    assert (media / digest[:2] / digest).stat().st_nlink == 1
