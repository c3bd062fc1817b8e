"""A bundle that came as a zip, unpacked into a folder: everything is looked at before it is.

Refused are zips that grow without measure, whose entries lie in one another or lead out of the
folder, that are sealed, or that no two systems would unpack alike. What systems add of their own,
hidden files and `__MACOSX`, is passed over. Source: PKWARE, APPNOTE.TXT 6.3.10.
"""

import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import FileIO
from pathlib import Path, PurePosixPath

from webapp.exceptions import Refused
from webapp.transfer.bundle import KNOWN, Tell, quietly

MOST_ENTRIES = 20_000
MOST_LIST = 16 * 1024 * 1024  # bytes of the list of entries, which is read at once
MOST_BYTES = 64 * 1024**3
MOST_GROWTH = 200  # times what a text of a bundle was ever packed to; deflate ends at 1,032
GROWS_FROM = 4 * 1024 * 1024  # bytes below which growth does no harm
LONGEST_NAME = 200  # bytes of one part of a path
DEEPEST = 6
ROOM_LEFT = 512 * 1024 * 1024  # bytes of the disk that are left to the database
BLOCK = 1024 * 1024

_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF_8 = 0x800
_HEADER = 30  # bytes before the name of an entry
_OTHERS = frozenset(("__macosx", "thumbs.db", "desktop.ini"))
_FORBIDDEN = '\\:*?"<>|'

NO_ZIP = "This is no zip that can be read whole. Pack the bundle again."
TOO_MANY = f"The zip has more than {MOST_ENTRIES:,} files in it. A bundle has fewer."
TOO_LARGE = "What is in the zip is too large: {size:,} bytes."
GROWS = "{name} would grow to {size:,} bytes out of {packed:,}: that is no file of a bundle."
ALL_GROWS = "What is in the zip would grow to {size:,} bytes out of {packed:,}: that is no bundle."
OVERLAPS = "Two files in the zip lie in one another. Pack the bundle again."
SEALED = "{name} is locked with a password. Pack the bundle without one."
METHOD = "{name} is packed in a way that is not read here. Pack the bundle as a plain zip."
LINK = "{name} is a link or a device. A bundle has files and folders only."
NAME = "{name} is no name for a file of a bundle."
TWICE = "{name} is in the zip twice, or under names that some systems take for one."
NO_ROOM = "There is not enough room on the disk for what is in the zip."
EMPTY = "There is no bundle in the zip: expected show.yaml, people or episodes in it."


class ZipRefused(Refused):
    """A zip is not unpacked, and why."""


class _Careful(FileIO):
    """A file of which nobody reads too much at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_LIST:
            raise ZipRefused(TOO_MANY)
        return super().read(size) or b""


def unpack(path: Path, into: Path, tell: Tell = quietly) -> None:
    """Unpack a bundle's zip into a new folder; `tell` is told how many files are, of all.

    Raises ZipRefused with a reason; what was unpacked until then is left to whoever called.
    """
    try:
        with _Careful(path) as file, zipfile.ZipFile(file) as archive:
            files = _check(archive)
            into.mkdir(mode=0o700, parents=True)
            if shutil.disk_usage(into).free < ROOM_LEFT + sum(
                each.file_size for each in files.values()
            ):
                raise ZipRefused(NO_ROOM)
            for done, (name, entry) in enumerate(files.items()):
                tell(done, len(files))
                _extract(archive, entry, into / name)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise ZipRefused(NO_ZIP) from error
    except (UnicodeError, ValueError, RuntimeError, OverflowError) as error:
        raise ZipRefused(NO_ZIP) from error


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, BLOCK)


def _check(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """Return the files to unpack, by their paths in the bundle. Raises ZipRefused."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise ZipRefused(TOO_MANY)
    _refuse_overlaps(entries, archive.start_dir)
    for entry in entries:
        _refuse_entry(entry)
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        raise ZipRefused(TOO_LARGE.format(size=size))
    packed = sum(entry.compress_size for entry in entries)
    if size > GROWS_FROM and size > MOST_GROWTH * packed:
        raise ZipRefused(ALL_GROWS.format(size=size, packed=packed))
    files = {
        tuple(_parts(entry)): entry
        for entry in entries
        if not entry.is_dir() and not _is_passed_over(_parts(entry))
    }
    _refuse_doubles([_parts(entry) for entry in entries if not entry.is_dir()])
    return {PurePosixPath(*parts).as_posix(): each for parts, each in _without_top(files).items()}


def _refuse_overlaps(entries: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Refuse entries of which one begins in the other: so a small zip becomes a vast one."""
    before = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < before:
            raise ZipRefused(OVERLAPS)
        name = entry.orig_filename.encode(
            "utf-8" if entry.flag_bits & _UTF_8 else "cp437", "replace"
        )
        before = entry.header_offset + _HEADER + len(name) + entry.compress_size
    if before > end:
        raise ZipRefused(OVERLAPS)


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name = _shown(entry.orig_filename)
    if entry.flag_bits & _ENCRYPTED:
        raise ZipRefused(SEALED.format(name=name))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ZipRefused(METHOD.format(name=name))
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ZipRefused(LINK.format(name=name))
    grown, packed = entry.file_size, entry.compress_size
    if grown > GROWS_FROM and grown > MOST_GROWTH * packed:
        raise ZipRefused(GROWS.format(name=name, size=grown, packed=packed))
    parts = _parts(entry)
    if not parts or len(parts) > DEEPEST or not all(_is_name(part) for part in parts):
        raise ZipRefused(NAME.format(name=name))


def _parts(entry: zipfile.ZipInfo) -> Sequence[str]:
    return entry.orig_filename.removesuffix("/").split("/")


def _is_name(part: str) -> bool:
    """Return whether a part of a path is one on every system."""
    return (
        part not in {"", ".", ".."}
        and part.isprintable()
        and not set(part) & set(_FORBIDDEN)
        and len(part.encode(errors="replace")) <= LONGEST_NAME
        and part == part.strip()
    )


def _is_passed_over(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") or part.lower() in _OTHERS for part in parts)


def _refuse_doubles(files: Sequence[Sequence[str]]) -> None:
    """Refuse two files under names that are one for some system, or a file that is a folder too."""
    seen: set[tuple[str, ...]] = set()
    folders: set[tuple[str, ...]] = set()
    for parts in files:
        folded = tuple(unicodedata.normalize("NFKC", part).casefold() for part in parts)
        if folded in seen:
            raise ZipRefused(TWICE.format(name=_shown("/".join(parts))))
        seen.add(folded)
        folders.update(folded[:length] for length in range(1, len(folded)))
    if twice := seen & folders:
        raise ZipRefused(TWICE.format(name=_shown("/".join(min(twice)))))


def _without_top(
    files: Mapping[tuple[str, ...], zipfile.ZipInfo],
) -> Mapping[tuple[str, ...], zipfile.ZipInfo]:
    """Return files as they lie in the bundle: one folder around it all is left out."""
    tops = {parts[0] for parts in files}
    if len(tops) == 1 and not tops & KNOWN and all(len(parts) > 1 for parts in files):
        files = {parts[1:]: entry for parts, entry in files.items()}
    if not {parts[0] for parts in files} & KNOWN:
        raise ZipRefused(EMPTY)
    return files


def _shown(name: str) -> str:
    """Return a name as a sentence can have it."""
    plain = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"
