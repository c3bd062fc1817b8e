"""An episode's folder: what is read of it, and what is named as wrong."""

import pytest

from tests.transfer.conftest import VTT, problems_of
from tests.transfer.made_media import jpeg, mp3, mp4
from webapp.studio.revisions import fingerprint_of
from webapp.studio.source.files import EpisodeFolder
from webapp.transcripts import Cue
from webapp.transfer.bundle import read_bundle

PLACE = "episodes/getting-to-yes"
SRT = """\
1
00:00:00,000 --> 00:00:04,500
>> Dot Farrow: Hang on.

2
00:00:04,500 --> 00:00:06,000
>> Sam: No.
"""


def read(show) -> EpisodeFolder:
    return read_bundle(show).episodes[0]


def test_an_episode_has_its_text_as_written_and_as_rendered(show, episode):
    bundle = read_bundle(show)
    found = bundle.episodes[0]
    assert bundle.texts[found.index] == (episode / "index.md").read_text()
    assert "Short answer." in found.expansion.short_answer_html
    assert [part.id for part in found.expansion.parts] == ["one", "two"]


def test_the_transcript_has_the_language_of_its_name(show, episode):
    (episode / "transcript.en.vtt").rename(episode / "transcript.pt-BR.vtt")
    found = read(show)
    assert found.language == "pt-BR"
    assert [cue.voice for cue in found.cues] == ["Dot Farrow"]


def test_transcript_chapters_and_poster_may_be_missing(show, episode):
    for name in ("transcript.en.vtt", "chapters.json", "poster.jpg"):
        (episode / name).unlink()
    found = read(show)
    assert (found.language, found.transcript, found.cues) == ("", None, ())
    assert (found.chapters, found.poster) == ((), None)


def test_the_transcript_may_be_srt(show, episode):
    (episode / "transcript.en.vtt").unlink()
    (episode / "transcript.de-CH.srt").write_text(SRT)
    found = read(show)
    assert found.language == "de-CH"
    assert found.cues == (Cue(0.0, 4.5, "Dot Farrow", "Hang on."), Cue(4.5, 6.0, "Sam", "No."))
    assert read_bundle(show).texts[f"{PLACE}/transcript.de-CH.srt"] == SRT


@pytest.mark.parametrize("suffix", ["vtt", "srt"])
def test_a_transcript_without_a_language_is_refused(show, episode, suffix):
    (episode / "transcript.en.vtt").unlink()
    (episode / f"transcript.{suffix}").write_text({"vtt": VTT, "srt": SRT}[suffix])
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/transcript.{suffix}: expected a name with the language")
    assert problem.endswith(f"such as transcript.en.{suffix}")


@pytest.mark.parametrize(
    ("second", "text"),
    [("transcript.de.vtt", VTT), ("transcript.en.srt", SRT), ("transcript.fr.srt", SRT)],
)
def test_a_second_transcript_is_refused(show, episode, second, text):
    (episode / second).write_text(text)
    (problem,) = problems_of(show)
    one, other = sorted(["transcript.en.vtt", second])
    assert problem == f"{PLACE}/{other}: expected one transcript, and there is {PLACE}/{one}"


def test_problems_of_the_transcript_come_with_their_lines(show, episode):
    (episode / "transcript.en.vtt").write_text(VTT + "\nlost words\n")
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/transcript.en.vtt, line 6: ")


def test_problems_of_an_srt_transcript_come_with_their_lines(show, episode):
    (episode / "transcript.en.vtt").unlink()
    (episode / "transcript.en.srt").write_text(f"{SRT}\n3\n00:00:07,000 --> soon\nlost words\n")
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/transcript.en.srt, line 10: The times of this cue")


def test_media_are_known_by_their_bytes(show, episode):
    found = read(show)
    assert list(found.media) == ["video.mp4"]
    assert found.media["video.mp4"].content_type == "video/mp4"
    assert found.media["video.mp4"].size == len(mp4())
    assert found.poster is not None
    assert found.poster.content_type == "image/jpeg"


def test_a_missing_file_is_reported_at_its_key(show, episode):
    (episode / "video.mp4").unlink()
    assert problems_of(show) == [
        f"{PLACE}/index.md, line 8: media.1.file: expected a file video.mp4 beside index.md"
    ]


@pytest.mark.parametrize("content", [b"", b"<html>", jpeg(), mp3(), mp4(handler=b"soun")])
def test_a_name_alone_is_not_believed(show, episode, content):
    (episode / "video.mp4").write_bytes(content)
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/video.mp4: expected")


def test_a_picture_is_no_medium(show, episode):
    index = episode / "index.md"
    index.write_text(index.read_text().replace("file: video.mp4", "file: poster.jpg"))
    assert problems_of(show) == [f"{PLACE}/poster.jpg: expected video or sound among the media"]


def test_a_folder_without_index_is_refused(show, episode):
    (episode / "index.md").unlink()
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/index.md: expected this file")


def test_an_empty_index_is_refused(show, episode):
    (episode / "index.md").write_text("")
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/index.md, line 1: expected front matter")


def test_writing_that_is_too_long_is_refused_where_it_begins(show, episode):
    with (episode / "index.md").open("a") as file:
        file.write("a" * 6_000)
    (problem,) = problems_of(show)
    assert problem.startswith(f"{PLACE}/index.md, line 14: A word")


@pytest.mark.parametrize("name", ["index.md", "transcript.en.vtt", "video.mp4", "poster.jpg"])
def test_the_fingerprint_changes_with_any_byte(show, episode, name):
    before = fingerprint_of(read(show).files)
    path = episode / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert fingerprint_of(read(show).files) != before


def test_the_fingerprint_changes_with_any_name_and_stays_otherwise(show, episode):
    before = fingerprint_of(read(show).files)
    (episode / "notes.txt").write_text("x")
    first = fingerprint_of(read(show).files)
    (episode / "notes.txt").rename(episode / "other.txt")
    second = fingerprint_of(read(show).files)
    (episode / "other.txt").unlink()
    assert len({before, first, second}) == 3
    assert fingerprint_of(read(show).files) == before


def test_people_of_the_show_are_heard_in_srt_however_seldom_they_speak(show, episode):
    (episode / "transcript.en.vtt").unlink()
    srt = "1\n00:00:01,000 --> 00:00:02,000\nDOT: Hang on.\n"
    (episode / "transcript.en.srt").write_text(srt)

    (found,) = read_bundle(show).episodes

    assert [(cue.voice, cue.text) for cue in found.cues] == [("DOT", "Hang on.")]
