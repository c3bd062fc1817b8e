"""The list of episodes: by how they stand, by words of their titles, fifty to a page."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import soup
from tests.studio.made import draft, publish, take_back
from webapp import clock, storage
from webapp.studio.listing import PAGE_SIZE, list_page

pytestmark = pytest.mark.usefixtures("in_app")


def one_of_each() -> dict[str, int]:
    made = {name: draft(f"Walls, {name}") for name in ("draft", "scheduled", "out", "withdrawn")}
    publish(made["scheduled"], clock.now() + timedelta(days=1))
    publish(made["out"])
    publish(made["withdrawn"])
    take_back(made["withdrawn"])
    return made


def ids(session: Session, **how: object) -> list[int]:
    session.rollback()
    return [row.id for row in list_page(session, **how).rows]


def test_they_come_by_how_they_stand_and_are_counted(session: Session):
    made = one_of_each()

    page = list_page(session, words="walls")

    assert [row.id for row in page.rows] == list(made.values())
    assert page.counts == {"draft": 1, "scheduled": 1, "out": 1, "withdrawn": 1}
    assert [(stands, len(rows)) for stands, rows in page.groups] == [(name, 1) for name in made]


def test_one_kind_alone_can_be_listed(session: Session):
    made = one_of_each()

    assert ids(session, stands="withdrawn") == [made["withdrawn"]]
    assert ids(session, stands="out", words="WALLS wi") == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("uber", True),
        ("ÜBER mauern", True),
        ("mauern über", True),
        ("mau", True),
        ("auern", False),
        ("über nichts", False),
        ("", True),
        ("%", True),
    ],
)
def test_titles_are_found_by_beginnings_of_their_words(
    session: Session, words: str, is_found: bool
):
    episode = draft("Über Mauern")

    assert (episode in ids(session, words=words)) is is_found


def test_there_are_fifty_to_a_page(session: Session):
    def add_many(session: Session) -> None:
        for number in range(PAGE_SIZE + 2):
            factories.add_episode(session, slug=f"wall-{number}", title="Wall", published_at=None)

    storage.write(add_many)
    first, second = (list_page(session, words="wall", page=page) for page in (1, 2))

    assert (len(first.rows), len(second.rows)) == (PAGE_SIZE, 2)
    assert (first.pages, second.page) == (2, 2)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert list_page(session, words="wall", page=99).page == 2
    assert list_page(session, words="wall", page=-1).page == 1


def test_the_page_has_tabs_counts_a_search_and_pages(desk: FlaskClient):
    made = one_of_each()

    page = soup(desk.get("/desk/episodes?q=walls"))
    only = soup(desk.get("/desk/episodes?q=walls&stands=withdrawn"))
    none = soup(desk.get("/desk/episodes?q=nothing&stands=nonsense&page=x"))

    tabs = [tab.get_text(" ", strip=True) for tab in page.select(".c-tabs a")]
    assert tabs == ["All 4", "Drafts 1", "Scheduled 1", "Out 1", "Withdrawn 1"]
    assert [link["href"] for link in only.select("main .c-lines a")] == [
        f"/desk/episodes/{made['withdrawn']}"
    ]
    assert only.select_one(".c-tabs [aria-current]").get_text(" ", strip=True) == "Withdrawn 1"
    assert "withdrawn on" in only.main.get_text()
    assert only.find("input", attrs={"name": "q"})["value"] == "walls"
    assert "No title has these words." in none.main.get_text()


def test_an_episodes_page_says_how_it_stands(desk: FlaskClient):
    made = one_of_each()

    facts = {
        name: soup(desk.get(f"/desk/episodes/{episode}")).select_one(".c-item__facts").get_text()
        for name, episode in made.items()
    }

    assert "Draft" in facts["draft"]
    assert "Goes out on" in facts["scheduled"]
    assert "Out since" in facts["out"]
    assert "Withdrawn on" in facts["withdrawn"]
