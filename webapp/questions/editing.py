"""Air text and web text: what is read out and printed instead of the letter."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, Refused
from webapp.questions import workflow
from webapp.questions.models import Question, QuestionText
from webapp.questions.queries import get_question, open_text
from webapp.questions.services import CHANGED, TAKEN_BACK, TEXT_GONE, THE_DESK, change, move
from webapp.questions.unprinting import take_out_of_episodes
from webapp.storage import take_turn
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring, seal

EDITED = ("air_text", "web_text")
CHECK_AGAIN = "It is in a rundown: an editor may change its texts, and ticks the checklist again."


def set_texts(
    session: Session,
    *,
    keyring: Keyring,
    question_id: UUID,
    seen_version: int,
    actor: Actor,
    air_text: str,
    web_text: str,
    checked: bool = False,
    reverses: UUID | None = None,
) -> UUID | None:
    """Write the edited versions beside the original, and return the act, None if they were so.

    What was ready goes back to the shortlist, unless an editor has gone through the checklist
    again (`checked`), which whatever is in a rundown needs. Raises NotFound, Conflict (also when
    its asker has taken it back), or Refused when the air text reads out what may only be
    paraphrased.
    """
    take_turn(session)
    question = get_question(session, question_id)
    if question.state in workflow.GONE:
        raise Conflict(TAKEN_BACK)
    if question.text_sealed is None:
        raise Refused(TEXT_GONE)
    before = tuple(open_text(keyring, question, f"{name}_sealed") for name in EDITED)
    if before == (air_text, web_text):
        return None
    if question.version != seen_version:
        raise Conflict(CHANGED)
    checked = checked and workflow.allows(actor.role, "editor")
    if question.state in {"scheduled", "recorded"} and not checked:
        raise Refused(CHECK_AGAIN)
    original = open_text(keyring, question, "text_sealed")
    if why := _unfit(question, original, air_text, web_text, checked=checked):
        raise Refused(why)
    act_id = _write_texts(
        session,
        keyring,
        question,
        (air_text, web_text),
        actor=actor,
        reverses=reverses,
        checked=checked,
    )
    if question.state == "ready" and not checked:
        move(
            session,
            question_id=question_id,
            to="shortlisted",
            seen_version=question.version + 1,
            actor=THE_DESK,
        )
    return act_id


def _unfit(
    question: Question, original: str, air_text: str, web_text: str, *, checked: bool
) -> str:
    """Return why texts cannot be saved: what stays ready must still be fit to go out."""
    if checked and question.state in workflow.ON_AIR:
        facts = workflow.Facts(
            question.state, question.lane, question.consent, original, air_text, web_text
        )
        return workflow.unready(facts)
    return workflow.repeats(question.consent, original, air_text, web_text)


def _write_texts(
    session: Session,
    keyring: Keyring,
    question: Question,
    texts: tuple[str, str],
    *,
    actor: Actor,
    reverses: UUID | None,
    checked: bool,
) -> UUID:
    """Save both texts, and each as a version of its own; older words are printed nowhere ahead."""
    take_out_of_episodes(session, question)
    sealed = {
        f"{name}_sealed": seal(keyring, question.id, f"questions.{name}_sealed", text)
        for name, text in zip(EDITED, texts, strict=True)
    }
    act_id = change(
        session,
        question,
        sealed,
        actor=actor,
        action="wrote texts",
        detail={"checked": True} if checked else None,
        reverses=reverses,
    )
    version_id = uuid4()
    session.add(
        QuestionText(
            id=version_id,
            question_id=question.id,
            version=question.version + 1,
            at=clock.now(),
            author=actor.label,
            author_id=actor.id,
            **{
                f"{name}_sealed": seal(keyring, version_id, f"question_texts.{name}_sealed", text)
                for name, text in zip(EDITED, texts, strict=True)
            },
        )
    )
    session.flush()
    return act_id
