"""A picture that somebody uploads as the show's artwork: looked at, and written anew.

Written anew, it has none of what a camera or a program put beside its pixels.
Source: Apple, "Show cover art" (https://podcasters.apple.com/support/896-artwork-requirements).
"""

import io
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from PIL import Image, ImageOps

from webapp.episodes.bundle_files import Stored
from webapp.exceptions import Refused
from webapp.studio.source.decoding import one_at_a_time, refuse_many_scans
from webapp.studio.source.media_store import place_of
from webapp.studio.source.squares import SIDES

LARGEST = 32 * 1024 * 1024  # bytes; 3,000 pixels each way take 27 MB, even as they are
MOST_PIXELS = 16_000_000  # a picture of a few bytes may unfold into gigabytes
QUALITY = 92
PAPER = (255, 255, 255)  # what lies under what is transparent

NO_PICTURE = "This is no whole JPEG or PNG picture. Choose one."
TOO_LARGE = f"Choose a picture of {LARGEST // 1024 // 1024} MB at most."

_NAMES = {"JPEG": ("artwork.jpg", "image/jpeg"), "PNG": ("artwork.png", "image/png")}


def make_artwork(data: bytes) -> tuple[str, str, bytes]:
    """Return a picture as artwork: the name of its file, its type, and its bytes, in RGB.

    Raises Refused, in words, for what cannot be the show's artwork.
    """
    if len(data) > LARGEST:
        raise Refused(TOO_LARGE)
    try:
        file = io.BytesIO(data)
        refuse_many_scans(file)
        with one_at_a_time, Image.open(file, formats=tuple(_NAMES)) as picture:
            kind, (width, height) = picture.format or "", picture.size
            if width * height <= MOST_PIXELS:
                picture.load()
                made = _in_rgb(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(NO_PICTURE) from error
    if width != height or width not in SIDES:
        raise Refused(
            f"This one is {width:,} by {height:,} pixels. It takes a square of "
            f"{SIDES[0]:,} to {SIDES[-1]:,} pixels each way."
        )
    name, content_type = _NAMES[kind]
    out = io.BytesIO()
    more = {"quality": QUALITY} if kind == "JPEG" else {"optimize": True}
    made.save(out, kind, **more)
    return name, content_type, out.getvalue()


def keep_artwork(folder: Path, content_type: str, data: bytes) -> Stored:
    """Keep a picture among the media, under its hash, and return it as a file of the bundle."""
    digest = sha256(data).hexdigest()
    place = place_of(folder, digest)
    partial = place.with_suffix(f".{uuid4().hex}")
    try:
        partial.write_bytes(data)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)  # on a full disk it would take what is left
    return Stored(digest, len(data), content_type=content_type)


def _in_rgb(picture: Image.Image) -> Image.Image:
    """Return the pixels of a picture in RGB, on white where it is transparent, and nothing else."""
    made = Image.new("RGB", picture.size, PAPER)
    if picture.has_transparency_data:
        above = picture.convert("RGBA")
        made.paste(above, mask=above.getchannel("A"))
    else:
        made.paste(picture.convert("RGB"))  # which would have kept comments, were it saved itself
    return made
