"""From a bundle to what is stored: when an episode changed, by its corrections' days."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.pages import soup
from webapp.episodes import queries
from webapp.transfer.importing import import_bundle

EPISODE = "episodes/getting-to-yes"  # published on 3 March, corrected on 1 April
ZONES = ("Pacific/Auckland", "Pacific/Kiritimati", "Europe/London", "Pacific/Pago_Pago")


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("zone", ZONES)
def test_a_correction_counts_from_the_beginning_of_its_day_where_the_show_is(
    session: Session, client: FlaskClient, show: Path, zone: str
):
    change(show / "show.yaml", "Europe/London", zone)
    import_bundle(show)

    page = soup(client.get("/episodes/getting-to-yes"))
    updated = queries.get_published(session, "getting-to-yes").updated_at
    assert updated == datetime(2026, 4, 1, tzinfo=ZoneInfo(zone))
    assert updated.astimezone(ZoneInfo(zone)).date() == date(2026, 4, 1)
    assert "Changed last on 1 April 2026" in page.get_text(" ")


@pytest.mark.parametrize("zone", ZONES)
def test_a_correction_counts_as_soon_as_it_is_imported_on_its_day(
    session: Session, show: Path, zone: str
):
    change(show / "show.yaml", "Europe/London", zone)

    with time_machine.travel(datetime(2026, 4, 1, 0, 1, tzinfo=ZoneInfo(zone)), tick=False):
        import_bundle(show)

        updated = queries.get_published(session, "getting-to-yes").updated_at
        assert updated == datetime(2026, 4, 1, tzinfo=ZoneInfo(zone))


def test_a_second_correction_moves_on_from_the_first(
    session: Session, client: FlaskClient, show: Path
):
    zone = ZoneInfo("Pacific/Auckland")
    change(show / "show.yaml", "Europe/London", zone.key)
    import_bundle(show)

    with time_machine.travel(datetime(2026, 5, 10, 0, 1, tzinfo=zone), tick=False):
        first = queries.get_published(session, "getting-to-yes").updated_at
        change(
            show / EPISODE / "index.md",
            "corrections: [",
            'corrections: [{date: 2026-05-10, part: one, text: "Again."}, ',
        )
        import_bundle(show)
        session.rollback()

        second = queries.get_published(session, "getting-to-yes").updated_at
        assert (first, second) == (
            datetime(2026, 4, 1, tzinfo=zone),
            datetime(2026, 5, 10, tzinfo=zone),
        )
        assert "2026-05-09T12:00:00Z" in client.get("/feeds/episodes.atom").text


def test_a_correction_on_the_day_of_publishing_makes_no_episode_older(session: Session, show: Path):
    change(show / EPISODE / "index.md", "date: 2026-04-01", "date: 2026-03-03")
    import_bundle(show)

    published = datetime(2026, 3, 3, 7, tzinfo=UTC)
    assert queries.get_published(session, "getting-to-yes").updated_at == published
