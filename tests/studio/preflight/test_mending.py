"""Each line of what is missing leads to an element of the page that it leads to."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.pages import soup
from tests.studio.asked import chosen, start
from tests.studio.made import draft, edit, look_up, whole
from tests.studio.preflight.looked import missing
from webapp import clock, storage
from webapp.episodes.models import Medium, Person, Season, Show
from webapp.questions.services import withdraw
from webapp.studio import preflight
from webapp.studio.models import UnsavedPage
from webapp.studio.source.fields import MOST_ITEMS

pytestmark = pytest.mark.usefixtures("in_app")

LONG = "x" * 129
SHELF = """\
resources:
  - {kind: page, title: Old, checked: 2020-01-01}
  - {kind: page, title: Gone, checked: 2020-01-01, url: "http://127.0.0.1:8000/gone"}
"""


def one_of_several(title: str) -> int:
    """Make an episode that lacks nothing, and leaves its old address to the next."""
    episode = whole(title)
    edit(episode, "aliases: [/old/walls]\n", "")
    return episode


def empty() -> int:
    """Make an empty draft of a show that says nothing of itself."""
    bare = {"email": "", "description": "", "artwork_sha256": "", "podcast": {}}

    def strip(session: Session) -> None:
        session.execute(update(Show).values(bare))

    storage.write(strip)
    return draft()


def badly_written() -> int:
    """Make an episode with something wrong in each of its texts, and the number of another."""
    number = look_up(one_of_several("Before")).number
    episode = draft("After")
    body = (
        "## Knock {#one}\n\nKnock. [Gone](#seven) ![](/gone.jpg)\n\n| one | |\n|---|---|\n| a | b |"
    )
    edit(episode, "---\n\n", f"---\n\n{body}\n")
    edit(episode, "title: After", 'title: "Episode 2: after"')
    head = f"{SHELF}episode:\n  explicit: true\n"
    edit(episode, "episode:\n", head)
    edit(episode, f"number: {look_up(episode).number}", f"number: {number}")
    return episode


def badly_noted() -> int:
    """Make an episode with too long a note on what is for adults, and without its length."""
    episode = one_of_several("Noted")
    edit(episode, "level: note", "level: adult")
    edit(episode, "Loud knocking.", "x" * 4_000)
    edit(episode, "  duration: 3\n", "")
    return episode


def badly_filed() -> int:
    """Make an episode with files that nobody can play, and names that feeds cut."""
    episode = one_of_several("Filed")

    def spoil(session: Session) -> None:
        session.execute(delete(Medium).where(Medium.episode_id == episode))
        for place, name in enumerate(("one.webm", "two.webm")):
            session.add(
                Medium(
                    episode_id=episode, position=place, role="media", file=name, url="",
                    label=LONG, primary=False, content_type="video/webm", size=1, sha256="0" * 64,
                )
            )  # fmt: skip
        session.execute(update(Person).where(Person.slug == "the-host").values(name=LONG))
        session.execute(update(Season).where(Season.number == 1).values(title=LONG))
        session.add(
            UnsavedPage(
                episode_id=episode, staff_id=7, name="Sam", revision=2, turn=1, fields=[],
                saved_at=clock.now(),
            )
        )  # fmt: skip

    storage.write(spoil)
    return episode


def taken_back() -> int:
    """Make an episode whose asker took the question back."""
    question = chosen()
    episode = start(question)
    storage.write(withdraw, question_id=question)
    return episode


def too_long_for_a_form() -> int:
    """Make an episode with more parts, notes and resources than its form shows."""
    episode = one_of_several("Long")
    books = ", ".join(f"{{kind: book, title: Book {n}}}" for n in range(MOST_ITEMS + 1))
    notes = ", ".join(
        f"{{about: text, level: note, text: Note {n} on it}}" for n in range(MOST_ITEMS + 1)
    )
    edit(episode, "parts: [{id", f"resources: [{books}]\nparts: [{{id")
    edit(
        episode, 'notes: [{about: video, level: note, text: "Loud knocking."}]', f"notes: [{notes}]"
    )
    edit(episode, "Knock quizzically first.\n", "")
    edit(episode, "Speak up.\n", "".join(f"\n## Part {n}\n\nOn.\n" for n in range(MOST_ITEMS)))
    return episode


MAKERS = (empty, badly_written, badly_noted, badly_filed, taken_back, too_long_for_a_form)


def kinds_of_lines() -> set[str]:
    """Return the keys of all checks that the code can make."""
    trees = (ast.parse(path.read_text()) for path in Path(*preflight.__path__).glob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "check" and call.args
    }


def test_the_walk_meets_every_kind_of_line():
    assert set.union(*(missing(make()) for make in MAKERS)) == kinds_of_lines()


@pytest.mark.parametrize("make", MAKERS)
def test_every_line_leads_editors_to_what_it_is_about(desk: FlaskClient, make: Callable[[], int]):
    assert follow(desk, make()) == []


@pytest.mark.parametrize("make", MAKERS)
def test_every_line_leads_owners_to_what_it_is_about(
    owner_desk: FlaskClient, make: Callable[[], int]
):
    assert follow(owner_desk, make()) == []


def follow(client: FlaskClient, episode: int) -> list[str]:
    """Return the links of an episode's page, of what is missing, that lead to no element."""
    page = soup(client.get(f"/desk/episodes/{episode}"))
    links = [link["href"] for link in page.find(id="missing").parent.select("li a")]
    assert links
    lost = []
    for link in links:
        address, _, name = link.partition("#")
        answer = client.get(address)
        if answer.status_code != 200 or (name and soup(answer).find(id=name) is None):
            lost.append(link)
    return lost
