"""Texts that are read: Markdown, front matter, transcripts, chapters, queries, receipts."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import hostile
from tests.fuzz.hostile_values import JSON_VALUES, TEXT, bent, in_utf8
from tests.fuzz.profile import examples
from webapp.episodes import front_matter, marked_yaml
from webapp.episodes.problems import BundleRefused
from webapp.episodes.searching.query import read_query
from webapp.moderation.filters import read_filters
from webapp.questions import receipts
from webapp.settings import package_folder
from webapp.studio.source import pieces
from webapp.studio.uploads.kinds import Unfit
from webapp.studio.uploads.spoken import decoded, read_transcript, refusal_of_chapters
from webapp.transcripts import (
    ChaptersRefused,
    paragraphs,
    read_chapters,
    read_srt,
    read_vtt,
    write_chapters,
    write_srt,
    write_text,
    write_vtt,
)
from webapp.transfer.bundle import read_shared
from webapp.transfer.feed_import import html_to_markdown, values
from webapp.writing import (
    WritingRefused,
    description_html,
    for_feeds,
    render_expansion,
    render_text,
)

SHOW = package_folder("seeds") / "show"
EPISODE = SHOW / "episodes" / "getting-to-yes"
Read = Callable[[str], Any]


def _of(*paths: Path) -> list[bytes]:
    return [path.read_bytes()[:20_000] for path in paths]


def _written_again(text: str) -> None:
    """What is read can be written, and is read again as it was."""
    for read in (read_vtt, read_srt):
        cues = read(text).cues
        assert read_vtt(write_vtt(cues)).cues == cues
        write_srt(cues)
        write_text(paragraphs(cues))


def _chapters(text: str) -> None:
    found = read_chapters(text)
    assert read_chapters(write_chapters(found)) == found


def _expansion(text: str) -> None:
    expansion = render_expansion(text, prefix="e")
    for part in expansion.parts:
        for_feeds(part.html, base="https://show.example/a")


def _apart_and_together(text: str) -> None:
    marked_yaml.load(front_matter.split(text)[0], file="index.md")  # as whatever is stored was
    apart = pieces.take_apart(text)
    assert pieces.put_together(apart) == text
    pieces.values_of(apart)


def _shared(text: str) -> None:
    for name in ("show.yaml", "topics.yaml", "help.yaml", "people/some-one.md"):
        with suppress(BundleRefused):
            read_shared({name: text})


def _feed_values(text: str) -> None:
    values.read_moment(text)
    values.read_duration(text)
    values.read_truth(text)
    values.read_whole(text)


def _markdown(text: str) -> None:
    html_to_markdown.to_markdown(text, base="https://show.example/")
    html_to_markdown.to_text(text)


def _filters(text: str) -> None:
    names = ("lane", "state", "q", "topic", "after", "label", "claimed", "view", "sort")
    read_filters(dict.fromkeys(names, text))


def _readable(data: bytes) -> str:
    """Return bytes as a text: what is none is refused before anything of it is read."""
    return data.decode("utf-8", "replace")


VTT = (b"WEBVTT", b"-->", b"\n\n", b"NOTE", b"<v ", b"</v>", b"&amp;", b"00:00:01.000", b"STYLE")
YAML = (b"---\n", b": ", b"- ", b"|\n", b">\n", b"&a", b"*a", b"!!binary ", b"{", b"[", b"? ")
MARKS = (b"## ", b"- [ ] ", b"[^1]", b"[^1]: ", b"```", b"> ", b"|", b"**", b"](", b"{#a}", b"<")
JSON = (b"{", b"}", b"[", b'"', b":", b"1e999", b"NaN", b"\\ud800", b'"toc": false', b"-1")
BODIES = [*_of(EPISODE / "index.md"), in_utf8(hostile.body())]
CASES: dict[str, tuple[Read, tuple[type[Exception], ...], list[bytes], tuple[bytes, ...]]] = {
    "an answer in Markdown": (_expansion, (WritingRefused,), BODIES, MARKS),
    "a short text in Markdown": (render_text, (WritingRefused,), BODIES, MARKS),
    "a description": (description_html, (WritingRefused,), BODIES, MARKS),
    "front matter": (
        lambda text: front_matter.read(text, file="index.md"),
        (BundleRefused,),
        [*_of(EPISODE / "index.md"), hostile.headed(hostile.front_matter("a")).encode()],
        YAML,
    ),
    "YAML": (
        lambda text: marked_yaml.load(text, file="show.yaml"),
        (BundleRefused,),
        _of(SHOW / "show.yaml", SHOW / "help.yaml"),
        YAML,
    ),
    "the show": (
        _shared,
        (),
        _of(SHOW / "show.yaml", SHOW / "topics.yaml", *SHOW.glob("people/*.md")),
        YAML,
    ),
    "an episode in pieces": (_apart_and_together, (ValueError, BundleRefused), BODIES, YAML),
    "a transcript": (
        _written_again,
        (),
        [*_of(EPISODE / "transcript.en.vtt"), in_utf8(hostile.captions(form="srt"))],
        VTT,
    ),
    "a transcript that is sent": (
        lambda text: read_transcript(text, ["Dot Farrow"]),
        (Unfit,),
        [in_utf8(hostile.captions())],
        VTT,
    ),
    "chapters": (_chapters, (ChaptersRefused,), _of(EPISODE / "chapters.json"), JSON),
    "chapters that are sent": (refusal_of_chapters, (), [in_utf8(hostile.chapters())], JSON),
    "HTML of a feed": (_markdown, (), [b"<p>a <b>b</b><ul><li>c</ul>"], (b"<", b"&#", b"<pre>")),
    "values of a feed": (_feed_values, (), [b"Tue, 03 Mar 2026 08:00:00 GMT", b"1:02:03"], ()),
    "a search": (read_query, (), [b'some "words here" and more'], (b'"', b"*", b":")),
    "filters of the queue": (_filters, (), [b"shortlisted", b"ordinary"], ()),
    "a receipt": (receipts.readings, (), [b"acorn badly cabin dairy eagle fable"], (b" ", b"-")),
}


@pytest.mark.parametrize("name", CASES)
def test_a_text_is_read_or_refused(name: str):
    read, refusals, seeds, marks = CASES[name]

    @examples(25)
    @given(bent(seeds, marks).map(_readable) | TEXT.map(in_utf8).map(_readable))
    def holds(text: str) -> None:
        with suppress(*refusals):
            read(text)

    holds()


@examples(25)
@given(bent(_of(EPISODE / "transcript.en.vtt"), VTT) | st.binary(max_size=40))
def test_bytes_of_a_text_that_is_sent_are_text_or_refused(data: bytes):
    with suppress(Unfit):
        decoded(data)


@examples(40)
@given(st.sampled_from(sorted(hostile.front_matter("a"))), JSON_VALUES)
def test_any_value_of_any_key_is_read_or_refused(key: str, value: object):
    head = hostile.front_matter("a") | {key: value}
    with suppress(BundleRefused):
        front_matter.read(f"---\n{json.dumps(head)}\n---\n", file="index.md")


@examples(40)
@given(st.sampled_from(["show.yaml", "topics.yaml", "help.yaml"]), st.data())
def test_any_value_of_any_key_of_the_show_is_read_or_refused(name: str, data: st.DataObject):
    whole: Any = {
        "show.yaml": hostile.show_file(),
        "topics.yaml": [{"slug": "topic", "name": "A", "summary": "B"}],
        "help.yaml": hostile.help_file(),
    }[name]
    _change_one(whole, data)
    with suppress(BundleRefused):
        read_shared({name: json.dumps(whole)})


def _change_one(whole: Any, data: st.DataObject) -> None:
    """Put any value in some place of a tree."""
    keys = list(whole) if isinstance(whole, dict) else list(range(len(whole)))
    key = data.draw(st.sampled_from(keys))
    if isinstance(whole[key], dict | list) and whole[key] and data.draw(st.booleans()):
        _change_one(whole[key], data)
    else:
        whole[key] = data.draw(JSON_VALUES)
