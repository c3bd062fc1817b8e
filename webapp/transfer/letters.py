"""What an episode prints of a letter in the mailbag: in no export of what is not out, in no merge.

A letter is printed by publishing, and by nothing else. So all three sides of an import are looked
at without it, and what stands printed stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.bundle_files import Files, Stored, text_file
from webapp.episodes.front_matter import read
from webapp.episodes.models import Episode
from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import keepable, with_question
from webapp.questions.models import Question
from webapp.questions.unprinting import is_of
from webapp.storage import keyring_of
from webapp.studio.revisions import INDEX, prints_letter
from webapp.studio.saving import get_row


@dataclass(frozen=True, slots=True)
class Letters:
    """What may be printed of letters: `naming` are the questions that name an episode.

    `printed` are the words that stand on its page and are known to be a letter's, or empty.
    """

    naming: Sequence[Question]
    printed: str


def get_letters(session: Session, episode_id: int) -> Letters:
    """Return what an episode may print of letters in the mailbag. Raises NotFound."""
    naming = or_(Question.planned_for_id == episode_id, Question.answered_by_id == episode_id)
    found = session.scalars(select(Question).where(naming).order_by(Question.id)).all()
    row = get_row(session, episode_id)
    return Letters(found, row.question_text if row.question_from is not None else "")


def may_go(session: Session, episode: Episode, files: Files) -> Files:
    """Return the files of an episode as an export may have them: no letter before it is out."""
    if episode.published_at is not None and episode.published_at <= clock.now():
        return files
    if INDEX in files and prints_letter(session, keyring_of(session), episode):
        return _with_index(files, with_question(files[INDEX].text, None))
    return files


def without(session: Session, letters: Letters, files: Files) -> Files:
    """Return files without what their `index.md` prints of any of these letters."""
    index = files.get(INDEX)
    if index is None or not prints(session, letters, index.text):
        return files
    return _with_index(files, with_question(index.text, None))


def prints(session: Session, letters: Letters, source: str) -> bool:
    """Return whether an `index.md` prints words of one of these letters; an empty one does not."""
    opened = [letter for letter in letters.naming if letter.text_sealed is not None]
    if not source or not (opened or letters.printed):
        return False
    try:
        question = read(source, file=INDEX).question
    except BundleRefused:  # of an older version: what may be an asker's is not kept
        return True
    if question is None:
        return False
    if letters.printed and keepable(question.text).split() == letters.printed.split():
        return True
    keyring = keyring_of(session)
    return any(is_of(session, keyring, each, question.text) for each in opened)


def printed_again(source: str, standing: str) -> str:
    """Return an `index.md` that prints what the one that stands prints."""
    question = read(standing, file=INDEX).question
    return with_question(source, question.model_dump() if question else None)


def _with_index(files: Files, source: str) -> dict[str, Stored]:
    return {**files, INDEX: text_file(source)}
