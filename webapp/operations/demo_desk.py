"""What the demonstration's team has done by the time that it is looked at."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp import clock
from webapp.moderation import checklist, clusters, labels, notes
from webapp.moderation import services as moderation
from webapp.moderation.clusters import Seen
from webapp.moderation.pronouncing import set_pronunciation
from webapp.moderation.rundowns import services as rundowns
from webapp.questions import editing
from webapp.questions.queries import get_question
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

DEMO = Actor("the demonstration", "owner")
PACE = 150  # words a minute
RECORDING_IN_DAYS = 5

# The steps by which an invented question comes to the state that the seeds give it.
WAYS = {
    "new": (),
    "shortlisted": ("shortlist",),
    "declined": ("decline",),
    "ready": ("shortlist", "ready"),
    "scheduled": ("shortlist", "ready"),
    "answered": ("shortlist", "answer"),
}

Entry = Mapping[str, Any]


def decide(session: Session, keyring: Keyring, question_id: UUID, entry: Entry) -> None:
    """Write what staff wrote for one question, and bring it to its state."""
    if entry["air_text"]:
        editing.set_texts(
            session,
            keyring=keyring,
            question_id=question_id,
            seen_version=1,
            actor=DEMO,
            air_text=entry["air_text"],
            web_text="",
        )
    _hang(session, keyring, question_id, entry)
    for decision in WAYS[entry["state"]]:
        _decide(session, keyring, question_id, decision, entry)


def arrange(session: Session, entries: Iterable[tuple[UUID, Entry]]) -> None:
    """Merge what is alike, and put what is to be recorded next into a rundown."""
    known = tuple(entries)
    by_sign_off = {entry["sign_off"]: question_id for question_id, entry in known}
    for question_id, entry in known:
        if entry.get("lead"):
            lead = _seen(session, by_sign_off[entry["lead"]])
            clusters.merge(session, lead=lead, members=[_seen(session, question_id)], actor=DEMO)
    rundown_id = rundowns.make_rundown(
        session,
        title="The next recording",
        recording_on=clock.today() + timedelta(days=RECORDING_IN_DAYS),
        pace=PACE,
        actor=DEMO,
    )
    for question_id, entry in known:
        if entry["state"] == "scheduled":
            rundowns.put_in(
                session,
                rundown_id=rundown_id,
                question_id=question_id,
                seen_version=_version(session, question_id),
                actor=DEMO,
            )


def _decide(
    session: Session, keyring: Keyring, question_id: UUID, decision: str, entry: Entry
) -> None:
    version = _version(session, question_id)
    if decision == "ready":
        ticked = [check.key for check in checklist.CHECKS]
        moderation.make_ready(
            session, question_id=question_id, version=version, actor=DEMO, ticked=ticked
        )
        return
    moderation.decide(
        session,
        keyring=keyring,
        question_id=question_id,
        version=version,
        decision=decision,
        actor=DEMO,
        reason=entry["reason"],
        episode=entry["answered_by"],
    )


def _hang(session: Session, keyring: Keyring, question_id: UUID, entry: Entry) -> None:
    """Hang on a question what staff know it by: topics, labels, a note, how names are said."""
    for name, set_them, key in (
        ("topics", labels.set_topics, "slugs"),
        ("labels", labels.set_labels, "names"),
    ):
        if entry.get(name):
            version = _version(session, question_id)
            set_them(
                session,
                question_id=question_id,
                seen_version=version,
                actor=DEMO,
                **{key: entry[name]},
            )
    if entry.get("note"):
        notes.add_note(session, question_id=question_id, actor=DEMO, text=entry["note"])
    if entry.get("pronounced"):
        set_pronunciation(
            session,
            keyring=keyring,
            question_id=question_id,
            seen_version=_version(session, question_id),
            words=entry["pronounced"],
            actor=DEMO,
        )


def _seen(session: Session, question_id: UUID) -> Seen:
    return Seen(question_id, _version(session, question_id))


def _version(session: Session, question_id: UUID) -> int:
    return get_question(session, question_id).version
