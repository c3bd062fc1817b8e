"""The page with an episode's files: what it shows, and what a form without JavaScript does."""

from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests.pages import soup, typed
from tests.studio.uploads.sending import (
    VTT,
    act,
    camera_picture,
    files,
    index,
    jpeg,
    left_in,
    mp3,
    mp4,
    page,
    picture,
    send,
)
from webapp import storage
from webapp.storage.history import Act
from webapp.studio.models import Revision, Upload

CHAPTERS = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "The letter"}]}'


def text_of(desk: FlaskClient, episode_id: int) -> str:
    return soup(page(desk, episode_id)).main.get_text(" ", strip=True)


def mended(answer) -> list[str]:
    return [line.get_text(strip=True) for line in soup(answer).select(".c-errors li")]


def test_a_video_that_is_sent_is_a_file_of_the_episode(
    desk: FlaskClient, draft: int, media: Path, uploads: Path
):
    answer = send(desk, draft, mp4(seconds=65), "../../My film.MP4")

    assert answer.status_code == 302
    file = files(draft)["video.mp4"]
    assert (file.content_type, file.duration) == ("video/mp4", 65.0)
    assert "media:\n- file: video.mp4\n" in index(draft)
    assert "duration: 65" in index(draft)
    assert (media / file.sha256[:2] / file.sha256).read_bytes() == mp4(seconds=65)
    assert left_in(uploads) == []
    assert f"video.mp4 Video, MP4 · {len(mp4())} bytes · 1:05 · plays first" in text_of(desk, draft)


def test_what_is_sent_is_a_revision_and_stands_in_the_log(desk: FlaskClient, draft: int):
    send(desk, draft, mp4())

    revision = storage.read().scalars(select(Revision).order_by(Revision.number.desc())).first()
    act = storage.read().scalars(select(Act).where(Act.action == "file")).one()
    assert (revision.number, revision.action, revision.author) == (2, "file", "Edith")
    assert "video.mp4" in revision.files
    assert act.subject_id == str(draft)


def test_a_poster_is_drawn_anew_upright_and_without_what_a_camera_wrote(
    desk: FlaskClient, draft: int, media: Path
):
    assert send(desk, draft, camera_picture((40, 20)), "p.jpg", purpose="poster").status_code == 302

    kept = media / files(draft)["poster.jpg"].sha256[:2] / files(draft)["poster.jpg"].sha256
    assert b"SecretPhone" not in kept.read_bytes()
    assert b"at home" not in kept.read_bytes()
    with Image.open(kept) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (20, 40), {})
    shown = soup(page(desk, draft)).select_one("#f-poster img")
    assert shown["src"] == f"/desk/episodes/{draft}/files/poster.jpg/small"
    assert shown.parent["href"] == f"/desk/episodes/{draft}/files/poster.jpg"
    assert "20 × 40" in text_of(desk, draft)


def test_another_video_comes_behind_the_first(desk: FlaskClient, draft: int):
    send(desk, draft, mp4(seconds=65))
    send(desk, draft, mp4(seconds=20))
    send(desk, draft, mp3())

    assert set(files(draft)) == {"index.md", "video.mp4", "video-2.mp4", "audio.mp3"}
    assert "duration: 65" in index(draft)


def test_the_same_file_once_more_changes_nothing_and_says_so(desk: FlaskClient, draft: int):
    send(desk, draft, mp4())
    before = index(draft)

    assert send(desk, draft, mp4(), "other.mp4").status_code == 302

    assert index(draft) == before
    assert "This very file is there already, as video.mp4." in page(desk, draft).text


def test_a_file_takes_the_place_of_another_and_keeps_its_label(desk: FlaskClient, draft: int):
    send(desk, draft, mp4(seconds=65))
    send(desk, draft, mp3())
    act(desk, draft, "primary", name="audio.mp3")

    assert send(desk, draft, mp4(seconds=90), replaces="video.mp4").status_code == 302

    assert files(draft)["video.mp4"].duration == 90.0
    assert "- file: video.mp4\n- file: audio.mp3\n  primary: true\n" in index(draft)
    assert "duration: 90" in index(draft)


def test_a_file_of_another_kind_takes_the_place_under_another_name(desk: FlaskClient, draft: int):
    send(desk, draft, mp4())

    send(desk, draft, mp3(), replaces="video.mp4")

    assert set(files(draft)) == {"index.md", "audio.mp3"}
    assert "media:\n- file: audio.mp3\n" in index(draft)


def test_a_file_that_is_removed_is_had_back_from_the_revision_before(desk: FlaskClient, draft: int):
    send(desk, draft, mp4())

    assert act(desk, draft, "remove", name="video.mp4").status_code == 302

    assert set(files(draft)) == {"index.md"}
    assert "media" not in index(draft)
    assert "Removed." in page(desk, draft).text
    kept = storage.read().get_one(Revision, (draft, 2)).files
    assert "video.mp4" in kept


@pytest.mark.parametrize("name", ["index.md", "nothing.mp4", "../../keys", ""])
def test_nothing_is_removed_that_is_no_file_of_the_episode(
    desk: FlaskClient, draft: int, name: str
):
    before = files(draft)

    assert act(desk, draft, "remove", name=name).status_code == 302

    assert files(draft) == before


