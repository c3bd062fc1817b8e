"""A zip that somebody sends: unpacked if it is a bundle, and refused with a reason if it bites."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.transfer.test_exporting import files_in
from webapp.transfer import unpacking
from webapp.transfer.unpacking import ZipRefused, unpack


def zip_in(folder: Path, files: dict[str, bytes], **given: object) -> Path:
    """Write a zip with these files and return where it lies."""
    path = folder / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = entry.orig_filename = name
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in given.items():
                setattr(entry, key, value)
            archive.writestr(entry, data)
    return path


def refused(path: Path) -> str:
    """Return why a zip is not unpacked."""
    with pytest.raises(ZipRefused) as caught:
        unpack(path, path.parent / "into")
    return str(caught.value)


def test_a_bundle_is_unpacked(tmp_path: Path):
    told: list[tuple[int, int]] = []
    path = zip_in(tmp_path, {"show.yaml": b"name: x", "episodes/a/index.md": b"---"})

    unpack(path, tmp_path / "into", lambda done, total: told.append((done, total)))

    assert files_in(tmp_path / "into") == {"show.yaml": b"name: x", "episodes/a/index.md": b"---"}
    assert told == [(0, 2), (1, 2)]


def test_one_folder_around_it_all_and_what_systems_add_are_left_out(tmp_path: Path):
    names = ("show/show.yaml", "show/.DS_Store", "__MACOSX/show/._show.yaml", "show/Thumbs.db")
    path = zip_in(tmp_path, {**dict.fromkeys(names, b"x"), "show/episodes/": b""})

    unpack(path, tmp_path / "into")

    assert set(files_in(tmp_path / "into")) == {"show.yaml"}


def test_a_folder_of_episodes_alone_keeps_its_place(tmp_path: Path):
    path = zip_in(tmp_path, {"episodes/a/index.md": b"---"})

    unpack(path, tmp_path / "into")

    assert set(files_in(tmp_path / "into")) == {"episodes/a/index.md"}


@pytest.mark.parametrize(
    "name",
    [
        "../show.yaml", "episodes/../../show.yaml", "/etc/show.yaml", "//server/show.yaml",
        "C:/show.yaml", "C:show.yaml", "..\\show.yaml", "episodes\\a\\index.md",
        "episodes/a/x\0.jpg", "episodes/./a", "episodes//a", "episodes/a/b\n.txt",
        "episodes/a/\u202egpj.md", "a/b/c/d/e/f/g/h", f"episodes/a/{'x' * 300}",
        "episodes/a/trailing ", "episodes/a/aux?.txt", " /show.yaml",
    ],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str):
    path = zip_in(tmp_path, {"show.yaml": b"x", "placeholder": b"x"})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("show.yaml", "x")
        entry = zipfile.ZipInfo("x")
        entry.filename = entry.orig_filename = name
        archive.writestr(entry, "x")

    assert "is no name for a file of a bundle" in refused(path)
    assert not list(tmp_path.rglob("show.yaml"))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("show.yaml", "SHOW.yaml"),
        ("people/caf\u00e9.md", "people/cafe\u0301.md"),
        ("people/\ufb01.md", "people/fi.md"),
        ("people", "people/a.md"),
    ],
)
def test_names_that_some_systems_take_for_one_are_refused(tmp_path: Path, one: str, two: str):
    assert "in the zip twice" in refused(zip_in(tmp_path, {one: b"1", two: b"2"}))


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o020644, 0o060644])
def test_links_and_devices_are_refused(tmp_path: Path, mode: int):
    path = zip_in(tmp_path, {"show.yaml": b"/etc/passwd"}, external_attr=mode << 16)

    assert "is a link or a device" in refused(path)


def test_a_zip_of_death_is_refused_before_anything_is_written(tmp_path: Path):
    path = zip_in(tmp_path, {"show.yaml": b"\0" * 64 * 1024 * 1024})

    assert path.stat().st_size < 100_000
    assert "would grow to 67,108,864 bytes" in refused(path)
    assert not (tmp_path / "into").exists()


def test_many_small_files_that_grow_vast_together_are_refused(tmp_path: Path):
    path = zip_in(tmp_path, {f"people/p{number}.md": b"\0" * 2_000_000 for number in range(20)})

    assert "would grow to 40,000,000 bytes" in refused(path)


def test_a_zip_that_lies_about_a_size_is_not_unpacked(tmp_path: Path):
    path = zip_in(tmp_path, {"show.yaml": b"x" * 3_000_000})
    data = path.read_bytes()
    real, less = struct.pack("<I", 3_000_000), struct.pack("<I", 1_000)
    assert data.count(real) == 2
    path.write_bytes(data.replace(real, less))

    assert "no zip that can be read whole" in refused(path)


def test_entries_that_lie_in_one_another_are_refused(tmp_path: Path):
    path = zip_in(tmp_path, {"show.yaml": b"x" * 1000, "help.yaml": b"y" * 1000})
    data = bytearray(path.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)  # where it says that it begins
    path.write_bytes(bytes(data))

    assert "lie in one another" in refused(path)


def test_many_entries_are_refused_without_being_read_into_memory(tmp_path: Path):
    path = tmp_path / "bundle.zip"
    count, entry = 450_000, b"PK\x01\x02" + b"\0" * 24 + struct.pack("<H", 1) + b"\0" * 16 + b"a"
    entries = entry * count
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 0, 0)
    path.write_bytes(entries + end)
    tracemalloc.start()

    assert "more than 20,000 files" in refused(path)

    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unpacking, "MOST_ENTRIES", 2)

    names = ("show.yaml", "people/a.md", "people/b.md")
    assert "files in it" in refused(zip_in(tmp_path, dict.fromkeys(names, b"")))


def test_a_locked_zip_and_other_ways_of_packing_are_refused(tmp_path: Path):
    path = zip_in(tmp_path, {"show.yaml": b"name"})
    data = bytearray(path.read_bytes())
    first, second = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[first + 6] |= 1
    data[second + 8] |= 1
    path.write_bytes(bytes(data))
    assert "locked with a password" in refused(path)

    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("show.yaml", "name")
    assert "not read here" in refused(path)


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x03\x04" + b"\0" * 50, b"%PDF-1.7", b"PK\x05\x06"]
)
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes):
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)

    assert "no zip that can be read whole" in refused(path)


def test_a_zip_that_was_cut_or_changed_is_refused(tmp_path: Path):
    path = zip_in(tmp_path, {"show.yaml": b"name: a longer one" * 100})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "no zip" in refused(path)

    changed = bytearray(data)
    changed[50] ^= 0xFF
    path.write_bytes(bytes(changed))
    assert "no zip that can be read whole" in refused(path)


def test_a_zip_without_a_bundle_is_refused(tmp_path: Path):
    assert "There is no bundle in the zip" in refused(zip_in(tmp_path, {"holiday.jpg": b"x"}))
    assert "There is no bundle in the zip" in refused(zip_in(tmp_path, {}))


def test_a_full_disk_is_noticed_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(unpacking, "ROOM_LEFT", 2**62)

    assert "not enough room" in refused(zip_in(tmp_path, {"show.yaml": b"x"}))


def test_a_zip_inside_of_a_zip_stays_one(tmp_path: Path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("show.yaml", "x")
    path = zip_in(tmp_path, {"episodes/a/more.zip": inner.getvalue()})

    unpack(path, tmp_path / "into")

    assert set(files_in(tmp_path / "into")) == {"episodes/a/more.zip"}
