"""The ids that links are held to are those of the page."""

import re

import pytest
from flask.testing import FlaskClient

from tests.pages import soup
from tests.studio.made import edit, look_up, publish, whole
from webapp.episodes.document import Document
from webapp.studio.preflight.anchors import is_named, list_anchors

pytestmark = pytest.mark.usefixtures("in_app")

OURS = re.compile(r"^(?:part-|page-(?:short|foot|corr|res|trans)|thin-walls\.)")
CORRECTED = 'corrections: [{date: 2026-04-01, text: "It said less."}]\n'
SHELF = "resources: [{kind: book, title: Walls}]\n"


def full(level: str) -> int:
    """Make and publish an episode with everything that has an id, and a note of a level."""
    episode = whole()
    edit(episode, "about: video, level: note", level)
    edit(episode, "parts: [{id", f"{CORRECTED}{SHELF}parts: [{{id")
    edit(episode, "Knock quizzically first.", "Knock [there](#two).[^1]")
    edit(episode, "Speak up.\n", "### Loudly {#loud}\n\nSpeak.[^1] [x](#loud)\n\n[^1]: Or not.\n")
    publish(episode)
    return episode


@pytest.mark.parametrize(
    "level",
    [
        "about: video, level: note",
        "about: text, level: adult",
        "about: 'part:two', level: adult",
        "about: pictures, level: adult",
    ],
)
def test_every_id_of_what_is_written_is_an_anchor_and_no_other(client: FlaskClient, level: str):
    episode = look_up(full(level))

    page = soup(client.get("/episodes/thin-walls"))
    ids = {each["id"] for each in page.find_all(id=OURS)}
    assert set(list_anchors(Document.model_validate_json(episode.document))) == ids


def test_an_empty_page_has_its_beginning():
    assert is_named("", set())
    assert is_named("Top", set())
    assert is_named("main", set())
    assert not is_named("page-resources", set())
    assert not is_named("part-one", set())
