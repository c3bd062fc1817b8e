"""The files that an item names: what of them is fetched, and under which name it is kept."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from webapp.transfer.feed_import.feed import Channel, Item
from webapp.transfer.feed_import.plan import FileToFetch
from webapp.transfer.feed_import.show_mapping import language_of

_ENDINGS = {
    "audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/mpeg3": "mp3", "audio/x-mp3": "mp3",
    "audio/mpg": "mp3", "audio/x-mpeg": "mp3", "audio/x-mpg": "mp3",
    "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/m4a": "m4a",
    "video/mp4": "mp4", "video/x-m4v": "m4v", "video/m4v": "m4v", "video/quicktime": "mov",
}  # fmt: skip
_TRANSCRIPTS = {
    "text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt", "text/srt": "srt",
}  # fmt: skip

NO_MEDIA = "it has no file to play"
NO_KIND = "its file is of a kind that is not played here ({type})"
NOT_PLAYED = "one more file is of a kind that is not played here ({type}), and is left out"
TRANSCRIPT = "its transcript is of a kind that cannot be read ({type})"
OTHER_LANGUAGE = "its transcript in “{language}” is left out; there is room for one"
MORE_CHAPTERS = "of its {count} files of chapters the first is taken"
CHAPTERS = "its chapters are of a kind that cannot be read ({type})"


def files_to_fetch(
    item: Item, channel: Channel, reasons: list[str], remarks: list[str]
) -> Iterator[FileToFetch]:
    """Yield what is to be fetched for an episode; why it stays a draft, and what is left out."""
    yield from _media(item, reasons, remarks)
    if item.image:
        yield FileToFetch("poster", "poster.jpg", item.image)
    yield from _transcript(item, channel, remarks)
    chapters = [beside for beside in item.chapters if beside.is_json]
    if chapters:
        if len(chapters) > 1:
            remarks.append(MORE_CHAPTERS.format(count=len(chapters)))
        yield FileToFetch("chapters", "chapters.json", chapters[0].url, chapters[0].type)
    elif item.chapters:
        remarks.append(CHAPTERS.format(type=item.chapters[0].type))


def _media(item: Item, reasons: list[str], remarks: list[str]) -> Iterator[FileToFetch]:
    names: dict[str, None] = {}
    others: list[str] = []
    for enclosure in item.enclosures:
        ending = _ENDINGS.get(enclosure.type) or _ending_of(enclosure.url)
        if ending not in _ENDINGS.values():
            others.append(enclosure.type or ending or "unnamed")
            continue
        bare = "audio" if ending in {"mp3", "m4a"} else "video"
        name = next(
            name
            for name in (f"{bare}.{ending}", *(f"{bare}-{at}.{ending}" for at in range(2, 999)))
            if name not in names
        )
        names[name] = None
        yield FileToFetch("media", name, enclosure.url, enclosure.type, enclosure.length)
    if not item.enclosures:
        reasons.append(NO_MEDIA)
    elif not names:
        reasons.append(NO_KIND.format(type=others[0]))
    else:
        remarks.extend(NOT_PLAYED.format(type=kind) for kind in others)


def _transcript(item: Item, channel: Channel, remarks: list[str]) -> Iterator[FileToFetch]:
    """Yield the transcript to fetch, in the show’s language if there is one, VTT before SRT."""
    wanted = language_of(channel.language)[:2]
    found, others = [], list[str]()
    for beside in item.transcripts:
        ending = _TRANSCRIPTS.get(beside.type) or _ending_of(beside.url)
        language = language_of(beside.language) or language_of(channel.language) or "en"
        if ending in {"vtt", "srt"}:
            found.append((language[:2] != wanted, ending != "vtt", language, ending, beside))
        else:
            others.append(language)
    if item.transcripts and not found:
        remarks.append(TRANSCRIPT.format(type=item.transcripts[0].type or "unnamed"))
    taken = ""
    for _other, _srt, language, ending, beside in sorted(found, key=lambda one: one[:2]):
        if not taken:
            taken, name = language, f"transcript.{language}.{ending}"
            yield FileToFetch("transcript", name, beside.url, beside.type)
        else:
            others.append(language)
    if taken:
        lost = dict.fromkeys(language for language in others if language != taken)
        remarks.extend(OTHER_LANGUAGE.format(language=language) for language in lost)


def _ending_of(url: str) -> str:
    name = unquote(urlsplit(url).path).rstrip("/")
    return PurePosixPath(name).suffix.removeprefix(".").lower() if "\0" not in name else ""
