"""What somebody sends, by its bytes: what it is, what it will be called, or why it is not taken.

The name that it came under decides nothing: it is only shown.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from webapp.studio.source.media import content_of

HEAD = 1024
LONGEST_NAME = 100
NO_NAME = "a file without a name"

EMPTY = "It is empty: 0 bytes arrived. Choose the file again."
NO_MEDIUM = (
    "It is neither video nor sound that apps play. Send an MP4, M4V or MOV video, or M4A or MP3 "
    "sound."
)
NO_PICTURE = "It is no picture that can be read. Send a JPEG, PNG, WebP or GIF."
_TO_MP4 = "Apps do not play it from a feed. Convert it to MP4, with HandBrake for example."
_TO_MP3 = "Apps do not play it from a feed. Convert it to MP3 or M4A, with Audacity for example."
_TO_JPEG = "Few browsers show it. Save it as JPEG or PNG, and send that."

# what a video or sound is called, by what it is; the first of the endings unless it has another
_MEDIA = {
    "MP4 video": ("video", (".mp4", ".m4v")),
    "QuickTime video": ("video", (".mov",)),
    "MP4 sound": ("audio", (".m4a",)),
    "MP3 sound": ("audio", (".mp3",)),
}
_PICTURES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_BRANDS = {  # of what begins like an MP4 (ISO/IEC 23008-12, annex B; AVIF, 4 "Brands")
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
    b"avif": "AVIF",
    b"avis": "AVIF",
}
_RIFF = {b"WAVE": "WAV", b"AVI ": "AVI", b"WEBP": "WebP"}
_OTHERS = {
    b"\x1a\x45\xdf\xa3": "WebM",
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"0&\xb2u": "WMV",
    b"FLV\x01": "FLV",
    b"\x00\x00\x01\xba": "MPEG",
    b"FORM": "AIFF",
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"MZ": "program",
}
_SAID = {
    "HEIC": ("a HEIC picture", _TO_JPEG),
    "AVIF": ("an AVIF picture", _TO_JPEG),
    "TIFF": ("a TIFF picture", _TO_JPEG),
    "SVG": ("an SVG drawing", "It can hold programs. Save it as PNG, and send that."),
    "WebM": ("a WebM or Matroska video", _TO_MP4),
    "AVI": ("an AVI video", _TO_MP4),
    "WMV": ("a Windows Media file", _TO_MP4),
    "FLV": ("a Flash video", _TO_MP4),
    "MPEG": ("an MPEG video of the older kind", _TO_MP4),
    "Ogg": ("an Ogg file", _TO_MP3),
    "WAV": ("a WAV recording", _TO_MP3),
    "FLAC": ("FLAC sound", _TO_MP3),
    "AIFF": ("an AIFF recording", _TO_MP3),
    "PDF": ("a PDF document", ""),
    "ZIP": ("a ZIP archive or a document of an office program", ""),
    "program": ("a program", ""),
}


class Unfit(Exception):  # noqa: N818 - reads as the sentence that it is
    """A file is not taken; the message says why, and what to send instead."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A video or sound that is taken: what it is, and the name that it gets."""

    what: str
    name: str


def medium_of(path: Path, *, came_as: str = "", taken: Collection[str] = ()) -> Kind:
    """Return what a video or sound is, with a name that none of `taken` has. Raises Unfit."""
    told = _told(path)
    what = "" if told else content_of(path)
    if what not in _MEDIA:
        picture = picture_format(path)
        raise Unfit(
            f"It is {_article(picture)} picture. {NO_MEDIUM}"
            if picture
            else f"It is {_SAID[told][0]}. {_SAID[told][1] or NO_MEDIUM}"
            if told
            else NO_MEDIUM
        )
    stem, endings = _MEDIA[what]
    suffix = PurePosixPath(came_as.lower()).suffix
    return Kind(what, free_name(stem, suffix if suffix in endings else endings[0], taken))


def picture_format(path: Path) -> str:
    """Return the format of a picture that can be read here ("JPEG", "WebP"), or an empty text."""
    head = _head(path)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return next((name for sign, name in _PICTURES.items() if head.startswith(sign)), "")


def refusal_of_picture(path: Path) -> str:
    """Return why a file is no picture that is taken, in words."""
    if not _head(path):
        return EMPTY
    told = _told(path)
    if told:
        return f"It is {_SAID[told][0]}. {_SAID[told][1] or NO_PICTURE}"
    what = content_of(path)
    return f"It is {what}. {NO_PICTURE}" if what in _MEDIA else NO_PICTURE


def free_name(stem: str, suffix: str, taken: Collection[str]) -> str:
    """Return a name such as video.mp4, or video-2.mp4 where that is taken in whatever case."""
    used = {name.lower() for name in taken}
    names = (f"{stem}{'' if at == 1 else f'-{at}'}{suffix}" for at in range(1, len(used) + 2))
    return next(name for name in names if name not in used)


def shown_name(came_as: str) -> str:
    """Return the name under which a file came, as it may be shown: no path, nothing unprintable.

    What turns the direction of writing is unprintable too, so that a name looks like what it is.
    """
    name = came_as.replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1]}…"
    return name if name.strip(". ") else NO_NAME


def _told(path: Path) -> str:
    """Return what a file is that is never taken, by its first bytes, or an empty text.

    Raises Unfit for an empty one.
    """
    head = _head(path)
    if not head:
        raise Unfit(EMPTY)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "").replace("WebP", "")
    text = head.lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    if text.startswith(b"<") and b"<svg" in text:
        return "SVG"
    return next((name for sign, name in _OTHERS.items() if head.startswith(sign)), "")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _article(name: str) -> str:
    return f"a {name}"
