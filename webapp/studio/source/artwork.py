"""The show's artwork: the square picture under which directories and apps list it."""

from webapp.studio.source.media import MediaFile
from webapp.studio.source.reading import Folder

NAMES = ("artwork.jpg", "artwork.png")


def read_artwork(folder: Folder) -> MediaFile | None:
    """Return the bundle's artwork, if it brings one; what is wrong is noted in the folder."""
    found = [name for name in NAMES if folder.has(name)]
    for name in found[1:]:
        folder.say(name, f"expected one artwork, and there is {found[0]}")
    return folder.square(found[0]) if found else None
