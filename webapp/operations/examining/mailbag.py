"""Whether the questions can be read, are counted right, and go when they should."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session

from webapp import clock
from webapp.operations.examining.findings import Finding, counted
from webapp.operations.sealed_tables import count_by_key
from webapp.questions.models import Question, QueueCount
from webapp.questions.purging import GO_FIRST
from webapp.questions.queries import open_text
from webapp.questions.services import NO_TEXTS
from webapp.settings import Settings
from webapp.storage.history import Act
from webapp.storage.sealing import KeyMissing, Keyring, Unsealable, brought_names
from webapp.transfer.mailbag.exporting import SUBJECT

SAMPLE = 50
OVERDUE_DAYS = 2  # a machine that was off for a night is nothing wrong


def examine_sealing(session: Session, keyring: Keyring, settings: Settings) -> Iterator[Finding]:
    """Find the keys that questions need and have not, and those that are not done with yet."""
    rows = count_by_key(session)
    for key_id in sorted(rows):
        if key_id not in keyring.sealing:
            yield Finding(_unread(settings.keys_path, f"seal-{key_id}.key", rows[key_id]))
        elif key_id < keyring.newest:
            still = "is" if rows[key_id] == 1 else "are"
            yield Finding(
                f"{counted(rows[key_id], 'question')} {still} still sealed with an older key, "
                f"seal-{key_id}.key. Run `postbag rotate-keys`: it goes on where it stopped."
            )


def _unread(folder: Path, key: str, rows: int) -> str:
    one = rows == 1
    count, were, them = counted(rows, "question"), "was" if one else "were", "it" if one else "them"
    if (folder / key).exists():
        return (
            f"{count} {were} sealed with {key}, which is there and cannot be used; nobody can "
            f"read {them} until a whole copy is in its place."
        )
    return (
        f"The key {key} is not in {folder}. {count} {were} sealed with it; nobody can read {them} "
        "until it is put back."
    )


def examine_opening(session: Session, keyring: Keyring) -> Iterator[Finding]:
    """Find whether some questions, taken at random, open with the keys that there are."""
    sample = _sample(session)
    shut = sum(not _opens(keyring, question) for question in sample)
    if shut:
        yield Finding(
            f"Of {counted(len(sample), 'question')} taken at random, {shut:,} did not open with "
            "the key that sealed them: another one lies under its name, or the database was "
            "changed. Put back keys and database that belong together."
        )


def examine_counts(session: Session) -> Iterator[Finding]:
    """Find whether the queue's kept counts are those of its questions."""
    kept = select(QueueCount.lane, QueueCount.state, QueueCount.count)
    real = select(Question.lane, Question.state, -func.count()).group_by(
        Question.lane, Question.state
    )
    both = union_all(kept, real).subquery()  # in one statement, since questions move meanwhile
    lane, state, count = both.columns
    wrong = session.execute(select(lane, state).group_by(lane, state).having(func.sum(count) != 0))
    places = [f"{row.state} in {row.lane}" for row in wrong]
    if places:
        yield Finding(
            f"The queue shows wrong numbers of questions for {', '.join(sorted(places))}. "
            "No question is lost by it; report it, since nothing should bring it about."
        )


def examine_overdue(session: Session) -> Iterator[Finding]:
    """Find whether what was to be erased is there still."""
    day = clock.today() - timedelta(days=OVERDUE_DAYS)
    texts = (Question.texts_until < day) & GO_FIRST
    due = select(func.count()).where(or_(texts, Question.kept_until < day))
    if count := session.scalar(due):
        yield Finding(
            f"{counted(count, 'question')} should have gone, or the texts, more than "
            f"{OVERDUE_DAYS} days ago. `postbag purge` erases now what is due. `postbag worker`, "
            "or `postbag serve` without `--no-worker`, does so every day: see that it runs."
        )


def examine_arrivals(session: Session) -> Iterator[Finding]:
    """Find whether what has arrived is looked through."""
    left = Question.received_on < clock.today(), ~Question.is_looked_through
    if count := session.scalar(select(func.count()).where(*left)):
        yield Finding(
            f"{counted(count, 'question')} of earlier days cannot be searched for yet. `postbag "
            "worker`, or `postbag serve` without `--no-worker`, looks through what arrives: see "
            "that it runs."
        )


def examine_receipts(session: Session, settings: Settings) -> Iterator[Finding]:
    """Find whether the keys are there that find the receipts of questions that moved here."""
    acts = select(Act.detail).where(Act.subject == SUBJECT)
    names = {name for detail in session.scalars(acts) for name in detail.get("keys", ())}
    for name in sorted(names - set(brought_names(settings.keys_path))):
        yield Finding(
            f"The key {name}.key is not in {settings.keys_path}. Questions that moved here came "
            "with it; their askers’ receipts find nothing until it is put back."
        )


def _sample(session: Session) -> Sequence[Question]:
    """Return questions from a random place on: ids are random themselves."""
    start = uuid4()
    query = select(Question).order_by(Question.id)
    found = session.scalars(query.where(Question.id >= start).limit(SAMPLE)).all()
    rest = session.scalars(query.where(Question.id < start).limit(SAMPLE - len(found))).all()
    return [*found, *rest]


def _opens(keyring: Keyring, question: Question) -> bool:
    """Return whether all texts open whose keys are there."""
    for column in NO_TEXTS:
        try:
            open_text(keyring, question, column)
        except KeyMissing:
            continue
        except Unsealable:
            return False
    return True
