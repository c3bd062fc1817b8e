"""What an episode prints of the question that it answers: an edited text of it, never the letter.

Until the episode is published the words stand sealed in the mailbag, and nowhere else.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.models import Episode
from webapp.episodes.printing import Printed, put_question_in, take_question_out
from webapp.exceptions import Refused
from webapp.moderation.answering import ALONE, why_not
from webapp.questions import workflow
from webapp.questions.models import Question
from webapp.questions.queries import open_if_possible
from webapp.questions.unprinting import prints_words_of
from webapp.storage import keyring_of
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring
from webapp.studio.revisions import prints_letter

NO_TEXT = "Its question has no web text and no air text: nothing of it stands on the page."
NOT_READY = "Its question is not ready: nothing of it stands on the page until it is."
NO_LETTER = "Its text cannot be opened: its key is missing, or its bytes were changed."
TAKEN_BACK = (
    "The question that it was started from has been taken back or erased: nothing of it stands "
    "on the page."
)


def find_printed(keyring: Keyring, question: Question) -> Printed:
    """Return what an episode may print of a question: its web text, else its air text.

    Raises Refused, in words, where nothing may be printed.
    """
    if why := why_not(question):
        raise Refused(why)
    if question.state not in workflow.PRINTED:
        raise Refused(NOT_READY)
    original = open_if_possible(keyring, question, "text_sealed")
    if not original:
        raise Refused(NO_LETTER)
    texts = (open_if_possible(keyring, question, f"{name}_text_sealed") for name in ("web", "air"))
    text = next(filter(str.strip, texts), "")
    if not text:
        raise Refused(NO_TEXT)
    if why := workflow.repeats(question.consent, original, "", text):
        raise Refused(why)
    return Printed(
        text=text,
        sign_off=open_if_possible(keyring, question, "sign_off_sealed"),
        asked=f"{question.received_on:%Y-%m}",
        is_edited=text.split() != original.split(),
    )


def find_asked(session: Session, episode_id: int) -> Question | None:
    """Return the question that an episode is to print, or None.

    It is the one that it was started from, else the oldest that it is named for.
    """
    began = find_beginning(session, episode_id)
    planned = (
        select(Question)
        .where(Question.planned_for_id == episode_id, Question.state.in_(ALONE))
        .where(Question.text_sealed.is_not(None), Question.consent != "private")
        .order_by(Question.received_on, Question.sort_key, Question.id)
    )
    first = planned.where(Question.id == began) if began else planned
    found = session.scalars(first.limit(1)).first()
    return found or session.scalars(planned.limit(1)).first()


def find_beginning(session: Session, episode_id: int) -> UUID | None:
    """Return the id of the question that an episode was started from, or None."""
    started = select(Act).where(
        Act.subject == "episode",
        Act.subject_id == str(episode_id),
        Act.action == "started episode",
    )
    act = session.scalars(started.limit(1)).first()
    return UUID(act.detail["question"]) if act else None


def version_of(question: Question | None) -> str:
    """Return how somebody saw a question that is to be printed; "" where there is none."""
    return f"{question.id}~{question.version}" if question else ""


def is_taken_back(session: Session, episode_id: int) -> bool:
    """Return whether the question that an episode was started from is nobody's any more."""
    began = find_beginning(session, episode_id)
    if began is None:
        return False
    question = session.get(Question, began)
    return question is None or question.text_sealed is None


def print_question(session: Session, episode: Episode, *, sign_off: str | None = None) -> None:
    """Print the question that an episode will answer as it stands now.

    Words of an editor's own, which came with an import, stay. Without a `sign_off` the one that
    is printed stays, else it is the asker's. What names the episode no more stays only where it
    is out.
    """
    _let_go(session, episode)
    question = find_asked(session, episode.id)
    if question is None:
        return
    before = episode.question_sign_off if episode.question_text else None
    keyring = keyring_of(session)
    if episode.question_text and not prints_words_of(session, keyring, episode, question):
        return
    try:
        printed = find_printed(keyring, question)
    except Refused:
        return
    if episode.question_text:
        take_question_out(session, episode)
    chosen = next((each for each in (sign_off, before) if each is not None), printed.sign_off)
    printed = replace(printed, sign_off=chosen)
    put_question_in(session, episode, printed, question_id=question.id)


def unprint_questions(session: Session, episode: Episode) -> None:
    """Take out of an episode that is a draft again the words that lie sealed in the mailbag."""
    is_letter = prints_letter(session, keyring_of(session), episode)
    if episode.question_text and (is_letter or is_taken_back(session, episode.id)):
        take_question_out(session, episode)


def _let_go(session: Session, episode: Episode) -> None:
    """Take out of an episode that is to be out later what was printed of a question let go."""
    moment, printed = episode.published_at, episode.question_from
    if printed is None or moment is None or moment <= clock.now():
        return
    question = session.get(Question, printed)
    names = (question.planned_for_id, question.answered_by_id) if question else ()
    if question is None or question.text_sealed is None or episode.id not in names:
        take_question_out(session, episode)
