"""Taking in what a mailbag brings, line after line, inside of one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.episodes.models import Episode, Topic
from webapp.moderation.models import Rundown
from webapp.questions import workflow
from webapp.questions.models import DailyFigure, DeclineReason, Label, Question, SpentNonce
from webapp.storage.history import Act, take_in
from webapp.storage.sealing import Keyring
from webapp.transfer.mailbag import records
from webapp.transfer.mailbag.records import Names, Record


@dataclass(slots=True)
class Arrival:
    """What a mailbag comes to, and what has come of it so far.

    `own` are the keys here and `theirs` those of the house that it comes from. What is known by
    name: episodes, by their guid, and topics from the start; labels and rundowns as they come.
    `came` counts by lane and state. `planned` are the episodes that questions wait for.
    """

    session: Session
    own: Keyring
    theirs: Keyring
    episodes: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    rundowns: set[UUID] = field(default_factory=set)
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    planned: set[int] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    erased_there: set[UUID] = field(default_factory=set)

    @property
    def names(self) -> Names:
        """Return what the file's names are called here."""
        return Names(self.episodes, self.labels)

    def episode_id(self, guid: str | None) -> int | None:
        """Return the number of an episode, None where it is not here: that is counted."""
        if guid is not None and guid not in self.episodes:
            self.told["no episode"] += 1
        return self.episodes.get(guid) if guid else None


def begin(session: Session, *, own: Keyring, theirs: Keyring) -> Arrival:
    """Return an arrival of which nothing has come yet."""
    episodes = session.execute(select(Episode.guid, Episode.id))
    topics = session.execute(select(Topic.slug, Topic.id))
    return Arrival(
        session,
        own,
        theirs,
        episodes={row.guid: row.id for row in episodes},
        topics={row.slug: row.id for row in topics},
        rundowns=set(session.scalars(select(Rundown.id))),
    )


def act_of(arrival: Arrival, record: Record) -> Act:
    """Return an act as it is written into history here."""
    detail = records.rename(record["action"], record["detail"], arrival.names)
    return Act(**records.read(Act, record | {"detail": detail}), actor_id=None)


def take_labels(arrival: Arrival, names: Sequence[str]) -> None:
    """Take in labels that are not here, in whatever case."""
    if arrival.labels.keys() >= set(names):
        return
    found = arrival.session.execute(select(Label.name, Label.id))
    here = {row.name.casefold(): row.id for row in found}
    for name in names:
        if name.casefold() not in here:
            label = Label(name=name)
            arrival.session.add(label)
            arrival.session.flush()
            here[name.casefold()] = label.id
        arrival.labels[name] = here[name.casefold()]


def take_reasons(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in reasons for declining whose code is not here, behind those that are."""
    here = set(arrival.session.scalars(select(DeclineReason.code)))
    last = arrival.session.scalar(select(func.max(DeclineReason.position))) or 0
    new = [each for each in found if each["code"] not in here]
    for position, record in enumerate(new, start=last + 1):
        values = records.read(DeclineReason, record) | {"position": position}
        arrival.session.add(DeclineReason(**values))


def take_figures(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in the figures of days; of one that is here too, the larger stays."""
    for record in found:
        values = records.read(DailyFigure, record)
        here = arrival.session.get(DailyFigure, (values["day"], values["figure"]))
        if here is None:
            arrival.session.add(DailyFigure(**values))
        else:
            here.count = max(here.count, values["count"])


def take_rundowns(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in rundowns that are not here, with what was done to them."""
    for record in found:
        rundown = Rundown(**records.read(Rundown, record["row"]))
        if rundown.id in arrival.rundowns:
            continue
        arrival.rundowns.add(rundown.id)
        arrival.session.add(rundown)
        take_acts(arrival, record["acts"])


def take_acts(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in acts on what the file does not bring, but those that are here.

    What is done with a question that is here stays as it is here: that it is gone there is told.
    """
    acts = [act for record in found if (act := _placed(arrival, record))]
    here = _here(arrival.session, Act, [act.id for act in acts])
    asked = [act.question_id for act in acts if act.subject == "question"]
    still = _here(arrival.session, Question, asked)
    gone = set(arrival.session.scalars(_gone_ids(still)))
    arrival.erased_there.update(still - gone)
    new = [act for act in acts if act.id not in here]
    take_in(
        arrival.session,
        [act for act in new if act.subject != "question" or act.question_id not in still],
    )


def take_nonces(arrival: Arrival, found: Sequence[Record]) -> None:
    """Take in used tokens of questions that are here: one is of no use again with the same keys."""
    spent = [SpentNonce(**records.read(SpentNonce, record)) for record in found]
    hashes = [one.nonce_hash for one in spent]
    kept = select(SpentNonce.nonce_hash).where(SpentNonce.nonce_hash.in_(hashes))
    here = set(arrival.session.scalars(kept))
    asked = _here(arrival.session, Question, [one.question_id for one in spent])
    arrival.session.add_all(
        one for one in spent if one.question_id in asked and one.nonce_hash not in here
    )


def pass_over(_arrival: Arrival, _found: Sequence[Any]) -> None:
    """Take in nothing."""


TAKING: Mapping[str, Callable[[Arrival, Sequence[Any]], None]] = {
    "about": pass_over,
    "label": take_labels,
    "reason": take_reasons,
    "figure": take_figures,
    "rundown": take_rundowns,
    "act": take_acts,
    "nonce": take_nonces,
}


def _placed(arrival: Arrival, record: Record) -> Act | None:
    """Return an act that belongs to something here, or to what is gone; None if it does not."""
    act = act_of(arrival, record)
    if act.subject != "episode":
        return act
    episode_id = arrival.episodes.get(act.subject_id)
    act.subject_id = str(episode_id)
    return None if episode_id is None else act


def _here(session: Session, model: Any, ids: Iterable[UUID]) -> set[UUID]:
    return set(session.scalars(select(model.id).where(model.id.in_(set(ids)))))


def _gone_ids(ids: Iterable[UUID]) -> Select[UUID]:
    return select(Question.id).where(Question.id.in_(set(ids)), Question.state.in_(workflow.GONE))
