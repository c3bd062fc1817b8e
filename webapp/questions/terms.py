"""The queue's search over sealed texts: a keyed index of words.

A word is case-folded, stemmed, and kept as an HMAC under a key that is derived from the sealing
key, so that the database alone names no word. It shows which questions share one, and to whoever
has sent words before, which of them others have: docs/decisions/0017. Exact words, no wildcards:
what could be asked for in part could be guessed in part.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import snowballstemmer
from sqlalchemy import Table, delete, insert
from sqlalchemy.orm import Session

from webapp.questions.models import Question, QuestionTerm
from webapp.storage.sealing import Keyring

TERM_BYTES = 8
LONGEST_WORD = 64
LONGEST_FOLDED = 20_000  # one character may become eighteen
KEYS_AT_ONCE = 2  # while a rotation is on
_PURPOSE = "question-terms"
_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "sv": "swedish",
}


_INSERT = insert(cast("Table", QuestionTerm.__table__))


def words_of(text: str, language: str) -> tuple[str, ...]:
    """Return the different words of a text, folded and stemmed, in the order in which they come.

    `language` is a BCP 47 tag; one without a stemmer keeps its words as they are.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")[:LONGEST_FOLDED]
    words = [word[:LONGEST_WORD] for word in _WORD.findall(folded.replace("'", ""))]
    name = _STEMMERS.get(language.partition("-")[0].lower())
    if name:  # a stemmer keeps its place in a word, so each call has its own
        words = snowballstemmer.stemmer(name).stemWords(words)
    return tuple(dict.fromkeys(words))


def ways_to_keep(keyring: Keyring, word: str) -> list[bytes]:
    """Return what the database may keep of a folded word, under every sealing key there is."""
    return _ways(keyring, keyring.sealing, word)


def ways_of_late(keyring: Keyring, word: str) -> list[bytes]:
    """Return what the database keeps of a folded word, unless keys are rotated just now.

    A rotation marks everything anew, so that older keys have marked nothing that can be opened.
    """
    return _ways(keyring, sorted(keyring.sealing)[-KEYS_AT_ONCE:], word)


def _ways(keyring: Keyring, key_ids: Iterable[int], word: str) -> list[bytes]:
    return [_hashed(keyring.key_from(key_id, _PURPOSE), word) for key_id in key_ids]


def ways_to_find(keyring: Keyring, text: str, language: str) -> list[list[bytes]]:
    """Return for each word of a search what it may be kept as."""
    return [ways_to_keep(keyring, word) for word in words_of(text, language)]


def note(session: Session, *, keyring: Keyring, question: Question, texts: Iterable[str]) -> None:
    """Have a question found by the words of its texts, and by no others."""
    forget(session, question.id)
    if rows := rows_of(keyring, question, texts):
        session.execute(_INSERT, rows)


def rows_of(keyring: Keyring, question: Question, texts: Iterable[str]) -> list[dict[str, Any]]:
    """Return what the index keeps of a question, as columns of `QuestionTerm`."""
    key = keyring.key_from(keyring.newest, _PURPOSE)
    found = {_hashed(key, word) for text in texts for word in words_of(text, question.language)}
    place = {
        "received_on": question.received_on,
        "sort_key": question.sort_key,
        "question_id": question.id,
    }
    return [{"term": each, **place} for each in sorted(found)]


def forget(session: Session, question_id: UUID) -> None:
    """Have a question found by no word any more."""
    session.execute(delete(QuestionTerm).where(QuestionTerm.question_id == question_id))


def _hashed(key: bytes, word: str) -> bytes:
    return hmac.digest(key, word.encode("utf-8", "surrogatepass"), "sha256")[:TERM_BYTES]
