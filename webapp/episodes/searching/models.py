"""What the search reads: passages, and the words that there are. All of it is made on saving."""

from enum import IntEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.episodes.models import Episode
from webapp.storage.base import Base

EPISODE_BITS = 16  # an episode's entries are numbered below them
STRENGTH_BITS = 48
FIRST_PASSAGE = 1 << STRENGTH_BITS

# Compared byte by byte, so that words beginning alike lie together on every engine.
WordText = String().with_variant(String(collation="C"), "postgresql")


class Strength(IntEnum):
    """How much it says that a word was found here, weakest first."""

    EPISODE = 0  # anywhere in an episode: what a query falls back to
    TRANSCRIPT = 1
    RESOURCE = 2
    TEXT = 3
    HEADING = 4  # of a part
    QUESTION = 5
    TITLE = 6


class Passage(Base):
    """A piece of an episode by which it is found.

    `id` is its strength, its episode and its place in that, so that the engines give the best and
    newest first without sorting; see `passage_id`. `words` are the folded words, each between
    spaces. `closed` means that the page shows it only after the visitor has opened it; `heading`
    is empty if that is closed too. `at` is when it is said, in seconds. TITLE and HEADING repeat
    the heading of a TEXT with the same anchor; they and EPISODE have no text of their own.
    """

    __tablename__ = "passages"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    episode_id: Mapped[int] = mapped_column(ForeignKey(Episode.id, ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    anchor: Mapped[str]
    closed: Mapped[bool]
    at: Mapped[int | None]
    heading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A folded word that some passage has or had, and how it was written there."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(WordText, primary_key=True)
    written: Mapped[str]


class NearWord(Base):
    """A word, and what is left of it without one of its letters.

    Two words that differ in one letter, or in two swapped ones, share such a key, so that a
    mistyped word finds its neighbours without looking at all others (the SymSpell algorithm,
    https://github.com/wolfgarbe/SymSpell).
    """

    __tablename__ = "near_words"

    key: Mapped[str] = mapped_column(WordText, primary_key=True)
    word: Mapped[str] = mapped_column(WordText, primary_key=True)  # no foreign key: words stay


def passage_id(strength: Strength, episode_id: int, place: int) -> int:
    """Return the id of an episode's passage: stronger above weaker, newer episodes above older."""
    return strength << STRENGTH_BITS | episode_id << EPISODE_BITS | place


def strength_of(passage: int) -> Strength:
    """Return the strength in a passage's id."""
    return Strength(passage >> STRENGTH_BITS)
