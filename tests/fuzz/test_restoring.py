"""Backups that are put back: whole, or refused in a sentence with nothing left of them."""

import io
import json
import shutil
import tarfile
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.fuzz.hostile_values import JSON_VALUES, MOMENTS, TEXT, bent, in_utf8
from tests.fuzz.profile import examples
from webapp import storage
from webapp.cli import main
from webapp.operations.backup.archive import ABOUT, SQLITE, SUMS
from webapp.operations.backup.erasures import read_list, write_list
from webapp.operations.backup.writing import back_up
from webapp.operations.instance import make_instance
from webapp.settings import Settings

FILM = b"a film"
MEDIUM = f"media/{sha256(FILM).hexdigest()[:2]}/{sha256(FILM).hexdigest()}"
NAMES = (
    *(
        "../outside",
        "/etc/outside",
        "media/00/../../../outside",
        "./postbag.sqlite3",
        "keys/seal-1.key",
    ),
    *(
        "media",
        "postbag.sqlite3-wal",
        "postbag.env",
        "tables/../x.copy",
        "tables/columns.json",
        "a\0b",
    ),
    *(ABOUT, SUMS, SQLITE, MEDIUM, f"media/00/{'0' * 64}", f"media/00/{'0' * 64}\n", "x" * 300),
)
KINDS = (
    *(tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE),
    *(tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, tarfile.CONTTYPE, b"Z"),
)
SIZES = (0, 1, 511, 8**11 - 1, 2**62)  # what a header says of as many bytes as there are
MARKS = (*(name.encode() for name in NAMES[:6]), b"ustar\x0000", b"\0" * 512, b'"version": 2')

Members = Iterable[tuple[str, bytes, bytes, int]]  # each with its kind and the size that it names


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small site, and its backup beside it."""
    folder = tmp_path_factory.mktemp("restoring")
    settings = Settings.load(instance=folder / "house")
    app = make_instance(settings)
    place = folder / "house" / MEDIUM
    place.parent.mkdir(parents=True)
    place.write_bytes(FILM)
    with app.app_context():
        storage.write(factories.add_show)
        storage.write(factories.add_question)
        back_up(folder / "whole.tar", lambda _done, _total: None)
        storage.db.engine.dispose()
    return folder


def members_of(house: Path) -> dict[str, bytes]:
    """Return what the backup has, but for its sums."""
    with tarfile.open(house / "whole.tar") as tar:
        found = {each.name: tar.extractfile(each).read() for each in tar}
    del found[SUMS]
    return found


def whole(members: Mapping[str, bytes]) -> list[tuple[str, bytes, bytes, int]]:
    return [(name, data, tarfile.REGTYPE, len(data)) for name, data in members.items()]


def packed(members: Members, sums: Any = None) -> bytes:
    """Return a backup of these, with sums that fit unless others are given."""
    file, said = io.BytesIO(), {}
    for name, data, kind, size in members:
        file.write(_entry(name, data, kind, size))
        said[name] = sha256(data).hexdigest()
    words = json.dumps(said if sums is None else sums).encode()
    file.write(_entry(SUMS, words, tarfile.REGTYPE, len(words)))
    file.write(bytes(1024))
    return file.getvalue()


def _entry(name: str, data: bytes, kind: bytes, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.linkname = kind, size, "../outside"
    head = entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogatepass")
    return head + data + bytes(-len(data) % 512)


def put_back(house: Path, backup: bytes) -> str:
    """Put a backup back; return what was said, after looking that a refusal has left nothing."""
    file, into = house / "made.tar", house / "into"
    shutil.rmtree(into, ignore_errors=True)
    file.write_bytes(backup)
    result = CliRunner().invoke(
        main,
        ["restore", str(file), "--keys", str(house / "house/keys")],
        env={"POSTBAG_INSTANCE": str(into), "POSTBAG_DATABASE_URL": None},
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    said = result.output
    if "Error: " in said:
        assert result.exit_code == 1
        assert said.rstrip().endswith((".", ")"))
        assert [path for path in into.rglob("*") if path.is_file()] == []
    else:
        assert "is back" in said
        assert (into / "postbag.sqlite3").exists()
    assert sorted(path.name for path in house.iterdir() if path != into) == [
        *("house", "made.tar", "whole.tar")
    ]
    return said


def test_what_is_whole_comes_back(house: Path):
    assert "Nothing is wrong" in put_back(house, packed(whole(members_of(house))))


@examples(25)
@given(st.data())
def test_a_backup_with_some_bytes_wrong_is_refused_or_as_good_as_whole(
    house: Path, data: st.DataObject
):
    put_back(house, data.draw(bent([(house / "whole.tar").read_bytes()], MARKS)))


@examples(25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES) | TEXT.filter(lambda name: "\0" not in name),
            st.binary(max_size=20),
            st.sampled_from(KINDS),
            st.sampled_from(SIZES) | st.none(),
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 3),
)
def test_a_backup_with_what_none_has_is_refused(
    house: Path, strange: list[tuple[str, bytes, bytes, int | None]], at: int
):
    members = whole(members_of(house))
    members[at:at] = [
        (name, data, kind, len(data) if size is None else size)
        for name, data, kind, size in strange
    ]
    put_back(house, packed(members))


@examples(25)
@given(st.sampled_from([SQLITE, ABOUT]), st.data())
def test_a_backup_made_anew_by_somebody_is_refused_or_put_back(
    house: Path, name: str, data: st.DataObject
):
    members = members_of(house)
    members[name] = data.draw(
        bent([members[name]], (b"SQLite format 3\0", b'"engine"', b"{", b"0"))
    )
    put_back(house, packed(whole(members)))


@examples(20)
@given(
    st.dictionaries(
        st.sampled_from(["made_at", "postbag", "engine", "migration", "format", "version"]) | TEXT,
        JSON_VALUES,
        min_size=1,
        max_size=2,
    )
)
def test_a_backup_that_says_anything_of_itself_is_refused_or_put_back(
    house: Path, changed: dict[str, Any]
):
    members = members_of(house)
    members[ABOUT] = json.dumps(json.loads(members[ABOUT]) | changed).encode()
    put_back(house, packed(whole(members)))


@examples(20)
@given(JSON_VALUES)
def test_a_backup_with_other_sums_is_refused(house: Path, sums: Any):
    if sums is not None:
        assert "Error: " in put_back(house, packed(whole(members_of(house)), sums))


LINE = f"2026-03-03 {UUID(int=7)}"
LINES = (LINE, LINE.upper(), f"{LINE} ", LINE[:20], LINE.replace(" ", "\t"), "é", "\x1c", "# no")


@examples(40)
@given(
    st.lists(st.sampled_from(LINES) | TEXT | st.sampled_from(MOMENTS).map(lambda day: f"{day} 7")),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_a_list_of_what_was_erased_has_each_good_line_whatever_stands_beside(
    house: Path, lines: list[str], end: str
):
    path = house / "house/keys" / "erased.list"
    path.write_bytes(in_utf8(end.join([*lines, f"2026-02-02 {UUID(int=8)}", ""])))
    found = read_list(path)
    write_list(path, found)
    again = read_list(path)
    path.unlink()

    assert found[UUID(int=8)] == date(2026, 2, 2)
    assert again == found
