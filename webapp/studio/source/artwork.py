"""The show's artwork: the square picture under which directories and apps list it.

Source: Apple, "Show cover art" (https://podcasters.apple.com/support/896-artwork-requirements):
1400 to 3000 pixels, JPEG or PNG, RGB.
"""

from PIL import Image

from webapp.studio.source.decoding import one_at_a_time, refuse_many_scans
from webapp.studio.source.media import MediaFile, sha256_of
from webapp.studio.source.reading import Folder

NAMES = ("artwork.jpg", "artwork.png")
SIDES = range(1400, 3001)
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_EXPECTED = "expected a square JPEG or PNG picture in RGB, 1400 to 3000 pixels each way"


def read_artwork(folder: Folder) -> MediaFile | None:
    """Return the bundle's artwork, if it brings one; what is wrong is noted in the folder."""
    found = [name for name in NAMES if folder.has(name)]
    for name in found[1:]:
        folder.say(name, f"expected one artwork, and there is {found[0]}")
    path = folder.file(found[0]) if found else None
    if path is None:
        return None
    try:
        with one_at_a_time, path.open("rb") as file:
            refuse_many_scans(file)
            with Image.open(file, formats=tuple(_TYPES)) as picture:
                kind, mode, size = picture.format or "", picture.mode, picture.size
                if size[0] in SIDES and size[1] in SIDES:
                    picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        folder.say(found[0], _EXPECTED)
        return None
    right = _TYPES.get(kind, "").endswith(path.suffix.removeprefix(".").replace("jpg", "jpeg"))
    if not right or mode != "RGB" or size[0] != size[1] or size[0] not in SIDES:
        folder.say(found[0], f"{_EXPECTED}; this one is {kind}, {mode}, {size[0]} by {size[1]}")
        return None
    return MediaFile(path, _TYPES[kind], path.stat().st_size, sha256_of(path), 0)
