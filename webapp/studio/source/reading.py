"""Opening the files of a folder that somebody else packed, and gathering what is wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.source.media import MediaFile, is_picture, read_media
from webapp.studio.source.squares import read_square

MAX_TEXT = 2 * 1024 * 1024  # bytes; a transcript of three hours has a tenth of it

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Folder:
    """A bundle's folder. Nothing outside of it is opened, whatever links lie in it.

    `texts` are the text files that were read, by their path; `problems` what was wrong so far.
    """

    def __init__(self, path: Path) -> None:
        self.root = path.resolve()
        self.texts: dict[str, str] = {}
        self.problems: list[BundleProblem] = []

    def say(self, file: str, expected: str, *, line: int = 0, key: str = "") -> None:
        """Note a problem."""
        self.problems.append(BundleProblem(file, line, key, expected))

    def attempt(self, read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T | None:
        """Return what a call returns, or None if it refuses, with its problems noted."""
        try:
            return read(*args, **kwargs)
        except BundleRefused as refused:
            self.problems.extend(refused.problems)
            return None

    def names(self, folder: str) -> Iterator[str]:
        """Yield the paths of what lies in a folder of the bundle, sorted; hidden ones left out."""
        place = self.root / folder
        if place.is_dir() and self.holds(folder):
            for path in sorted(place.iterdir()):
                if not path.name.isprintable():  # bytes that are no UTF-8 come out as such
                    self.say(folder, f"expected names in UTF-8, not {path.name!a}")
                elif not path.name.startswith("."):
                    yield path.relative_to(self.root).as_posix()

    def has(self, name: str) -> bool:
        """Return whether something lies under a path, be it only a broken link."""
        return (self.root / name).is_symlink() or (self.root / name).exists()

    def holds(self, name: str) -> bool:
        """Return whether a path stays inside the folder, links followed; notes if it does not."""
        try:
            is_inside = (self.root / name).resolve().is_relative_to(self.root)
        except (OSError, RuntimeError, ValueError):  # a link to itself, a name no system takes
            is_inside = False
        if not is_inside:
            self.say(name, "expected a file of this folder, not a link or a way out of it")
        return is_inside

    def file(self, name: str) -> Path | None:
        """Return where a file lies, or None if it is no file of this folder, with that noted."""
        if not self.holds(name):
            return None
        path = self.root / name
        if not path.is_file():
            self.say(name, "expected a file")
            return None
        return path

    def text(self, name: str) -> str | None:
        """Return a text file as it is, or None where there is none or none that can be read."""
        path = self.file(name) if self.has(name) else None
        if path is None:
            return None
        if path.stat().st_size > MAX_TEXT:
            self.say(name, f"expected a text of {MAX_TEXT:,} bytes at most")
            return None
        return self._decoded(name, path.read_bytes())

    def medium(self, name: str) -> MediaFile | None:
        """Return what a picture, video or sound is, or None if it is none, with that noted."""
        return self._looked_at(name, read_media)

    def square(self, name: str) -> MediaFile | None:
        """Return a square picture as apps take it, or None if it is none, with that noted."""
        return self._looked_at(name, read_square)

    def _looked_at(self, name: str, look: Callable[[Path], MediaFile]) -> MediaFile | None:
        path = self.file(name)
        try:
            return None if path is None else look(path)
        except ValueError as error:
            self.say(name, str(error))
            return None

    def has_picture(self, name: str) -> bool:
        """Return whether a file is a picture that pages show, by how it begins."""
        path = self.root / name
        return (
            self.has(name) and self.holds(name) and path.is_file() and is_picture(path, path.name)
        )

    def _decoded(self, name: str, data: bytes) -> str | None:
        """Return bytes as text, line ends and all, and keep it; None if they are no text."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.say(name, "expected text in UTF-8", line=line)
            return None
        if "\0" in text:  # PostgreSQL cannot keep it
            line = text[: text.index("\0")].count("\n") + 1
            self.say(name, "expected text without the character NUL", line=line)
            return None
        self.texts[name] = text
        return text