def test_a_file_that_is_refused_is_named_with_its_reason_until_it_is_put_away(
    desk: FlaskClient, draft: int, uploads: Path
):
    answer = send(desk, draft, b"\x1a\x45\xdf\xa3webm", "talk.mp4")

    assert answer.status_code == 422
    (words,) = mended(answer)
    assert words.startswith("talk.mp4: It is a WebM or Matroska video.")
    assert "It is a WebM or Matroska video." in text_of(desk, draft)
    assert left_in(uploads) == []
    refused = storage.read().scalars(select(Upload)).one()
    stop = soup(answer).select_one(f"form[action='/desk/uploads/{refused.id}/stop']")
    desk.post(stop["action"], data={"csrf_token": stop.select_one("input")["value"]})
    assert "WebM" not in text_of(desk, draft)


def test_a_form_without_a_file_asks_for_one(desk: FlaskClient, draft: int):
    answer = send(desk, draft, b"", "")

    assert answer.status_code == 422
    assert mended(answer) == ["Choose a file."]


def test_a_form_that_was_open_for_too_long_says_so(desk: FlaskClient, draft: int):
    answer = send(desk, draft, mp4(), csrf_token="stale")

    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert set(files(draft)) == {"index.md"}


def test_a_transcript_by_its_content_and_in_its_language(desk: FlaskClient, draft: int):
    given = {"language": "pt-BR", "file": (BytesIO(VTT.encode()), "talk.srt")}

    assert act(desk, draft, "transcript", **given).status_code == 302

    assert files(draft)["transcript.pt-BR.vtt"].text == VTT
    assert typed(page(desk, draft), "language") == "pt-BR"


def test_another_transcript_takes_the_place_of_the_first(desk: FlaskClient, draft: int):
    act(desk, draft, "transcript", language="en", text=VTT)
    srt = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"

    act(desk, draft, "transcript", language="de", text=srt)

    assert set(files(draft)) == {"index.md", "transcript.de.srt"}


def test_a_transcript_with_problems_is_kept_in_the_form_with_a_report(
    desk: FlaskClient, draft: int
):
    wrong = f"{VTT}\n00:09.000 --> 00:08.000\nBackwards.\n"

    answer = act(desk, draft, "transcript", language="en", file=(BytesIO(wrong.encode()), "a.vtt"))

    assert answer.status_code == 422
    assert typed(answer, "text") == wrong
    said = soup(answer).select_one(".c-files__report").get_text(" ", strip=True)
    assert "1 cue can be read, up to 0:04, with the voices of The Host" in said
    assert "Line 6: This cue ends before it has begun." in said
    assert set(files(draft)) == {"index.md"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"language": "en", "text": ""}, "Choose a file, or paste the text of one."),
        (
            {"language": "English!", "text": VTT},
            "Write the language as a tag, such as en or pt-BR.",
        ),
        ({"language": "en", "text": "Just words."}, "There are no times in it."),
        ({"language": "en", "file": jpeg()}, "It is no text."),
        ({"language": "en", "file": b"WEBVTT\n\xff"}, "Save it as UTF-8"),
    ],
)
def test_what_is_no_transcript_is_refused_in_words(
    desk: FlaskClient, draft: int, fields: dict, words: str
):
    if "file" in fields:
        fields = fields | {"file": (BytesIO(fields["file"]), "a.vtt")}

    answer = act(desk, draft, "transcript", **fields)

    assert answer.status_code == 422
    assert any(words in line for line in mended(answer))


def test_chapters_are_taken_as_they_are(desk: FlaskClient, draft: int):
    text = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "One"}], "mine": 1}\n'

    assert act(desk, draft, "chapters", text=text).status_code == 302

    assert files(draft)["chapters.json"].text == text


def test_chapters_that_cannot_be_read_are_kept_in_the_form(desk: FlaskClient, draft: int):
    answer = act(desk, draft, "chapters", text="{")

    assert answer.status_code == 422
    assert "This is not JSON" in mended(answer)[0]
    assert soup(answer).select_one("#chapters-text").get_text().strip() == "{"


def test_a_file_whose_bytes_are_gone_is_said_to_be(desk: FlaskClient, draft: int, media: Path):
    send(desk, draft, picture(), "p.png", purpose="poster")
    sha256 = files(draft)["poster.jpg"].sha256
    (media / sha256[:2] / sha256).unlink()

    assert "Its bytes are missing from the media folder." in text_of(desk, draft)


def test_an_episode_that_is_not_there_has_no_files(desk: FlaskClient, draft: int):
    assert desk.get("/desk/episodes/999/files").status_code == 404
    answer = desk.post(
        "/desk/episodes/999/files",
        data={
            "csrf_token": typed(page(desk, draft), "csrf_token"),
            "purpose": "medium",
            "file": (BytesIO(mp4()), "a.mp4"),
        },
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("what", "theirs", "mine"),
    [
        ("transcript", VTT, VTT.replace("Hello", "Goodbye")),
        ("chapters", CHAPTERS, CHAPTERS.replace("The letter", "Its letter")),
    ],
)
def test_a_text_that_somebody_else_saved_meanwhile_is_shown_and_not_written_over(
    desk: FlaskClient, draft: int, what: str, theirs: str, mine: str
):
    seen = {"language": "en", "seen": ""}
    act(desk, draft, what, text=theirs, **seen)

    answer = act(desk, draft, what, text=mine, **seen)

    assert answer.status_code == 409
    form = soup(answer).select_one(f"form[action$='/{what}']")
    assert form.textarea.get_text().strip() == mine.strip()
    assert form.select_one("pre").get_text() == theirs
    assert {file.text for name, file in files(draft).items() if name != "index.md"} == {theirs}
    again = {"language": "en", "seen": form.select_one("[name=seen]")["value"]}
    assert act(desk, draft, what, text=mine, **again).status_code == 302
    assert mine in {file.text for file in files(draft).values()}
