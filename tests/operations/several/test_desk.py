"""Staff who come to one server now and to another then, and what visitors of both see of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.moderation.clustering import EDITH, acts, stands
from tests.operations.processes import wait_for
from tests.operations.several.browsing import FORM, Browser
from tests.operations.several.machines import HUB, PATIENCE, Machines, Workers
from tests.studio.asked import chosen, start
from tests.studio.made import finish_show, whole
from tests.studio.uploads.sending import a_draft
from tests.studio.uploads.studio_site import PIECE, film, length_of
from webapp import clock, storage
from webapp.episodes.models import Episode
from webapp.studio import services
from webapp.studio.announcing import FEEDS
from webapp.studio.uploads.queries import files_of

pytestmark = pytest.mark.xdist_group("several")


@contextmanager
def inside(machines: Machines) -> Iterator[None]:
    """Be inside the application, and see what the servers have done."""
    with machines.app.app_context():
        yield


def address_of(episode_id: int) -> str:
    """Return the path of an episode's page."""
    return f"/episodes/{storage.read().get_one(Episode, episode_id).slug}"


@pytest.fixture
def edith(machines: Machines) -> Browser:
    """An editor who has signed in at the first server."""
    return Browser().sign_in(machines.ports[0])


def test_who_signs_out_at_one_server_is_signed_out_at_the_other(machines: Machines, edith: Browser):
    one, other = machines.ports
    copied = Browser()
    copied.take_cookies_of(edith)
    assert copied.is_in(other)

    edith.send(one, "/desk/sign-out", csrf_token=edith.token(one, "/desk/account"))

    assert [copied.is_in(port) for port in (other, one)] == [False, False]


def test_what_is_published_at_one_server_is_seen_at_the_other(machines: Machines, edith: Browser):
    one, other = machines.ports
    with inside(machines):
        finish_show()
        episode_id = whole("Seen from both")
        path = address_of(episode_id)
    visitor = Browser()
    assert [visitor.ask(port, path).status for port in machines.ports] == [404, 404]

    desk = f"/desk/episodes/{episode_id}"
    told = edith.press(one, desk, f"{desk}/publish", when="now")
    assert told.status == 302, told.text
    published = clock.now()
    wait_for(lambda: visitor.ask(other, path).status == 200, PATIENCE)

    assert clock.now() - published < timedelta(seconds=10)  # a quarter of one on a quiet machine
    assert "Seen from both" in visitor.ask(other, "/").text


def test_what_is_scheduled_comes_out_everywhere_at_its_moment_and_once(
    machines: Machines, workers: Workers
):
    wait_for(lambda: not machines.waiting(), PATIENCE)
    machines.receiver.posted.clear()
    with inside(machines):
        question = chosen()
        episode_id = start(question)
        path = address_of(episode_id)
        moment = clock.now().replace(microsecond=0) + timedelta(seconds=4)
        storage.write(services.publish, episode_id=episode_id, actor=EDITH, at=moment)
    seen = {}
    while len(seen) < 2:
        for port in set(machines.ports) - seen.keys():
            if Browser().ask(port, path).status == 200:
                seen[port] = clock.now()
    wait_for(lambda: not machines.waiting(), PATIENCE)

    assert min(seen.values()) >= moment
    assert max(seen.values()) - moment < timedelta(seconds=30)  # wide, for a busy machine
    with inside(machines):
        assert stands(question).state == "answered"
        assert len(acts(question, "to answered")) == 1
    assert [each.path for each in machines.receiver.posted] == [HUB] * len(FEEDS)


def test_a_preview_link_that_one_server_made_is_opened_by_the_other(
    machines: Machines, edith: Browser
):
    one, other = machines.ports
    with inside(machines):
        episode_id = a_draft("Not out yet")
    desk = f"/desk/episodes/{episode_id}"
    made = edith.press(one, desk, f"{desk}/preview-links", days="7").page.find(id="made")["value"]

    shown = Browser().ask(other, urlsplit(made).path)

    assert (shown.status, "Not out yet" in shown.text) == (200, True)


def test_an_upload_that_one_server_began_goes_on_at_the_other(machines: Machines, edith: Browser):
    data = b"".join(film(4))
    with inside(machines):
        episode_id = a_draft("Sent to both")
    token = edith.token(machines.ports[0], f"/desk/episodes/{episode_id}/files")
    fields = (
        f"csrf_token={token}&episode={episode_id}&purpose=medium&name=film.mp4&size={len(data)}"
    )
    begun = edith.ask(
        machines.ports[0],
        "/desk/uploads",
        method="POST",
        body=fields,
        Content_Type=FORM,
        Accept="application/json",
    )
    told = json.loads(begun.text)
    url, told["received"] = told["url"], 0

    for number in range(len(data) // PIECE + 1):
        at = told["received"]
        piece = edith.ask(
            machines.ports[number % 2],
            url,
            method="PATCH",
            body=data[at : at + PIECE],
            Content_Type="application/offset+octet-stream",
            Upload_Offset=str(at),
            X_CSRFToken=token,
        )
        told = json.loads(piece.text)

    assert told["state"] == "kept"
    with inside(machines):
        kept = files_of(storage.read(), episode_id)["video.mp4"]
    assert kept.sha256 == length_of(film(4))[1]
    assert not list((Path(machines.settings["INSTANCE"]) / "uploads").iterdir())
