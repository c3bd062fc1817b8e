"""The smallest files that are what they say: made here, so that tests need no ffmpeg."""

from io import BytesIO

from PIL import Image


def box(name: bytes, *content: bytes) -> bytes:
    """Return an MP4 box: its size, its name, what is in it."""
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4, "big") + name + body


def mp4(*, handler: bytes = b"vide", brand: bytes = b"isom", seconds: int = 3) -> bytes:
    """Return an MP4 file with one empty track, `vide` or `soun`."""
    times = bytes(12) + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big")
    header = box(b"mvhd", times, bytes(80))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))))
    return b"".join(
        [
            box(b"ftyp", brand, bytes(4), brand),
            box(b"mdat", b"\0" * 64),
            box(b"moov", header, track),
        ]
    )


def mp3() -> bytes:
    """Return half a second of silence: frames of MPEG 1, layer III, 128 kbit/s, 44.1 kHz."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 20


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (1400, 1400)) -> bytes:
    """Return a picture of that form, no two rows of which are alike."""
    file = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(file, kind)
    return file.getvalue()


def jpeg() -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "#B02E1D").save(file, "JPEG")
    return file.getvalue()
