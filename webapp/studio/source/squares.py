"""Square pictures as directories and podcast apps take them: of the show, and of an episode.

Source: Apple, "Show cover art" (https://podcasters.apple.com/support/896-artwork-requirements):
1400 to 3000 pixels, JPEG or PNG, RGB.
"""

from pathlib import Path, PurePath

from PIL import Image

from webapp.studio.source.decoding import one_at_a_time, refuse_many_scans
from webapp.studio.source.media import JPEG, MediaFile, sha256_of

SIDES = range(1400, 3001)
ENDINGS = {JPEG: "jpg", "image/png": "png"}
_TYPES = {"JPEG": JPEG, "PNG": "image/png"}
_EXPECTED = "expected a square JPEG or PNG picture in RGB, 1400 to 3000 pixels each way"


def read_square(path: Path, *, name: str = "") -> MediaFile:
    """Return a square picture, which is to have a `name` or the one under which it lies.

    Without an ending, either kind is right. Raises ValueError, in words, for any other picture.
    """
    try:
        with one_at_a_time, path.open("rb") as file:
            refuse_many_scans(file)
            with Image.open(file, formats=tuple(_TYPES)) as picture:
                kind, mode, size = picture.format or "", picture.mode, picture.size
                if size[0] in SIDES and size[1] in SIDES:
                    picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(_EXPECTED) from error
    content_type = _TYPES.get(kind, "")
    ending = PurePath(name or path.name).suffix.removeprefix(".")
    right = ending in {"", ENDINGS.get(content_type)}
    if not right or mode != "RGB" or size[0] != size[1] or size[0] not in SIDES:
        raise ValueError(f"{_EXPECTED}; this one is {kind}, {mode}, {size[0]} by {size[1]}")
    return MediaFile(path, content_type, path.stat().st_size, sha256_of(path), 0)
