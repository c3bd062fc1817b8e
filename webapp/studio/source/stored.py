"""The files of an episode as they are kept, read as a folder of a bundle."""

from collections.abc import Iterator
from pathlib import Path

from webapp.episodes.bundle_files import Files, Stored
from webapp.studio.source.media import JPEG, MediaFile
from webapp.studio.source.reading import Folder
from webapp.studio.source.squares import ENDINGS

OPAQUE = "application/octet-stream"  # of a file that means nothing to Postbag, and is kept


def media_file(medium: MediaFile) -> Stored:
    """Return a file that was looked at as one that is kept."""
    return Stored(
        medium.sha256, medium.size, content_type=medium.content_type, duration=medium.duration
    )


class StoredFolder(Folder):
    """The files of one episode as a folder of a bundle, with nothing of it on a disk."""

    def __init__(self, slug: str, files: Files) -> None:
        super().__init__(Path("/nowhere"))
        self._place = f"episodes/{slug}"
        self._files = {f"{self._place}/{name}": file for name, file in files.items()}

    def names(self, folder: str) -> Iterator[str]:
        """Yield the paths of the files in the episode's folder, sorted."""
        return (path for path in sorted(self._files) if path.startswith(f"{folder}/"))

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""
        return name in self._files

    def text(self, name: str) -> str | None:
        """Return a text, None where there is none of that name."""
        file = self._files.get(name)
        if file is None or not file.is_text:
            return None
        self.texts[name] = file.text
        return file.text

    def medium(self, name: str) -> MediaFile | None:
        """Return what a file is; it was looked at when it came."""
        file = self._files.get(name)
        if file is None or file.is_text or file.content_type == OPAQUE:
            self.say(name, "expected a picture, a video or a sound")
            return None
        return MediaFile(Path(name), file.content_type, file.size, file.sha256, file.duration)

    def has_picture(self, name: str) -> bool:
        """Return whether a file is a picture that pages show."""
        file = self._files.get(name)
        return file is not None and file.content_type == JPEG

    def square(self, name: str) -> MediaFile | None:
        """Return a square picture, None for what came under its name before that meant anything."""
        file = self._files.get(name)
        is_one = file is not None and file.content_type in ENDINGS
        return self.medium(name) if is_one else None

    def stored(self, place: str) -> dict[str, Stored]:
        """Return all files of the episode by their names."""
        return {path.rpartition("/")[2]: self._files[path] for path in self.names(place)}
