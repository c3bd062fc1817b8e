from pathlib import Path

import pytest

from tests.transfer.made_media import jpeg, mp4
from webapp.episodes.problems import BundleRefused
from webapp.transfer.bundle import read_bundle

SHOW = """\
name: "It's Probably You"
language: en-GB
timezone: Europe/London
email: hello@itsprobablyyou.example
about: "*About*"
seasons:
  - {number: 1, title: "Say it out loud", field: "#B02E1D", ink: "#FFF1DC"}
"""
INDEX = """\
---
guid: guid-of-{slug}
title: "Getting to yes"
slug: {slug}
date: 2026-03-03T08:00:00+01:00
topics: [sex]
episode: {{season: 1, number: 1}}
media: [{{file: video.mp4}}, {{url: "https://tube.example/1"}}]
notes: [{{about: "part:two", level: note, text: "..."}}]
contributors: [{{person: the-host, role: host}}]
parts: [{{id: one, at: 4}}]
corrections: [{{date: 2026-04-01, part: two, text: "..."}}]
---
Short answer.

## One {{#one}}

## Two {{#two}}
"""
HELP = 'default: GB\ncountries: [{code: GB, name: Britain, emergency: {number: "999"}}]\n'
VTT = "WEBVTT\n\n00:00.000 --> 00:04.500\n<v Dot Farrow>Hang on.\n"


def write_episode(folder: Path, slug: str) -> Path:
    """Write a right episode into a bundle's folder and return where it lies."""
    place = folder / "episodes" / slug
    place.mkdir(parents=True)
    (place / "index.md").write_text(INDEX.format(slug=slug))
    (place / "transcript.en.vtt").write_text(VTT)
    (place / "chapters.json").write_text('{"version": "1.2.0", "chapters": []}')
    (place / "poster.jpg").write_bytes(jpeg())
    (place / "video.mp4").write_bytes(mp4())
    return place


def problems_of(folder: Path) -> list[str]:
    """Return what a bundle is refused for, in words."""
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """Return the folder of a whole show with one episode, all of it right."""
    folder = tmp_path / "show"
    (folder / "people").mkdir(parents=True)
    (folder / "show.yaml").write_text(SHOW)
    (folder / "topics.yaml").write_text("- {slug: sex, name: Sex}\n")
    (folder / "help.yaml").write_text(HELP)
    (folder / "people" / "the-host.md").write_text("---\nname: Dot\n---\nShe *asks*.\n")
    write_episode(folder, "getting-to-yes")
    return folder


@pytest.fixture
def episode(show: Path) -> Path:
    """Return the folder of the show's episode."""
    return show / "episodes" / "getting-to-yes"
