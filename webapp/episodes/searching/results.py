"""What a search gives to its page: finished values."""

from dataclasses import dataclass
from typing import Literal

Fit = Literal["place", "episode", "some"]
Excerpt = tuple[tuple[str, bool], ...]  # plain text in pieces, and whether a piece was looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in an episode where words were found.

    `kind` is title, question, short-answer, part, resource, people or transcript; `heading` the
    title of the part or resource, or the voice; `anchor` the fragment of the episode's page to
    land at, empty for its top; `at` when it is said, in seconds. A `closed` place is one that the
    page opens only for adults who ask for it: it has no excerpt here, and no heading that the
    page does not show before that.
    """

    kind: str
    heading: str
    anchor: str
    at: int | None
    excerpt: Excerpt
    closed: bool


@dataclass(frozen=True, slots=True)
class EpisodeHits:
    """An episode, its best places, and how many `more` there are."""

    slug: str
    title: str
    season: int
    number: int
    hits: tuple[Hit, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What was found, best first.

    `query` is what was looked for, empty when there was no word in it; `cut` says that only the
    beginning of it was used. `fit` is "place" where one place has all the words, "episode" where
    they stand in different places of an episode, "some" where only some of them are there. `more`
    says that there are more episodes than these. `suggestions` are near queries that find
    something, when this one found nothing.
    """

    query: str
    episodes: tuple[EpisodeHits, ...] = ()
    suggestions: tuple[str, ...] = ()
    cut: bool = False
    fit: Fit = "place"
    more: bool = False
