"""What a mailbag brings is refused in words with nothing changed, or shown by the desk."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.fuzz.desk import Visitor
from tests.fuzz.hostile_values import JSON_VALUES
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, fuzzed_site, is_in_order
from tests.history import changeable_history
from tests.staff.members import add_staff
from tests.transfer.mailbag.houses import OWNER, a_house, fill, keys_of, packed
from webapp import storage
from webapp.exceptions import Refused
from webapp.questions.models import Question
from webapp.storage.base import Base
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring
from webapp.transfer.mailbag.exporting import export
from webapp.transfer.mailbag.format import open_lines, seal_lines
from webapp.transfer.mailbag.importing import import_mailbag
from webapp.transfer.mailbag.records import read_line

KINDS = ("about", "label", "reason", "figure", "rundown", "question", "act", "nonce", "pigeon")
PAGES = ("/desk/questions", "/desk/log", "/desk/statistics", "/desk/rundowns", "/desk/reasons")
# What came with a mailbag, and goes before the next one comes.
BROUGHT = (
    *("question_terms", "question_texts", "question_notes", "question_topics", "question_labels"),
    *("rundown_items", "rundowns", "spent_nonces", "daily_figures", "decline_reasons", "labels"),
    *("questions", "history_links", "history", "question_likenesses"),
)

DEPTHS = {f"@{depth}": "[" * depth + "]" * depth for depth in (30, 300, 900, 90_000)}

Lines = list[list[Any]]


@pytest.fixture(scope="module")
def old(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Keyring, Lines]]:
    """The keys of a house that is left, and what its file says."""
    with a_house(request, "sqlite", tmp_path_factory.mktemp("old")) as app:
        fill(app)
        keyring, file = keys_of(app), BytesIO(packed(app))
        yield keyring, [list(read_line(line)) for line in open_lines(keyring, file)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FuzzedSite]:
    """The house that is moved to."""
    folder = tmp_path_factory.mktemp("house")

    def furnish(app: Flask) -> None:
        with app.app_context():
            storage.write(factories.add_show)
        add_staff(app, name="Owner")

    with ExitStack() as stack:
        shared = tmp_path_factory.getbasetemp()
        yield stack.enter_context(fuzzed_site(folder, request.param, shared, furnish))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mailbag") / "mailbag"


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands in a record, from without to within."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_in(each, (*path, key))


def held_by(value: Any, path: Sequence[Any]) -> Any:
    """Return what holds that which stands at the end of a path."""
    for key in path[:-1]:
        value = value[key]
    return value


@st.composite
def bent_lines(draw: st.DrawFn, whole: Lines) -> Lines:
    """Return the lines of a file after somebody with its keys has had it."""
    lines = deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        draw(st.sampled_from(CHANGES))(draw, lines)
    return lines


def _put_in(draw: st.DrawFn, lines: Lines) -> None:
    """Put anything in a place, or what stands in another of its name."""
    holder, key = _a_place(draw, lines)
    alike = [held[last] for held, last in _places(lines) if last == key]
    holder[key] = deepcopy(draw(JSON_VALUES | st.sampled_from(alike)))


def _take_out(draw: st.DrawFn, lines: Lines) -> None:
    holder, key = _a_place(draw, lines)
    del holder[key]


def _add(draw: st.DrawFn, lines: Lines) -> None:
    """Add a key that there is not, or one of another kind of thing."""
    holder, _key = _a_place(draw, lines)
    if isinstance(holder, dict):
        key = draw(st.sampled_from(sorted({str(last) for _held, last in _places(lines)})))
        holder[key] = deepcopy(draw(JSON_VALUES))


def _twice(draw: st.DrawFn, lines: Lines) -> None:
    line = deepcopy(draw(st.sampled_from(lines)))
    lines.insert(draw(st.integers(0, len(lines))), line)


def _swap(draw: st.DrawFn, lines: Lines) -> None:
    lines[:] = draw(st.permutations(lines))


def _leave_out(draw: st.DrawFn, lines: Lines) -> None:
    if len(lines) > 1:
        del lines[draw(st.integers(0, len(lines) - 1))]


def _call(draw: st.DrawFn, lines: Lines) -> None:
    draw(st.sampled_from(lines))[0] = draw(st.sampled_from(KINDS))


def _enormous(draw: st.DrawFn, lines: Lines) -> None:
    """Put something very long or very deep in a place."""
    holder, key = _a_place(draw, lines)
    holder[key] = draw(st.sampled_from(["x" * 70_000, ["x" * 70_000], *DEPTHS]))


CHANGES: tuple[Callable[[st.DrawFn, Lines], None], ...] = (
    *(_put_in, _put_in, _put_in, _put_in, _take_out, _add),
    *(_twice, _swap, _leave_out, _call, _enormous),
)


def _places(lines: Lines) -> list[tuple[Any, Any]]:
    """Return all that could be changed, each by what holds it and its key or number there."""
    found = ((line, path) for line in lines for path in places_in(line) if path != (0,))
    return [(held_by(line, path), path[-1]) for line, path in found]


def _a_place(draw: st.DrawFn, lines: Lines) -> tuple[Any, Any]:
    return draw(st.sampled_from(_places(lines)))


def written(line: list[Any]) -> bytes:
    """Return a line as it stands in a file, with what no program would have written so deep."""
    text = json.dumps(line)
    for name, deep in DEPTHS.items():
        text = text.replace(f'"{name}"', deep)
    return text.encode()


def counted(session: Session) -> list[int | None]:
    """Return how much there is of what a file may bring."""
    session.rollback()
    return [session.scalar(select(func.count()).select_from(one)) for one in (Question, Act)]


def empty(session: Session) -> None:
    """Remove what a mailbag brought."""
    with changeable_history(session):
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in BROUGHT:
                session.execute(table.delete())


@examples(8)
@given(data=st.data())
def test_what_a_mailbag_brings_is_shown_or_refused(
    house: FuzzedSite, old: tuple[Keyring, Lines], file: Path, data: st.DataObject
):
    keyring, whole = old
    lines = data.draw(bent_lines(whole))
    file.write_bytes(b"".join(seal_lines(keyring, map(written, lines))))
    with house.app.app_context():
        storage.write(empty)
        before = counted(storage.read())
        try:
            import_mailbag(file, theirs=keyring, actor=OWNER)
        except Refused as refused:
            assert str(refused).endswith("Nothing was changed.")  # noqa: PT017 - either is right
            assert counted(storage.read()) == before
            return
        is_whole(house)


def is_whole(house: FuzzedSite) -> None:
    """Look at all that came: the desk shows it, and it can go on to another house."""
    keyring = storage.current_keyring()
    file = BytesIO(b"".join(export(storage.db.engine, keyring)))
    again = [read_line(line) for line in open_lines(keyring, file)]
    own = [f"/desk/questions/{record['row']['id']}" for kind, record in again if kind == "question"]
    rundowns = [f"/desk/rundowns/{each['row']['id']}" for kind, each in again if kind == "rundown"]
    owner = Visitor(house, "owner")
    for page in (*PAGES, *own, *rundowns):
        reply = owner.get(page)
        assert is_in_order(reply), page
        assert reply.status == 200, page
