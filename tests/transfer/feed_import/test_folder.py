"""A plan as the folder of a bundle: the same feed makes the same bytes."""

from pathlib import Path

from tests.transfer.feed_import.conftest import FEEDS
from webapp.transfer.feed_import.folder import (
    fingerprint_of,
    lacking_seasons,
    texts_of,
    write_folder,
)
from webapp.transfer.feed_import.mapping import plan_of
from webapp.transfer.feed_import.plan import FeedPlan
from webapp.transfer.feed_import.reading import read_feed

SHOW = """\
name: Ours  # as we write it
seasons:
  - {number: 2, title: "Two", field: "#B02E1D", ink: "#FFF1DC"}
"""


def planned(house: str, old: str = "", new: str = "") -> FeedPlan:
    data = (FEEDS / f"{house}.xml").read_text(encoding="utf-8").replace(old, new).encode()
    return plan_of(read_feed(data))


def test_two_runs_write_the_same_bytes(tmp_path: Path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        write_folder(planned("castopod"), folder)

    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert first == second
    assert {path.as_posix() for path in first} == {
        "show.yaml",
        "people/lea-noir.md",
        "people/zoe-blanc.md",
        "episodes/dire-non-sans-blesser/index.md",
    }


def test_a_show_that_is_there_is_left_alone():
    assert "show.yaml" not in texts_of(planned("castopod"), show=SHOW)


def test_a_season_that_lacks_is_added_and_nothing_else_changes():
    plan = planned("serial")

    text = texts_of(plan, show=SHOW)["show.yaml"]

    assert [season["number"] for season in lacking_seasons(plan, SHOW)] == [1]
    assert text.startswith("name: Ours  # as we write it\n")
    assert 'title: "Two"' in text
    assert "number: 1" in text


def test_a_fingerprint_changes_with_the_item_and_its_files():
    (same,), (again,) = planned("castopod").episodes, planned("castopod").episodes
    (other,) = planned("castopod", "e3.srt", "e4.srt").episodes

    assert fingerprint_of(same) == fingerprint_of(again)
    assert fingerprint_of(other) != fingerprint_of(same)
