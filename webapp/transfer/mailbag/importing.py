"""Taking a mailbag in: the file is looked through first, then all of it in one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import storage
from webapp.exceptions import Refused
from webapp.moderation.answering import settle_later
from webapp.questions.services import count
from webapp.storage import settings_of, take_turn
from webapp.storage.history import Actor, record
from webapp.storage.sealing import Keyring, keep_lookup
from webapp.transfer.mailbag.arriving import TAKING, Arrival, begin
from webapp.transfer.mailbag.exporting import PAGE, SUBJECT, Tell, quietly
from webapp.transfer.mailbag.format import ALTERED, NEWER, open_lines
from webapp.transfer.mailbag.records import read_line
from webapp.transfer.mailbag.shapes import refuse_unfit
from webapp.transfer.mailbag.unpacking import take_questions
from webapp.web.wording import plural

NAMED = 20

_TAKING = {**TAKING, "question": take_questions}
_TOLD = {
    "other": "Left as they are here, where they stand otherwise: {}.",
    "taken back": "Not brought, since they were taken back or erased here: {}.",
    "shut": "Came as nothing, since they did not open in the old house either: {}.",
    "no episode": "Links to episodes that are not here, which are left out: {}.",
    "no topic": "Topics that the show here does not have, which are left out: {}.",
}
_COUNTED = {
    "other": ("question", "questions"),
    "taken back": ("question", "questions"),
    "shut": ("text", "texts"),
    "no episode": ("link", "links"),
    "no topic": ("topic", "topics"),
}
_ERASED_THERE = (
    "Taken back or erased in the old house since, and here still: {}. Erase them here too, at the "
    "desk, by their ids: {}"
)


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import came to: how many of what, by what became of it, and names of keys.

    `erased_there` are the ids of questions here that are gone in the old house.
    """

    told: Counter[str]
    erased_there: tuple[str, ...]
    keys: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what was done, as people read it."""
        yield f"{self.told['new']:,} new, {self.told['same']:,} there already."
        for name, words in _TOLD.items():
            if number := self.told[name]:
                yield words.format(plural(number, *_COUNTED[name]))
        if self.erased_there:
            more = ", and others" if len(self.erased_there) > NAMED else ""
            ids = ", ".join(self.erased_there[:NAMED])
            how_many = plural(len(self.erased_there), "question", "questions")
            yield _ERASED_THERE.format(how_many, f"{ids}{more}")
        for name in self.keys:
            yield f"Their receipts are found by {name}.key. Copy it to where you keep the keys."


def import_mailbag(path: Path, *, theirs: Keyring, actor: Actor, tell: Tell = quietly) -> Brought:
    """Take in a file, whole or not at all; `theirs` are the keys of the house it comes from.

    What is here already stays as it is. Raises Refused and KeyMissing, in words, with nothing
    changed.
    """
    with path.open("rb") as file:
        total = _look_through(theirs, file)
        try:
            return storage.write(
                take_in_file, file=file, total=total, theirs=theirs, actor=actor, tell=tell
            )
        except IntegrityError:  # it brings something twice, or what hangs on nothing
            raise Refused(ALTERED) from None


def take_in_file(
    session: Session, *, file: IO[bytes], total: int, theirs: Keyring, actor: Actor, tell: Tell
) -> Brought:
    """Take in what a file brings. Raises Refused and KeyMissing."""
    take_turn(session)
    arrival = begin(session, own=storage.keyring_of(session), theirs=theirs)
    done = 0
    for kind, found in _batches(theirs, file):
        _TAKING[kind](arrival, found)
        session.flush()
        if kind == "question":
            done += len(found)
            tell(done, total)
    return _finish(arrival, actor)


def _finish(arrival: Arrival, actor: Actor) -> Brought:
    """Count what came, have it answered by its episodes, and keep what finds its receipts."""
    session = arrival.session
    for lane in sorted({lane for lane, _state in arrival.came}):
        states = {state: arrival.came[each, state] for each, state in arrival.came if each == lane}
        count(session, lane, **states)
    for episode_id in sorted(arrival.planned):
        settle_later(session, episode_id=episode_id)
    folder = settings_of(session).keys_path
    others = [key for key in arrival.theirs.lookups if key not in arrival.own.lookups]
    keys = tuple(keep_lookup(folder, key) for key in others)
    if new := arrival.told["new"]:
        detail = {"questions": new, "keys": list(keys)}
        record(
            session,
            actor=actor,
            action="imported mailbag",
            subject=SUBJECT,
            subject_id="",
            detail=detail,
        )
    erased = tuple(sorted(map(str, arrival.erased_there)))
    return Brought(arrival.told, erased, keys)


def _look_through(theirs: Keyring, file: IO[bytes]) -> int:
    """Return how many questions a file has, once all of it has been opened. Raises Refused."""
    total = 0
    for line in open_lines(theirs, file):
        kind, found = read_line(line)
        if kind not in _TAKING:
            raise Refused(NEWER)
        refuse_unfit(kind, found)
        total += kind == "question"
    return total


def _batches(theirs: Keyring, file: IO[bytes]) -> Iterator[tuple[str, list[Any]]]:
    """Yield what lines of one kind bring that follow on each other, some at a time."""
    lines = map(read_line, open_lines(theirs, file))
    for kind, found in groupby(lines, key=itemgetter(0)):
        yield from ((kind, batch) for batch in _some(record for _kind, record in found))


def _some(found: Iterable[Any]) -> Iterator[list[Any]]:
    each = iter(found)
    while batch := list(islice(each, PAGE)):
        yield batch
