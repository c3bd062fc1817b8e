"""What was taken back or erased, by ids, in a list beside the keys: `erased.list`.

A backup still has what was erased after it was made. Whoever restores one erases that again by
this list. It has a line for each, a day and a random id, and lies with the keys because a backup
of its own would be as old as the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.exceptions import NotFound
from webapp.operations.backup.archive import replaced_file
from webapp.questions import workflow
from webapp.questions.queries import get_question
from webapp.questions.services import THE_RETENTION, move
from webapp.storage.history import Act

NAME = "erased.list"
BATCH = 200


def note_erasures(today: date) -> Iterator[Mapping[str, int]]:
    """Write into the list what was erased since its last line. Retention is not in it.

    What retention erases goes by its own date in a backup too. Raises OSError.
    """
    path = storage.current_settings().keys_path / NAME
    known = read_list(path)
    session = storage.read()
    session.rollback()
    erased = select(Act.on, Act.subject_id).where(
        Act.subject == "question",
        Act.to_state.in_(workflow.GONE),
        Act.role != THE_RETENTION.role,
    )
    if known:
        # A clock that ran ahead once must not end the list.
        past = [day for day in known.values() if day <= today]
        erased = erased.where(Act.on >= max(past, default=date.min))
    found = {UUID(row.subject_id): row.on for row in session.execute(erased.order_by(Act.on))}
    new = {question_id: on for question_id, on in found.items() if question_id not in known}
    if new:
        write_list(path, known | new)
        yield {"erasures": len(new)}


def read_list(path: Path) -> dict[UUID, date]:
    """Return the ids in a list, each with its day; a line that broke off is none."""
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        day, _, name = line.partition(" ")
        try:
            found[UUID(name)] = date.fromisoformat(day)
        except ValueError:
            continue
    return found


def erase_again(ids: Iterable[UUID]) -> int:
    """Erase what is in a database again although it was erased; return how many that were."""
    return sum(storage.write(_erase, question_id=question_id) for question_id in ids)


def _erase(session: Session, *, question_id: UUID) -> bool:
    try:
        question = get_question(session, question_id)
    except NotFound:
        return False
    if question.state == "erased":
        return False
    version = question.version
    move(session, question_id=question_id, to="erased", seen_version=version, actor=THE_RETENTION)
    return True


def write_list(path: Path, erased: Mapping[UUID, date]) -> None:
    """Write the list anew, in the order of days and ids: none of moments may be read from it."""
    lines = sorted(f"{on.isoformat()} {question_id}\n" for question_id, on in erased.items())
    with replaced_file(path) as file:
        file.write("".join(lines).encode())
