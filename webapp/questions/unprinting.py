"""Taking a question's words out of an episode that is not out yet: until then they are its asker's.

What is out stays as it was printed.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode
from webapp.episodes.printing import list_printing_ahead, take_question_out
from webapp.episodes.question_block import keepable
from webapp.questions.models import Question, QuestionText
from webapp.questions.queries import open_text
from webapp.storage import keyring_of
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, unseal

_TEXTS = ("text_sealed", "air_text_sealed", "web_text_sealed")
_VERSIONS = ("air_text_sealed", "web_text_sealed")


def take_out_of_episodes(session: Session, question: Question) -> None:
    """Take a question's words out of the episodes that print them and are not out yet.

    Called while the words and their versions can still be opened.
    """
    ids = {question.planned_for_id, question.answered_by_id} - {None}
    named = [each for each in ids if each is not None]
    for episode in list_printing_ahead(session, named, question_id=question.id):
        if prints_words_of(session, keyring_of(session), episode, question):
            take_question_out(session, episode)


def prints_words_of(
    session: Session, keyring: Keyring, episode: Episode, question: Question
) -> bool:
    """Return whether what an episode prints are the words of a question that is named for it.

    The episode knows, unless it was printed by an older version: then its words tell.
    """
    if episode.question_from is not None:
        return episode.question_from == question.id
    return is_of(session, keyring, question, episode.question_text)


def is_of(session: Session, keyring: Keyring, question: Question, printed: str) -> bool:
    """Return whether a printed text is a question's, as it was sent or as it was ever edited.

    Where any of them cannot be opened, it is taken to be: what may be an asker's is not kept. One
    whose words are erased claims nobody else's.
    """
    words = keepable(printed).split()
    try:
        texts = _texts(session, keyring, question)
        return any(keepable(text).split() == words for text in texts if text)
    except (KeyMissing, Unsealable):
        return True


def _texts(session: Session, keyring: Keyring, question: Question) -> Iterator[str]:
    for column in _TEXTS:
        yield open_text(keyring, question, column)
    yield from _versions(session, keyring, question.id)


def _versions(session: Session, keyring: Keyring, question_id: UUID) -> Iterator[str]:
    saved = select(QuestionText).where(QuestionText.question_id == question_id)
    for version in session.scalars(saved):
        for column in _VERSIONS:
            sealed: bytes = getattr(version, column)
            yield unseal(keyring, version.id, f"question_texts.{column}", sealed)
