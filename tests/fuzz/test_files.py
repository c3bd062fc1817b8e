"""Files that are read: pictures, video and sound, feeds, bundles, mailbags."""

import json
import shutil
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import hostile
from tests.fuzz.hostile_values import TEXT, bent
from tests.fuzz.profile import examples
from tests.studio.bombs import progressive
from tests.studio.uploads.sending import camera_picture, picture
from tests.transfer.feed_import.conftest import FEEDS
from tests.transfer.made_media import box, mp3, mp4
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Refused
from webapp.storage.sealing import KeyMissing, Keyring
from webapp.studio.show.artwork import make_artwork
from webapp.studio.source import mp4 as boxes
from webapp.studio.source.media import read_media
from webapp.studio.uploads import kinds, pictures
from webapp.studio.uploads.kinds import Unfit
from webapp.transfer.bundle import read_bundle
from webapp.transfer.feed_import.mapping import plan_of
from webapp.transfer.feed_import.reading import FeedRefused, read_feed
from webapp.transfer.feed_import.unpacking import Unpacker, UnpackingRefused
from webapp.transfer.mailbag.format import open_lines, seal_lines
from webapp.transfer.mailbag.records import read_line
from webapp.transfer.unpacking import ZipRefused, unpack

PICTURES = [
    picture(),
    picture("JPEG"),
    picture("WEBP"),
    picture("GIF"),
    picture("PNG", (300, 10)),
    progressive(),
    camera_picture(),
]
CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"iCCP", b"eXIf", b"IDAT", b"RIFF", b"VP8X", b"ALPH", b"ANIM")
SEGMENTS = (b"\xff\xd8", b"\xff\xe1", b"\xff\xda", b"\xff\xc2", b"Exif\0\0", b"\xff\xee", b"!\xfe")
FILMS = [
    mp4(),
    mp4(handler=b"soun", brand=b"M4A "),
    mp4(brand=b"qt  "),
    mp4() + box(b"free"),
    mp3(),
    b"ID3\x04\0\0\0\0\0\x7f" + bytes(127) + mp3(),
]
BOXES = (b"moov", b"trak", b"mdia", b"hdlr", b"vide", b"mvhd", b"tkhd", b"udta", b"\0\0\0\1")
TAGS = (b"<item>", b"<![CDATA[", b"]]>", b"&#0;", b"&nbsp;", b"<?xml ?>", b"<!--", b"<a:b>", b"/>")
NAMES = ("file.jpg", "file.png", "film.mp4", "film.mov", "sound.m4a", "sound.mp3", "file")
YAML = (b"---\n", b": ", b"- ", b"|\n", b"{", b"[", b"\xff", b"\0", b"-->")
OWN = {"into", "bundle.zip", "show", "picture", "medium"}
KEYS = Keyring({1: b"1" * 32, 2: b"2" * 32}, {}, Path("/keys"))
LINES = [json.dumps([kind, {}]).encode() for kind in ("about", "question", "act", "figure")]

# Pillow warns of what it mends or leaves out; only what it cannot read is ours to refuse.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:PIL"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@examples(40)
@given(bent(PICTURES, CHUNKS + SEGMENTS))
def test_a_picture_is_drawn_anew_or_refused(folder: Path, data: bytes):
    path = folder / "picture"
    path.write_bytes(data)
    pictures.dimensions(path)
    with suppress(Unfit):
        assert pictures.drawn_anew(path).startswith(b"\xff\xd8\xff")
    with suppress(Refused):
        make_artwork(data)


@examples(40)
@given(bent([*FILMS, *PICTURES], BOXES), st.sampled_from(NAMES))
def test_a_medium_is_known_by_its_bytes_or_refused(folder: Path, data: bytes, name: str):
    path = folder / "medium"
    path.write_bytes(data)
    with suppress(Unfit):
        kinds.medium_of(path, came_as=name, taken=["video.mp4"])
    kinds.picture_format(path)
    with suppress(ValueError):
        read_media(path, name=name)


@examples(40)
@given(bent(FILMS, BOXES))
def test_boxes_are_walked_to_an_end(data: bytes):
    for look in (boxes.has_video, boxes.is_whole, boxes.picture_size):
        look(BytesIO(data))


