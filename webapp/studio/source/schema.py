"""The files of a show's bundle beside its episodes, as models.

What each key must be is said in `description`, as in `webapp.episodes.kinds`.
"""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from webapp.episodes.expectations import Written, expected
from webapp.episodes.kinds import (
    WEB_ADDRESS,
    Colour,
    Country,
    DayOrNone,
    Line,
    Number,
    Slug,
    Text,
    Title,
    Truth,
    WebAddress,
    unrepeated,
)
from webapp.episodes.podcast import PodcastEntry
from webapp.studio.source.colours import LEAST_CONTRAST, contrast

_ZONE = "a time zone by its name, such as Europe/London"


def _is_timezone(name: str) -> str:
    if name not in available_timezones():
        raise expected(_ZONE)
    return name


TimeZone = Annotated[str, AfterValidator(_is_timezone), Field(description=_ZONE)]
Language = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?$",
        description="a language by its tag, such as en-GB",
    ),
]
MailAddress = Annotated[
    str,
    Field(pattern=r"^[^@\s]+@[^@\s]+$", description="a mail address, such as hello@example.org"),
]


class Link(Written):
    """A way to somewhere else."""

    label: Title
    url: str = Field(
        pattern=rf"^{WEB_ADDRESS}$",
        description="a web address with no name or password in it, such as https://www.example.org",
    )


class PersonLink(Link):
    """A way to where somebody is; podcast feeds name the first `feed` one, not our own page."""

    feed: Truth = False


class AskEntry(Written):
    """What stands above the question box."""

    lead: Line = ""
    who_reads: Line = ""
    when: Line = ""


class SeasonEntry(Written):
    """A season and its two colours: `field` behind, `ink` on it."""

    number: Number
    title: Title
    summary: Line = ""
    field: Colour
    ink: Colour

    @field_validator("ink")
    @classmethod
    def can_be_read(cls, ink: str, info: ValidationInfo) -> str:
        """Return the ink. Refuses one that is too faint on its field (WCAG 2.2, 1.4.3)."""
        if "field" in info.data:
            ratio = contrast(info.data["field"], ink)
            if ratio < LEAST_CONTRAST:
                raise expected(
                    f"an ink that can be read on its field, with a contrast of {LEAST_CONTRAST} "
                    f"or more; this one has {int(ratio * 100) / 100}"
                )
        return ink


def _at_least_one(seasons: tuple[SeasonEntry, ...]) -> tuple[SeasonEntry, ...]:
    if not seasons:
        raise expected("one season at least, since every episode is in one")
    return seasons


class ShowFile(Written):
    """show.yaml. `about` is Markdown."""

    name: Title
    tagline: Line = ""
    description: str = Field(
        "", max_length=4_000, description="a text of 4,000 characters at most, as feeds take it"
    )
    language: Language
    timezone: TimeZone
    email: MailAddress
    copyright: Line = ""
    about: str = Field("", description="a text in Markdown")
    ask: AskEntry = Field(
        AskEntry(), description='words for the question box, such as {lead: "...", when: "..."}'
    )
    seasons: Annotated[
        tuple[SeasonEntry, ...],
        unrepeated(lambda season: season.number, "each season once"),
        AfterValidator(_at_least_one),
    ] = Field(
        description='a list of seasons, such as [{number: 1, title: "...", field: "#B02E1D", '
        'ink: "#FFF1DC"}]',
    )
    sign_offs: tuple[Title, ...] = Field(
        (), description='a list of examples, such as ["Curious in Kansas"]'
    )
    links: tuple[Link, ...] = Field(
        (), description='a list of links, such as [{label: "...", url: "https://..."}]'
    )
    podcast: PodcastEntry = Field(
        PodcastEntry(), description='words for feeds, such as {author: "...", type: episodic}'
    )


class TopicEntry(Written):
    """One topic."""

    slug: Slug
    name: Title
    summary: Line = ""


class TopicsFile(Written):
    """topics.yaml: a list, read as if it stood under a key of its own."""

    topics: Annotated[
        tuple[TopicEntry, ...], unrepeated(lambda topic: topic.slug, "each topic once")
    ] = Field(description='a list of topics, such as - {slug: dating, name: "Dating"}')


class PersonFile(Written):
    """The head of people/<slug>.md; the text below it is the bio."""

    name: Title
    pronounced: Line = ""
    role: Line = ""
    disclosure: Line = ""
    links: tuple[PersonLink, ...] = Field(
        (), description='a list of links, such as [{label: "...", url: "https://..."}]'
    )


class ServiceEntry(Written):
    """Somebody who can help now; `for_` is what with."""

    name: Title
    for_: Title = Field(alias="for", description="what it helps with, such as domestic abuse")
    phone: Line = ""
    text: Line = ""
    url: WebAddress = ""
    hours: Line = ""
    cost: Line = ""
    note: Line = ""
    checked: DayOrNone = None


class EmergencyEntry(Written):
    """Whom to ring when it cannot wait; no number where none is right for everybody."""

    number: Line = ""
    text: Line = ""


class CountryEntry(Written):
    """Where to get help in a country; code "" is anywhere else."""

    code: Country
    name: Text
    emergency: EmergencyEntry = Field(description='a number, such as {number: "999"}')
    services: tuple[ServiceEntry, ...] = Field(
        (), description='a list of services, such as [{name: "...", for: "..."}]'
    )


class HelpFile(Written):
    """help.yaml. `default` is the country that is shown first."""

    countries: Annotated[
        tuple[CountryEntry, ...], unrepeated(lambda country: country.code, "each country once")
    ] = Field(description='a list of countries, such as [{code: "GB", name: "..."}]')
    default: Country = Field("", validate_default=True)

    @field_validator("default")
    @classmethod
    def is_listed(cls, code: str, info: ValidationInfo) -> str:
        """Return the country. Refuses one that the file does not have."""
        countries = info.data.get("countries", ())
        if code and countries and code not in {country.code for country in countries}:
            raise expected("the code of one of the countries in this file")
        return code
