"""Correcting what is out: dated, on the page, and moving `updated` wherever that is said."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.moderation.clustering import EDITH, SAM
from tests.pages import soup, typed
from tests.staff.members import press
from tests.studio.made import draft, edit, index_of, look_up, publish, take_back, whole
from webapp import storage
from webapp.episodes.document import Document
from webapp.episodes.front_matter import read
from webapp.episodes.models import Episode
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import NotFound, Refused
from webapp.storage.outbox import OutboxMessage
from webapp.studio.correcting import correct as add_correction
from webapp.transfer.importing import import_bundle

OUT = datetime(2026, 7, 1, 8, tzinfo=UTC)
LATER = OUT + timedelta(hours=15, minutes=30)  # the same day in UTC, and the next in London
WORDS = 'It said "one wall". It is #two: both.'

pytestmark = pytest.mark.usefixtures("in_app")


def correct(episode_id: int, text: str = WORDS, *, part: str = "", **how: object) -> int | None:
    return add_correction(episode_id=episode_id, part=part, text=text, **({"actor": EDITH} | how))


def published(title: str = "Thin walls") -> int:
    episode = whole(title)
    publish(episode, OUT)
    return episode


def test_a_correction_counts_from_its_moment_on_also_on_the_day_of_publishing():
    episode = published()

    with time_machine.travel(LATER, tick=False):
        assert correct(episode, part="two") == 3

    assert look_up(episode).updated_at == LATER
    (item,) = read(index_of(episode), file="index.md").corrections
    assert (item.date, item.part, item.text) == (LATER, "two", WORDS)
    (shown,) = Document.model_validate_json(look_up(episode).document).corrections
    assert (shown.date.isoformat(), shown.at) == ("2026-07-02", LATER)


def test_readers_feeds_and_machines_are_told(client: FlaskClient):
    episode = published()
    with time_machine.travel(LATER, tick=False):
        correct(episode, part="two")

    page = soup(client.get("/episodes/thin-walls"))
    assert "Corrected on 2 July 2026." in page.find(id="part-two").get_text()
    moment = "2026-07-01T23:30:00"
    data = json.loads(page.find("script", type="application/ld+json").string)
    article = next(each for each in data["@graph"] if each["@type"] == "Article")
    assert article["dateModified"].startswith(moment)
    assert article["correction"][0]["datePublished"].startswith("2026-07-02T00:30:00+01:00")
    atom = ET.fromstring(client.get("/feeds/episodes.atom").data)  # noqa: S314 - our own
    assert atom.findtext("{*}entry/{*}updated").startswith(moment)
    item = client.get("/feeds/episodes.json").json["items"][0]
    assert item["date_modified"].startswith(moment)
    sitemap = client.get("/sitemap.xml").text
    assert moment in sitemap.partition("/episodes/thin-walls<")[2][:120]


def test_what_was_there_stays_byte_for_byte():
    episode = published()
    edit(episode, "parts:", 'corrections: [{date: 2026-07-01, text: "First.", by: me}]\nparts:')
    before = index_of(episode)

    correct(episode)

    after = index_of(episode)
    assert '{date: 2026-07-01, text: "First.", by: me}' in after
    kept = [line for line in before.splitlines() if not line.startswith("corrections")]
    assert kept == [line for line in after.splitlines() if not line.startswith("corrections")]
    assert [each.text for each in read(after, file="i").corrections] == ["First.", WORDS]


def test_a_day_in_a_file_still_counts_from_its_beginning():
    episode = published()

    edit(episode, "parts:", "corrections: [{date: 2026-07-05, text: x}]\nparts:")

    assert look_up(episode).updated_at == datetime(2026, 7, 4, 23, tzinfo=UTC)


def test_a_moment_goes_out_and_comes_in_again(tmp_path: Path):
    episode = draft()
    publish(episode, OUT)
    with time_machine.travel(LATER, tick=False):
        correct(episode)
    source = index_of(episode).replace("slug: thin-walls", "slug: elsewhere")
    source = source.replace(look_up(episode).guid, "a-guid-of-another-house")
    folder = tmp_path / "episodes" / "elsewhere"
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(source)

    import_bundle(tmp_path)

    found = storage.read().query(Episode).filter_by(slug="elsewhere").one()
    assert found.updated_at == LATER
    assert index_of(found.id) == source


def test_the_same_correction_twice_is_one():
    episode = published()
    correct(episode, part="two")

    assert correct(episode, part="two") is None
    assert correct(episode, part="one")


def test_only_what_is_out_is_corrected_and_only_by_editors():
    hidden, out, gone = draft("A draft"), published(), draft("Gone")
    publish(gone, OUT)
    take_back(gone)

    for episode in (hidden, gone):
        with pytest.raises(Refused, match="not out"):
            correct(episode)
    with pytest.raises(Refused, match="takes an editor"):
        correct(out, actor=SAM)
    with pytest.raises(BundleRefused, match="expected the id of a part"):
        correct(out, part="seven")
    with pytest.raises(NotFound):
        correct(999_999)


def test_a_hub_is_told_of_it(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    episode = published()
    settings = in_app.extensions["postbag.settings"]
    with_hub = settings.model_copy(update={"websub_hub": "https://hub.example/"})
    monkeypatch.setitem(in_app.extensions, "postbag.settings", with_hub)

    correct(episode)

    kinds = [each.kind for each in storage.read().query(OutboxMessage)]
    assert kinds.count("websub") == 3


def test_the_desk_has_a_form_for_it_where_it_is_out(desk: FlaskClient):
    episode = published()
    here = f"/desk/episodes/{episode}"
    page = soup(desk.get(here))
    choices = [one.get_text() for one in page.select("select[name=part] option")]
    assert choices == ["The whole", "1. Knock", "2. Speak"]

    answer = press(desk, here, f"{here}/corrections", part="two", text=WORDS)

    assert answer.location == here
    assert "Corrected." in desk.get(here).text
    assert WORDS in soup(desk.get("/episodes/thin-walls")).get_text()
    again = press(desk, here, f"{here}/corrections", part="two", text=WORDS)
    assert "there already" in desk.get(again.location).text
    assert not soup(desk.get(f"/desk/episodes/{draft('Else')}")).find(
        "select", attrs={"name": "part"}
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"part": "", "text": " "}, "Write what it said before, and what is right."),
        ({"part": "nine", "text": "Kept."}, "Choose a part, or the whole."),
        ({"part": "", "text": "x" * 2_001}, "Keep it to 2,000 characters."),
        ({"part": "", "text": "Kept.", "csrf_token": "old"}, "open for too long"),
    ],
)
def test_what_is_to_be_mended_is_said_and_stays_typed(
    desk: FlaskClient, fields: dict[str, str], words: str
):
    here = f"/desk/episodes/{published()}"

    answer = press(desk, here, f"{here}/corrections", **fields)

    assert answer.status_code == 422
    assert words in soup(answer).select_one(".c-errors").get_text()
    assert typed(answer, "text") == fields["text"].strip() or fields["text"] == " "


def test_one_that_was_taken_back_meanwhile_keeps_what_was_typed(desk: FlaskClient):
    episode = published()
    here = f"/desk/episodes/{episode}"
    page = desk.get(here)
    take_back(episode)
    token = soup(page).select_one(f"form[action='{here}/corrections'] [name=csrf_token]")["value"]
    data = {"csrf_token": token, "part": "", "text": WORDS}

    answer = desk.post(f"{here}/corrections", data=data)

    assert answer.status_code == 422
    assert "It is not out" in answer.text
    assert typed(answer, "text") == WORDS
