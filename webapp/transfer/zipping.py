"""A bundle as a zip, made piece by piece in flat memory: the same show gives the same bytes.

Source: PKWARE, APPNOTE.TXT 6.3.10. Sizes above 4 GB are written as zip64.
"""

import zipfile
from collections.abc import Iterator, Sequence
from io import RawIOBase

from webapp.episodes.bundle_files import Stored
from webapp.transfer.exporting import Source, read_all

BLOCK = 256 * 1024
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the format knows no day before; the database knows none at all
_MODE = 0o100644 << 16


class _Gathered(RawIOBase):
    """A file that cannot be gone back in: what is written to it is taken away in pieces."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._written.append(block)
        return len(block)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._written = b"".join(self._written), []
        return taken


def zip_of(source: Source, folders: Sequence[str]) -> Iterator[bytes]:
    """Yield a zip of folders of the bundle. Holds no transaction between two pieces."""
    out = _Gathered()
    with zipfile.ZipFile(out, "w") as archive:
        for path, file in read_all(source, folders):
            yield from _write(archive, out, source, path, file)
    yield out.take()


def _write(
    archive: zipfile.ZipFile, out: _Gathered, source: Source, path: str, file: Stored
) -> Iterator[bytes]:
    entry = zipfile.ZipInfo(path, _OLDEST)
    entry.external_attr, entry.create_system = _MODE, 3
    entry.compress_type = zipfile.ZIP_DEFLATED if file.is_text else zipfile.ZIP_STORED
    entry.file_size = file.size
    with archive.open(entry, "w") as into:
        if file.is_text:
            into.write(file.text.encode())
        else:
            with source.place(file).open("rb") as medium:
                while block := medium.read(BLOCK):
                    into.write(block)
                    yield out.take()
    yield out.take()
