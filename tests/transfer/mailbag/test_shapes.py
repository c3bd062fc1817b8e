"""What somebody with the keys of a house may have written into its file."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.transfer.mailbag.houses import a_house, fill, keys_of, packed, told, unpack
from tests.transfer.mailbag.test_refused import is_untouched
from webapp.exceptions import Refused
from webapp.transfer.mailbag.format import open_lines, seal_lines
from webapp.transfer.mailbag.records import read_line
from webapp.transfer.mailbag.shapes import refuse_unfit

NOT_FIT = "cut short or altered"
NEWER = "A newer Postbag"
DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]


@pytest.fixture(scope="module")
def lines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, Any]]:
    """All that a file says which has something of everything."""
    with a_house(request, "sqlite", tmp_path_factory.mktemp("old")) as app:
        fill(app)
        file = BytesIO(packed(app))
        return [read_line(line) for line in open_lines(keys_of(app), file)]


def without(name: str) -> Callable[[Any], object]:
    return lambda record: record.pop(name)


def row(**values: object) -> Callable[[Any], object]:
    return lambda record: record["row"].update(values)


def act(**values: object) -> Callable[[Any], object]:
    return lambda record: record["acts"][0].update(values)


def whole(**values: object) -> Callable[[Any], object]:
    return lambda record: record.update(values)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("question", without("row"), NOT_FIT),
        ("question", without("texts"), NOT_FIT),
        ("question", row(id="one"), NOT_FIT),
        ("question", row(id=None), NOT_FIT),
        ("question", row(version="1"), NOT_FIT),
        ("question", row(version=2**31), NOT_FIT),
        ("question", row(version=True), NOT_FIT),
        ("question", row(prolonged=1), NOT_FIT),
        ("question", row(received_on="yesterday"), NOT_FIT),
        ("question", row(received_on=None), NOT_FIT),
        ("question", row(text_sealed="no base64"), NOT_FIT),
        ("question", row(language="e\0n"), NOT_FIT),
        ("question", row(language="\ud800"), NOT_FIT),
        ("question", row(lane_reasons={"a": 1}), NOT_FIT),
        ("question", row(about_id=1), NEWER),
        ("question", row(state="elsewhere"), NEWER),
        ("question", row(lane="fast"), NEWER),
        ("question", row(consent="sung"), NEWER),
        ("question", whole(about=["guid"]), NOT_FIT),
        ("question", whole(labels=["x" * 41]), NOT_FIT),
        ("question", whole(topics="walls"), NOT_FIT),
        ("question", whole(notes=[7]), NOT_FIT),
        ("question", act(subject="rundown"), NOT_FIT),
        ("question", act(subject_id="00000000-0000-0000-0000-000000000001"), NOT_FIT),
        ("question", act(at="2026-03-02T12:00:00"), NOT_FIT),
        ("question", act(at="0001-01-01T00:00:00+14:00"), NOT_FIT),
        ("question", act(action="x" * 501), NOT_FIT),
        ("question", act(detail=[]), NOT_FIT),
        ("question", act(detail={"a": DEEP}), NOT_FIT),
        ("question", act(action="set labels", detail={"from": 7}), NOT_FIT),
        ("question", act(action="named episode", detail={"to": {}}), NOT_FIT),
        ("question", act(actor_id=1), NEWER),
        ("rundown", row(pace=None), NOT_FIT),
        ("rundown", without("acts"), NOT_FIT),
        ("figure", whole(count=-1), NOT_FIT),
        ("nonce", whole(nonce_hash=7), NOT_FIT),
        ("reason", whole(code="x" * 501), NOT_FIT),
    ],
)
def test_a_record_that_cannot_be_taken_in_is_refused(
    lines: list[Any], kind: str, change: Callable[[Any], object], words: str
):
    record = deepcopy(next(found for name, found in lines if name == kind and goes_for(found)))
    refuse_unfit(kind, record)

    change(record)

    with pytest.raises(Refused, match=words):
        refuse_unfit(kind, record)


def test_an_episode_may_have_a_guid_as_long_as_a_feed_had_it(lines: list[Any]):
    act = next(found for kind, found in lines if kind == "question" and found["acts"])["acts"][0]

    refuse_unfit("act", act | {"subject": "episode", "subject_id": "https://a/" + "b" * 2_000})


def test_one_record_that_is_not_fit_lets_nothing_in(old: Flask, new: Flask, file: Path):
    lines = lines_of(old, file)
    change = row(version="1")
    change([record for kind, record in lines if kind == "question"][-1])
    write(old, file, lines)

    with pytest.raises(Refused, match=NOT_FIT):
        unpack(new, file, old)

    assert is_untouched(new)


def goes_for(record: Any) -> bool:
    """Return whether a record has an act to be changed, or is of a kind that has none."""
    return bool(record.get("acts", True))


@pytest.mark.parametrize("kind", ["question", "nonce", "reason", "figure"])
def test_what_comes_twice_is_taken_once_or_refused_in_words(
    old: Flask, new: Flask, file: Path, kind: str
):
    lines = lines_of(old, file)
    twice = next(each for each in lines if each[0] == kind)
    write(old, file, [*lines[: lines.index(twice)], twice, *lines[lines.index(twice) :]])

    try:
        unpack(new, file, old)
    except Refused as refused:
        assert NOT_FIT in str(refused)  # noqa: PT017 - either outcome is right
        assert is_untouched(new)
    else:
        assert told(new)


def lines_of(old: Flask, file: Path) -> list[Any]:
    return [read_line(line) for line in open_lines(keys_of(old), BytesIO(file.read_bytes()))]


def write(old: Flask, file: Path, lines: list[Any]) -> None:
    sealed = seal_lines(keys_of(old), (json.dumps(each).encode() for each in lines))
    file.write_bytes(b"".join(sealed))