@examples(40)
@given(bent([file.read_bytes() for file in sorted(FEEDS.glob("*.xml"))], TAGS), TEXT)
def test_a_feed_is_read_and_planned_or_refused(data: bytes, charset: str):
    with suppress(FeedRefused):
        feed = read_feed(data, url="https://show.example/feed.xml", charset=charset)
        plan_of(feed, address="https://show.example/feed.xml")


@examples(40)
@given(st.sampled_from(["gzip", "deflate", "br", "", "x"]), st.binary(max_size=200))
def test_what_comes_packed_is_unpacked_or_refused(name: str, data: bytes):
    with suppress(UnpackingRefused):
        unpacker = Unpacker(name)
        list(unpacker.unpack(data))
        unpacker.finish()


def _bundle() -> bytes:
    """Return a small show as a ZIP."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("show.yaml", json.dumps(hostile.show_file()))
        packed.writestr("topics.yaml", json.dumps([{"slug": "topic", "name": "A"}]))
        packed.writestr("people/someone.md", hostile.headed(hostile.person_file()))
        packed.writestr("episodes/a/index.md", hostile.headed(hostile.front_matter("a")))
        packed.writestr("episodes/a/transcript.en.vtt", hostile.captions())
        packed.writestr("episodes/a/chapters.json", hostile.chapters())
        packed.writestr("episodes/a/video.mp4", mp4())
        packed.writestr("episodes/a/audio.mp3", mp3())
    return file.getvalue()


ZIP = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"../", b"\\", b"a/b")


@examples(40)
@given(bent([_bundle()], ZIP))
def test_a_zip_is_unpacked_into_its_folder_or_refused(folder: Path, data: bytes):
    into = folder / "into"
    shutil.rmtree(into, ignore_errors=True)
    path = folder / "bundle.zip"
    path.write_bytes(data)
    with suppress(ZipRefused, BundleRefused):
        unpack(path, into)
        read_bundle(into)
    assert {file.name for file in folder.iterdir()} <= OWN


FILES = {
    "show.yaml": json.dumps(hostile.show_file()).encode(),
    "people/someone.md": hostile.headed(hostile.person_file()).encode(),
    "episodes/a/index.md": hostile.headed(hostile.front_matter("a"), hostile.body()).encode(),
    "episodes/a/transcript.en.vtt": hostile.captions().encode(),
    "episodes/a/chapters.json": hostile.chapters().encode(),
    "episodes/a/poster.jpg": picture("JPEG"),
    "episodes/a/video.mp4": mp4(),
    "artwork.jpg": picture("JPEG"),
}
STRANGE = ("episodes/a/notes", "people/..md", "episodes/A B/index.md", "people/\u202ea.md", "\x01")


@examples(8)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_folder_is_read_or_refused_by_file_and_line(
    folder: Path, changed: str, data: st.DataObject
):
    show = folder / "show"
    shutil.rmtree(show, ignore_errors=True)
    files = FILES | {changed: data.draw(bent([FILES[changed]], YAML))}
    for name in data.draw(st.lists(st.sampled_from(STRANGE), max_size=1)):
        files[name] = b"x"
    for name, content in files.items():
        (show / name).parent.mkdir(parents=True, exist_ok=True)
        (show / name).write_bytes(content)
    try:
        read_bundle(show)
    except BundleRefused as refused:
        assert all(problem.file and problem.expected for problem in refused.problems)  # noqa: PT017


@examples(40)
@given(bent([b"".join(seal_lines(KEYS, LINES))], (b'"version": 2', b"[]", b"{", b"1e9", b"-1")))
def test_a_mailbag_opens_or_is_refused(data: bytes):
    with suppress(Refused, KeyMissing):
        for line in open_lines(KEYS, BytesIO(data)):
            read_line(line)


@examples(40)
@given(bent(LINES, (b"[", b"{", b'"', b"[" * 3000)))
def test_a_line_of_a_mailbag_is_read_or_refused(line: bytes):
    with suppress(Refused):
        read_line(line)
