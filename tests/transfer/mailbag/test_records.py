"""How rows become lines of the file, and rows again."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from webapp.exceptions import Refused
from webapp.moderation.models import Rundown
from webapp.questions.models import SpentNonce
from webapp.transfer.mailbag import records
from webapp.transfer.mailbag.records import Names

NAMES = Names(episodes={4: "guid-four"}, labels={1: "Spring", 2: "Autumn"})
ID = UUID(int=7)
ROWS = (
    Rundown(
        id=ID,
        title="March",
        recording_on=None,
        pace=150,
        made_at=datetime(2026, 3, 2, 12, 0, 0, 1, tzinfo=UTC),
        is_closed=False,
        version=3,
    ),
    SpentNonce(nonce_hash=b"\0\xff", question_id=ID, spent_on=date(2026, 3, 2)),
)


@pytest.mark.parametrize("row", ROWS, ids=["rundown", "nonce"])
def test_a_row_is_the_same_once_it_has_been_a_line(row: object):
    kind, record = records.read_line(records.line_of("row", records.told(row)))

    assert kind == "row"
    values = records.read(type(row), record)
    assert values == {name: getattr(row, name) for name in values}
    assert len(values) == len(row.__table__.columns)


def test_columns_that_stay_behind_are_in_no_line():
    assert set(records.told(ROWS[1], but={"nonce_hash"})) == {"question_id", "spent_on"}


def test_a_line_with_a_column_that_is_not_known_is_refused():
    with pytest.raises(Refused, match="A newer Postbag has exported this file"):
        records.read(Rundown, {"colour": "red"})


@pytest.mark.parametrize("line", [b"{", b"\xff", b"[1]", b"7"])
def test_what_is_no_line_is_refused(line: bytes):
    with pytest.raises(Refused, match="cut short or altered"):
        records.read_line(line)


@pytest.mark.parametrize(
    ("action", "detail", "renamed"),
    [
        ("set labels", {"from": [], "to": [1, 2, 3]}, {"from": [], "to": ["Autumn", "Spring"]}),
        ("named episode", {"from": None, "to": 4}, {"from": None, "to": "guid-four"}),
        ("named episode", {"from": 5, "to": None}, {"from": None, "to": None}),
        ("to shortlisted", {"episode": 4}, {"episode": "guid-four"}),
        ("to merged", {"lead": str(ID)}, {"lead": str(ID)}),
        ("took over", {"from": 9}, {}),
    ],
)
def test_numbers_of_a_house_go_by_their_names(
    action: str, detail: dict[str, object], renamed: dict[str, object]
):
    assert records.rename(action, detail, NAMES) == renamed


def test_names_become_the_numbers_of_the_new_house():
    here = Names(episodes={"guid-four": 40}, labels={"Spring": 10})

    assert records.rename("set labels", {"to": ["Autumn", "Spring"]}, here) == {"to": [10]}
    assert records.rename("named episode", {"to": "guid-four"}, here) == {"to": 40}


@pytest.mark.parametrize("line", [b"", b"[", b"[1]", b"{}", b"\xff", b"[" * 10_000])
def test_a_line_that_no_house_writes_is_refused_in_words(line: bytes):
    with pytest.raises(Refused, match="cut short or altered"):
        records.read_line(line)
