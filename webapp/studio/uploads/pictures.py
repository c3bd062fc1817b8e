"""Pictures that somebody sends: drawn anew, so that nothing else travels with them.

What is drawn anew has no place and no camera in it, no comment, no second file behind its end.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from webapp.studio.source.decoding import one_at_a_time, refuse_many_scans
from webapp.studio.uploads.kinds import Unfit, picture_format, refusal_of_picture

MOST_PIXELS = 50_000_000  # what telephones make, as a JPEG: that can be decoded smaller
MOST_DRAWN_PIXELS = 25_000_000  # of other formats; decoded it takes four times as many bytes
MOST_TIMES_AS_LONG = 4
LONGEST_SIDE = 3000
SMALL = 320
QUALITY = 88

_FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WebP": "WEBP", "GIF": "GIF"}
_PAPER = "#FFFFFF"
TOO_LARGE = (
    "The picture has more than {most} million pixels. Make it smaller: "
    f"{LONGEST_SIDE:,} on the longer side are shown at most."
)
STRIPE = "The picture is more than four times as long as it is wide. Cut it, and send that."
BROKEN = "The picture cannot be read: it is cut short or damaged. Save it anew, and send that."


def drawn_anew(path: Path) -> bytes:
    """Return a picture as a JPEG: upright, without what it was sent with, 3,000 pixels at most.

    Of one that moves it is the first frame; what can be seen through is on white. Raises Unfit in
    words, and of one that is too large before it is decoded.
    """
    form = _FORMATS.get(picture_format(path))
    if form is None:
        raise Unfit(refusal_of_picture(path))
    try:
        with path.open("rb") as file:
            refuse_many_scans(file)
            with Image.open(file, formats=[form]) as picture:
                _refuse_size(picture)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded smaller
                with one_at_a_time:
                    picture.load()
                    return _as_jpeg(_upright(picture))
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit(_too_large(form)) from None
    except Exception:  # noqa: BLE001 - of a file that is out for harm a decoder raises anything
        raise Unfit(BROKEN) from None


def drawn_small(path: Path) -> bytes:
    """Return a picture that is kept as a JPEG of 320 pixels at most, for lists. Raises Unfit."""
    try:
        with Image.open(path, formats=["JPEG", "PNG"]) as picture:
            picture.draft("RGB", (SMALL, SMALL))
            with one_at_a_time:
                return _as_jpeg(_upright(picture, SMALL))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unfit(BROKEN) from None


def dimensions(path: Path) -> tuple[int, int] | None:
    """Return width and height of a picture that is kept, None where it cannot be read."""
    try:
        with Image.open(path, formats=list(_FORMATS.values())) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _refuse_size(picture: Image.Image) -> None:
    width, height = picture.size
    form = picture.format or ""
    if width * height > _most_pixels(form):
        raise Unfit(_too_large(form))
    if max(width, height) > MOST_TIMES_AS_LONG * min(width, height):
        raise Unfit(STRIPE)


def _most_pixels(form: str) -> int:
    return MOST_PIXELS if form == "JPEG" else MOST_DRAWN_PIXELS


def _too_large(form: str) -> str:
    return TOO_LARGE.format(most=_most_pixels(form) // 1_000_000)


def _upright(picture: Image.Image, side: int = LONGEST_SIDE) -> Image.Image:
    """Return a picture turned as its camera was held, and small enough."""
    upright = _in_plain_colours(ImageOps.exif_transpose(_small(picture, side)))
    if upright.mode.startswith(("I", "F")):  # more than 8 bits of grey
        upright = upright.convert("F").point(lambda level: level / 256)
    if upright.has_transparency_data:
        return upright.convert("RGBA")
    return upright if upright.mode == "RGB" else upright.convert("RGB")


def _small(picture: Image.Image, side: int) -> Image.Image:
    """Return a picture small enough, before anything else is made of it: each copy takes room.

    Colours by number, and a colour that counts as none, cannot be drawn smaller as they are.
    """
    if picture.mode in {"1", "P", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in sRGB, as all browsers take one without a profile.

    Telephones take theirs in wider colours, which would come out pale.
    """
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode != "RGB":
        return picture
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        plain = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return plain or picture


def _as_jpeg(picture: Image.Image) -> bytes:
    paper = Image.new("RGB", picture.size, _PAPER)
    paper.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    file = BytesIO()
    paper.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()
