"""What feeds say of the show, beyond what its pages say: `podcast` in show.yaml.

Sources: Apple's "A Podcaster's Guide to RSS" and the podcast namespace
(https://github.com/Podcastindex-org/podcast-namespace).
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import AfterValidator, Field

from webapp.episodes.categories import CATEGORIES
from webapp.episodes.expectations import Written, expected
from webapp.episodes.kinds import WEB_ADDRESS, Line, Title, Truth, unrepeated

FEED_PATH = "/feeds/podcast.xml"
PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # podcast namespace, "Guid"
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UUID = "a UUID, such as 917393e3-1b1e-5cef-ace4-edaa54e1f810, or nothing"
_ADDRESS = rf"^{WEB_ADDRESS}$"
_AN_ADDRESS = "a web address with no name or password in it, such as https://www.example.org"


def name_of_feed(address: str) -> str:
    """Return the UUID that names a podcast by the address of its feed.

    Scheme and trailing slashes do not count (podcast namespace, "Guid").
    """
    return str(uuid5(PODCASTS, _SCHEME.sub("", address).rstrip("/")))


class Funding(Written):
    """Where listeners can give the show money."""

    url: str = Field(pattern=_ADDRESS, description=_AN_ADDRESS)
    label: Annotated[str, Field(pattern=r"\S", max_length=128)] = Field(
        description="128 characters at most, such as Buy us a kettle"
    )


class License(Written):
    """What others may do with the show: an SPDX name, or a name of one's own with a url."""

    name: Annotated[str, Field(pattern=r"\S", max_length=128)] = Field(
        description="the name of a licence, such as cc-by-4.0"
    )
    url: str = Field("", pattern=rf"{_ADDRESS}|^$", description=f"{_AN_ADDRESS}, or nothing")


class TextRecord(Written):
    """A text for machines, such as the proof that a directory asks for."""

    purpose: Annotated[str, Field(max_length=128)] = Field("", description="a word, or nothing")
    text: Annotated[str, Field(pattern=r"\S", max_length=4_000)] = Field(
        description="4,000 characters at most"
    )


class UpdateFrequency(Written):
    """How often episodes come: in words and, for machines, as an RFC 5545 recurrence rule."""

    text: Annotated[str, Field(pattern=r"\S", max_length=128)] = Field(
        description="128 characters at most, such as Twice a week"
    )
    rrule: str = Field(
        "",
        pattern=r"^(?:FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*)?$",
        description="a rule, such as FREQ=WEEKLY",
    )
    complete: Truth = False


class Podcast(Written):
    """What feeds say of the show. Every key may be missing."""

    guid: str = ""
    author: Line = ""
    owner: Line = ""
    categories: tuple[str, ...] = ()
    type: Literal["episodic", "serial"] = Field("episodic", description="episodic or serial")
    explicit: Truth = False
    locked: Truth = False
    medium: Literal["podcast", "video", "film", "audiobook", "course", "mixed"] = Field(
        "podcast", description="podcast, video, film, audiobook, course or mixed"
    )
    license: License | None = Field(None, description="a licence, such as {name: cc-by-4.0}")
    funding: tuple[Funding, ...] = Field(
        (), description='a list, such as [{url: "...", label: "..."}]'
    )
    txt: tuple[TextRecord, ...] = Field((), description='a list, such as [{text: "..."}]')
    update_frequency: UpdateFrequency | None = Field(
        None, description='how often, such as {text: "Twice a week", rrule: "FREQ=WEEKLY"}'
    )


def _is_uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError as error:
        raise expected(_UUID) from error


def _are_known(categories: Sequence[str]) -> Sequence[str]:
    for category in categories:
        if category not in CATEGORIES:
            close = get_close_matches(category, CATEGORIES, n=1, cutoff=0.0)[0]
            raise expected(f"a category of Apple's list in its exact letters, such as “{close}”")
    return categories


class PodcastEntry(Podcast):
    """The same as a bundle may say it: what was stored is right, whatever the lists say today."""

    guid: Annotated[str, AfterValidator(_is_uuid)] = Field("", description=_UUID)
    categories: Annotated[
        tuple[Title, ...], unrepeated(str, "each category once"), AfterValidator(_are_known)
    ] = Field((), description='a list, such as ["Society & Culture > Relationships"]')
