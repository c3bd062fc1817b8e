"""Whether the history is as it was written, and tells of every question how it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.operations.examining.findings import Finding, counted
from webapp.questions.models import Question
from webapp.storage.chain import WAITING_DAYS, Fault, Kind, verify
from webapp.storage.history import Act
from webapp.storage.sealing import Keyring
from webapp.web.wording import day

NAMED = 3
PAGE = 500
WHAT_TO_DO = (
    "Find out who can write to the database past Postbag, and compare with a backup from before, "
    "or with an export of the log."
)
UNREADABLE = (
    f"A part of the history cannot be read: it was changed behind Postbag’s back. {WHAT_TO_DO}"
)


@dataclass(slots=True)
class _Met:
    """How many faults of a kind there are, and the first of them."""

    count: int = 0
    first: list[Fault] = field(default_factory=list)

    def note(self, fault: Fault) -> None:
        self.count += max(1, fault.last - fault.position + 1)
        if len(self.first) < NAMED:
            self.first.append(fault)


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a question is, or where its history leaves it."""

    version: int
    state: str


def examine_chain(session: Session, keyring: Keyring) -> Iterator[Finding]:
    """Find acts that were changed, taken out or written in past Postbag.

    Raises SQLAlchemyError when the history cannot be read.
    """
    met: dict[tuple[Kind, int], _Met] = {}
    try:
        for fault in verify(session, keyring):
            met.setdefault((fault.kind, fault.key_id), _Met()).note(fault)
    except ValueError:  # a day that is no day, a detail that is no JSON
        yield Finding(UNREADABLE)
    yield from (Finding(_in_words(kind, key_id, each)) for (kind, key_id), each in met.items())


def examine_questions(session: Session) -> Iterator[Finding]:
    """Find questions that are not where their history leaves them. Raises SQLAlchemyError.

    One that is being changed meanwhile is looked at twice.
    """
    count, named = 0, list[UUID]()
    for ids in _pages(session):
        if odd := _misfits(session, ids):
            session.rollback()
            again = _misfits(session, tuple(odd))
            still = [one for one, how in odd.items() if again.get(one) == how]
            count += len(still)
            named += still[: NAMED - len(named)]
    if count:
        where, more = ", ".join(map(str, named)), " and others" if count > len(named) else ""
        stand = "is not where its" if count == 1 else "are not where their"
        yield Finding(
            f"{counted(count, 'question')} {stand} history leads: {where}{more}. Behind Postbag’s "
            f"back, acts were taken out or questions changed. {WHAT_TO_DO}"
        )


def _in_words(kind: Kind, key_id: int, met: _Met) -> str:
    acts, one = counted(met.count, "act"), met.count == 1
    places = _listed(met)
    match kind:
        case "waiting":
            return (
                f"{acts} of askers, of more than {WAITING_DAYS} days ago, {_wait(one)} for a place "
                "in the history’s chain. `postbag worker`, or `postbag serve` without "
                "`--no-worker`, gives it every day: see that it runs."
            )
        case "without key":
            return (
                f"{acts} of the history cannot be checked without seal-{key_id}.key. Put it back."
            )
        case "changed":
            what = f"{acts} {'is' if one else 'are'} not as Postbag wrote {'it' if one else 'them'}"
        case "taken out":
            what = f"{acts} {'was' if one else 'were'} taken out"
        case "out of order":
            what = f"{acts} {'stands' if one else 'stand'} where another stood"
        case "without a place":
            what = f"{acts} {'was' if one else 'were'} written in without the keys"
    return f"The history was changed behind Postbag’s back: {what}: {places}. {WHAT_TO_DO}"


def _wait(one: bool) -> str:  # noqa: FBT001 - the number of a verb
    return "waits" if one else "wait"


def _listed(met: _Met) -> str:
    named = "; ".join(_place(fault) for fault in met.first)
    told = sum(max(1, fault.last - fault.position + 1) for fault in met.first)
    return f"{named}; and others" if met.count > told else named


def _place(fault: Fault) -> str:
    """Return where something does not fit, and never a word of what it is about."""
    on = day(fault.on) if fault.on else ""
    if fault.kind == "taken out":
        span = f" to {fault.last:,}" if fault.last > fault.position else ""
        return f"number {fault.position:,}{span}, " + (f"after {on}" if on else "at the beginning")
    number = f"number {fault.position:,}, " if fault.position else ""
    return f"{number}of {on}, about a {fault.subject}"


def _pages(session: Session) -> Iterator[Sequence[UUID]]:
    """Yield the ids of all questions, some at a time."""
    query = select(Question.id).order_by(Question.id).limit(PAGE)
    page = session.scalars(query).all()
    while page:
        yield page
        page = session.scalars(query.where(Question.id > page[-1])).all()


def _misfits(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[_Stand, _Stand | None]]:
    """Return the questions that their history does not lead to: how they stand, and where it does.

    Questions are read first: what is done in between shows as an act too many, once.
    """
    columns = (Question.id, Question.version, Question.state)
    found = session.execute(select(*columns).where(Question.id.in_(ids)))
    stands = {row.id: _Stand(row.version, row.state) for row in found}
    acts = session.execute(
        select(Act.subject_id, Act.from_version, Act.to_version, Act.from_state, Act.to_state)
        .where(
            Act.subject == "question",
            Act.subject_id.in_([str(question_id) for question_id in ids]),
            Act.to_version > Act.from_version,  # notes and claims change nothing
        )
        .order_by(Act.subject_id, Act.to_version)
    )
    told: dict[str, list[tuple[_Stand, _Stand]]] = {}
    for row in acts:
        step = _Stand(row.from_version, row.from_state), _Stand(row.to_version, row.to_state)
        told.setdefault(row.subject_id, []).append(step)
    led = {one: _led_to(told.get(str(one), ())) for one in stands}
    return {one: (stand, led[one]) for one, stand in stands.items() if led[one] != stand}


def _led_to(steps: Iterable[tuple[_Stand, _Stand]]) -> _Stand | None:
    """Return where acts lead from arrival on, or None where one does not follow on another."""
    at = _Stand(1, "new")
    for before, after in steps:
        if before != at:
            return None
        at = after
    return at
