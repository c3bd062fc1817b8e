"""Files that come with an episode: what they are by their bytes, whatever their names say."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath

from PIL import Image
from tinytag import TinyTag, TinyTagException

from webapp.studio.source.decoding import one_at_a_time, refuse_many_scans
from webapp.studio.source.mp4 import has_video, is_whole

CHUNK = 1024 * 1024
JPEG = "image/jpeg"

# what a file of each name must be, and the type under which feeds may enclose it
_NAMES = {
    ".mp4": ("MP4 video", "video/mp4"),
    ".m4v": ("MP4 video", "video/x-m4v"),
    ".mov": ("QuickTime video", "video/quicktime"),
    ".m4a": ("MP4 sound", "audio/x-m4a"),
    ".mp3": ("MP3 sound", "audio/mpeg"),
    ".jpg": ("JPEG picture", JPEG),
    ".jpeg": ("JPEG picture", JPEG),
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of an episode; `size` in bytes, `duration` in seconds (0 for a picture)."""

    path: Path
    content_type: str
    size: int
    sha256: str
    duration: float


def read_media(path: Path, *, name: str = "") -> MediaFile:
    """Return what a file is, by the `name` that it is to have or the one under which it lies.

    Raises ValueError in words when it is not what its name says.
    """
    content = content_of(path)
    name = name or path.name
    wanted, content_type = _NAMES.get(PurePath(name).suffix.lower(), ("", ""))
    if not content:
        raise ValueError("expected an MP4 or QuickTime video, an M4A or MP3 sound, or a JPEG")
    if content != wanted:
        raise ValueError(f"expected a name that fits its content, which is {content}")
    _refuse_what_is_cut_short(path, content_type)
    duration = 0.0 if content_type == JPEG else _duration(path, name)
    return MediaFile(path, content_type, path.stat().st_size, sha256_of(path), duration)


def _refuse_what_is_cut_short(path: Path, content_type: str) -> None:
    """Raise ValueError for a picture that cannot be drawn, or a video that is not all there."""
    if content_type == JPEG:
        try:
            with one_at_a_time, path.open("rb") as file:
                refuse_many_scans(file)
                with Image.open(file) as picture:
                    picture.draft("L", (1, 1))  # all of its bytes are read, few pixels are kept
                    picture.load()
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise ValueError("expected a whole JPEG picture of a reasonable size") from error
    elif content_type != "audio/mpeg":
        with path.open("rb") as file:
            if not is_whole(file):
                raise ValueError("expected a whole file; this one is cut short")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content_of(path: Path) -> str:
    """Return what a file is by its first bytes and its tracks, or an empty text."""
    with path.open("rb") as file:
        head = file.read(12)
        if head.startswith(b"\xff\xd8\xff"):
            return "JPEG picture"
        if head[4:8] == b"ftyp":
            if head[8:12] == b"qt  ":
                return "QuickTime video"
            return "MP4 video" if has_video(file) else "MP4 sound"
    return "MP3 sound" if head.startswith(b"ID3") or _is_mp3_frame(head) else ""


def is_picture(path: Path, name: str) -> bool:
    """Return whether a file is a picture that pages show, by its `name` and how it begins."""
    is_named = _NAMES.get(PurePath(name).suffix.lower(), ("", ""))[1] == JPEG
    return is_named and content_of(path) == "JPEG picture"


def _is_mp3_frame(head: bytes) -> bool:
    """Return whether bytes begin an MPEG audio frame of layer III (ISO 11172-3, 2.4.1.3)."""
    if len(head) < 3:
        return False
    sync = head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    return sync and version != 1 and layer == 1 and bitrate not in {0, 15} and rate != 3


def _duration(path: Path, name: str) -> float:
    """Return how long sound or video lasts, in seconds. Raises ValueError if nothing plays."""
    try:
        with path.open("rb") as file:
            duration = TinyTag.get(name, file_obj=file, tags=False).duration
    except (TinyTagException, OSError, ValueError) as error:
        raise ValueError("expected a file that can be played") from error
    if not duration:
        raise ValueError("expected a file that can be played; this one has no length")
    return float(duration)
