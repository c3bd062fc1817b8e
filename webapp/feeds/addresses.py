"""The absolute addresses that feeds carry, hundreds of them on a page.

They are written here rather than by Flask's `url_for`, which takes as long for them as all the rest
of a feed; a test holds every one to the routes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from webapp.episodes.pages import MediumLine
from webapp.episodes.podcast import FEED_PATH

PODCAST = FEED_PATH
ATOM = "/feeds/episodes.atom"
JSON = "/feeds/episodes.json"


def _nowhere(_sha256: str, _file: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a site; `site` is its own, without a slash at the end.

    `stored_at` says where a file is served from instead, by its hash and its name, if anywhere.
    """

    site: str
    stored_at: Callable[[str, str], str] = _nowhere

    @property
    def home(self) -> str:
        """Return where the show is."""
        return f"{self.site}/"

    @property
    def ask(self) -> str:
        """Return where the question box is: a feature above this one, whose route is not known."""
        return f"{self.site}/ask"

    def feed(self, path: str, before: str = "") -> str:
        """Return where a page of a feed is: the first, or the one behind the key `before`."""
        return f"{self.site}{path}" + (f"?{urlencode({'before': before})}" if before else "")

    def page(self, slug: str) -> str:
        """Return where an episode's page is."""
        return f"{self.site}/episodes/{quote(slug)}"

    def beside(self, slug: str, name: str) -> str:
        """Return where something of an episode is: `transcript.vtt`, `chapters.json`, `embed`."""
        return f"{self.page(slug)}/{name}"

    def media(self, slug: str, medium: MediumLine) -> str:
        """Return where a video or sound file is."""
        return self._store(medium) or f"{self.page(slug)}/media/{quote(medium.file)}"

    def square(self, slug: str, medium: MediumLine) -> str:
        """Return where the square picture of an episode is, in its present version."""
        return self._store(medium) or f"{self.page(slug)}/square/{medium.version}.{medium.ending}"

    def card(self, slug: str, medium: MediumLine) -> str:
        """Return where the picture is that other sites may show, in its present version."""
        return self._store(medium) or f"{self.page(slug)}/card/{medium.version}.jpg"

    def artwork(self, medium: MediumLine) -> str:
        """Return where the show's artwork is."""
        return self._store(medium) or f"{self.site}/artwork/{medium.file}"

    def _store(self, medium: MediumLine) -> str:
        return self.stored_at(medium.sha256, medium.file)

    def person(self, slug: str) -> str:
        """Return where a contributor's page is."""
        return f"{self.site}/people/{quote(slug)}"

    @property
    def topics(self) -> str:
        """Return what the addresses of all topics begin with."""
        return f"{self.site}/topics/"

    def topic(self, slug: str) -> str:
        """Return where a topic's page is."""
        return f"{self.topics}{quote(slug)}"
