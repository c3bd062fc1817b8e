"""Reading one episode's folder: its text, transcript, chapters, poster and media."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from webapp.episodes.bundle_files import Stored, text_file
from webapp.episodes.front_matter import FrontMatter, read_marked, split
from webapp.episodes.marked_yaml import MarkedYaml
from webapp.studio.source.files import EpisodeFolder
from webapp.studio.source.media import (
    JPEG,
    MediaFile,
    is_picture,
    read_media,
    sha256_of,
)
from webapp.studio.source.reading import Folder
from webapp.studio.source.squares import read_square
from webapp.studio.source.stored import OPAQUE, StoredFolder, media_file
from webapp.transcripts import (
    Chapter,
    ChaptersRefused,
    Transcript,
    read_chapters,
    read_srt,
    read_vtt,
)
from webapp.writing import Expansion, WritingRefused, file_names, render_expansion

POSTER = "poster.jpg"
SQUARES = ("square.jpg", "square.png")

_TRANSCRIPT = re.compile(r"transcript\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.(?:vtt|srt)")


def read_episode(folder: Folder, place: str, names: Sequence[str] = ()) -> EpisodeFolder | None:
    """Return the episode in a folder of the bundle (`episodes/getting-to-yes`).

    None where the episode itself cannot be read; every problem is noted in the folder either way.
    `names` are those of people whose voices may be heard: SRT has no mark of its own for voices.
    """
    index = f"{place}/index.md"
    language, transcript = _transcript(folder, place, names)
    chapters = _chapters(folder, f"{place}/chapters.json")
    poster = folder.medium(f"{place}/{POSTER}") if folder.has(f"{place}/{POSTER}") else None
    square = _square(folder, place)
    beside = _addresses(folder, place)
    written = _written(folder, index, beside)
    if written is None:
        return None
    front, marked, expansion = written
    media = _media(folder, place, front, marked)
    pictures = _pictures(folder, place, beside.keys() & file_names(expansion.pictures))
    known = [*media.values(), *pictures.values(), *filter(None, (poster, square))]
    return EpisodeFolder(
        slug=place.rpartition("/")[2],
        front=front,
        expansion=expansion,
        language=language,
        transcript=transcript,
        chapters=chapters,
        poster=poster,
        square=square,
        media=media,
        pictures=pictures,
        files=_files(folder, place, known),
        marked=marked,
    )


def _square(folder: Folder, place: str) -> MediaFile | None:
    """Return the one square picture that the episode brings, if it does."""
    found = [f"{place}/{name}" for name in SQUARES if folder.has(f"{place}/{name}")]
    for name in found[1:]:
        folder.say(name, f"expected one square picture, and there is {found[0]}")
    return folder.square(found[0]) if found else None


def _written(
    folder: Folder, index: str, beside: Mapping[str, str]
) -> tuple[FrontMatter, MarkedYaml, Expansion] | None:
    """Return front matter, lines and expansion of an index.md, if all are right."""
    if not folder.has(index):
        folder.say(index, "expected this file; each folder of an episode has one")
    source = folder.text(index)
    if source is None:
        return None
    read = folder.attempt(read_marked, FrontMatter, source, file=index)
    if read is None:
        return None
    body = split(source)[1]
    try:
        return *read, render_expansion(
            body,
            prefix=index.split("/")[-2],
            pictures=not any(note.closes("pictures") for note in read[0].notes),
            beside=beside,
        )
    except WritingRefused as refused:
        line = source[: len(source) - len(body)].count("\n") + 1
        folder.say(index, str(refused), line=line)
        return None


def _transcript(folder: Folder, place: str, names: Sequence[str]) -> tuple[str, Transcript | None]:
    """Return language and cues of the one transcript, if there is one."""
    found = [name for name in folder.names(place) if name.endswith((".vtt", ".srt"))]
    for name in found[1:]:
        folder.say(name, f"expected one transcript, and there is {found[0]}")
    if not found:
        return "", None
    path = PurePosixPath(found[0])
    match = _TRANSCRIPT.fullmatch(path.name)
    if match is None:
        example = f"transcript.en{path.suffix}"
        folder.say(found[0], f"expected a name with the language, such as {example}")
    source = folder.text(found[0])
    if source is None:
        return "", None
    known = [*names, *(name.split()[0] for name in names)]
    voices = {*known, *map(str.upper, known)}
    transcript = read_srt(source, voices) if path.suffix == ".srt" else read_vtt(source)
    for problem in transcript.problems:
        folder.say(found[0], problem.message, line=problem.line)
    return match[1] if match else "", transcript


def _chapters(folder: Folder, name: str) -> tuple[Chapter, ...]:
    text = folder.text(name)
    try:
        return () if text is None else read_chapters(text)
    except ChaptersRefused as refused:
        folder.say(name, str(refused))
        return ()


def _media(
    folder: Folder, place: str, front: FrontMatter, marked: MarkedYaml
) -> dict[str, MediaFile]:
    """Return the files that the front matter names."""
    found = {}
    for at, name in enumerate(item.file for item in front.media):
        if not name:
            continue  # it is elsewhere, under a url
        if not folder.has(f"{place}/{name}"):
            line = marked.line_of(("media", at, "file"))
            words = f"expected a file {name} beside index.md"
            folder.say(f"{place}/index.md", words, line=line, key=f"media.{at + 1}.file")
        medium = folder.medium(f"{place}/{name}") if folder.has(f"{place}/{name}") else None
        if medium is not None and medium.content_type == JPEG:
            folder.say(f"{place}/{name}", "expected video or sound among the media")
        elif medium is not None:
            found[name] = medium
    return found


def _addresses(folder: Folder, place: str) -> dict[str, str]:
    """Return where pages find the pictures beside an index.md, by their names."""
    media = f"/{place}/media"
    names = (name.rpartition("/")[2] for name in folder.names(place) if folder.has_picture(name))
    return {name: f"{media}/{quote(name)}" for name in names}


def _pictures(folder: Folder, place: str, names: Iterable[str]) -> dict[str, MediaFile]:
    """Return pictures that lie beside an index.md, by their names.

    That one is named and not there is no mistake: a text may be written before it is taken.
    """
    found = {name: folder.medium(f"{place}/{name}") for name in sorted(names)}
    return {name: picture for name, picture in found.items() if picture is not None}


def _files(folder: Folder, place: str, media: Sequence[MediaFile]) -> dict[str, Stored]:
    """Return everything in an episode's folder, as it will be kept."""
    if isinstance(folder, StoredFolder):
        return folder.stored(place)
    known = {medium.path.name: media_file(medium) for medium in media}
    found = {}
    for name in folder.names(place):
        path = folder.root / name
        if not (path.is_file() and folder.holds(name)):
            continue
        if name in folder.texts:
            found[path.name] = text_file(folder.texts[name])
        else:
            found[path.name] = known.get(path.name) or look_at(path, path.name)
    return found


def look_at(path: Path, name: str) -> Stored:
    """Return a file that nothing names, by the `name` that it has beside an index.md.

    A picture can still come to be named; anything else means nothing here, and is kept.
    """
    try:
        if name in SQUARES:
            return media_file(read_square(path, name=name))
        if is_picture(path, name):
            return media_file(read_media(path, name=name))
    except ValueError:
        pass
    return Stored(sha256_of(path), path.stat().st_size, content_type=OPAQUE)
