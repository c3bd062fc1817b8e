"""One thing to look at before an episode is published."""

from dataclasses import dataclass

WRITE, FILES = "write", "files"
# pages of the show, for owners
ARTWORK, WORDS, FEEDS = "artwork", "words", "feeds"
SEASONS, PEOPLE = "seasons", "people"


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at before publishing: `words` say how it stands.

    `page` is where it is mended (WRITE, FILES, or one for owners) and `field` the id there. What is
    `serious` and not done is asked about: readers, directories or the asker would be let down by
    it.
    """

    key: str
    words: str
    is_done: bool
    field: str = ""
    page: str = WRITE
    is_serious: bool = False

    @property
    def asks(self) -> bool:
        """Return whether somebody has to say that they publish it all the same."""
        return self.is_serious and not self.is_done


def check(
    key: str,
    done: str,
    missing: str = "",
    *,
    field: str = "",
    page: str = WRITE,
    is_serious: bool = False,
) -> Check:
    """Return a check that is done where nothing is `missing`, and in whose words."""
    return Check(key, missing or done, not missing, field, page, is_serious)
