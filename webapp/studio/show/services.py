"""Changing the show: its files, and with them what the site says, in one transaction.

Everything goes through the files and is read again as an import reads them, so that what the desk
saves, an export gives and an import takes.
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes import services
from webapp.episodes.bundle_files import GONE, Stored, save_file, save_text
from webapp.episodes.models import Person, Season
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.exceptions import Conflict, Refused
from webapp.questions import workflow
from webapp.storage import take_turn
from webapp.storage.history import Actor, record
from webapp.studio.rows import Pairs
from webapp.studio.show import compiling, queries
from webapp.studio.show.changing import change, read_values
from webapp.studio.show.fields import Sheet
from webapp.studio.show.filling import Merged, Seen, fill, merge
from webapp.studio.show.limits import refuse_days_to_come, refuse_too_many
from webapp.studio.source import columns
from webapp.studio.source.artwork import NAMES
from webapp.web.wording import plural

NOT_YOURS = "Changing the show takes an owner."
NOT_AN_EDITOR = "Adding somebody to the show takes an editor."
CHANGED = "Somebody else changed it while you had it open."
TAKEN = "Write another address: this one is somebody else’s."
IN_USE = "An episode names this person, so the address stays."

# What an instance without a show begins with: every episode is in a season.
FIRST_SHOW = (
    'seasons:\n  - number: 1\n    title: "The first season"\n    field: "#0C5B62"\n'
    '    ink: "#FFFFFF"\n'
)


class Clash(Conflict):
    """Both sides changed the same; `merged` has what was typed, `now` the form as it stands."""

    def __init__(self, merged: Merged, now: Pairs) -> None:
        self.merged = merged
        self.now = now
        super().__init__(CHANGED)


def first_text(file: str) -> str:
    """Return what a file of the show begins with, before there is one."""
    return {"show.yaml": FIRST_SHOW, "topics.yaml": "[]\n", "help.yaml": "countries: []\n"}[file]


def save_sheet(session: Session, *, sheet: Sheet, typed: Pairs, seen: Seen, actor: Actor) -> bool:
    """Save a form on one of the show's files; return whether it changed anything.

    What others changed meanwhile stays as they left it. Raises Clash where that is what was typed
    as well, BundleRefused with everything that is wrong, and Refused for whoever is no owner.
    """
    refuse_role(actor)
    take_turn(session)
    before = queries.find_text(session, sheet.file)
    text = first_text(sheet.file) if before is None else before
    after = changed_text(sheet, sheet.file, text, typed, seen)
    if after == before:
        return False
    _save_show(session, after) if sheet.file == "show.yaml" else _save_beside(session, sheet, after)
    save_text(session, path=sheet.file, text=after)
    _finish(session, actor=actor, what=sheet.name)
    return True


def save_person(
    session: Session, *, sheet: Sheet, slug: str, typed: Pairs, seen: Seen, to: str, actor: Actor
) -> bool:
    """Save somebody who may be heard, under the address `to`; return whether anything changed.

    `slug` is the address until now, empty for somebody new, whom an editor may add. Raises as
    `save_sheet` does, NotFound, and Refused where that address cannot be had.
    """
    refuse_role(actor, least="owner" if slug else "editor")
    take_turn(session)
    before = queries.get_person_text(session, slug) if slug else ""
    text = changed_text(sheet, queries.path_of(slug), before, typed, seen)
    person = compiling.read_person(to, text)
    if to != slug:
        _move_person(session, slug, to)
    elif text == before:
        return False
    services.save_person(session, slug=to, columns=columns.of_person(person))
    save_text(session, path=queries.path_of(to), text=text)
    _finish(session, actor=actor, what="person")
    return True


def changed_text(sheet: Sheet, file: str, text: str, typed: Pairs, seen: Seen) -> str:
    """Return a file with what was typed. Raises Clash, and BundleRefused."""
    now = fill(sheet, read_values(file, text))
    merged = merge(sheet, typed, now, seen)
    if merged.clashes:
        raise Clash(merged, now)
    refuse_too_many(file, sheet.items, merged)
    return change(sheet, file, text, merged.pairs, merged.mine)


def save_artwork(session: Session, *, name: str, file: Stored, actor: Actor) -> bool:
    """Make a picture that lies among the media the show's artwork; return whether it was not.

    Raises Refused for whoever is no owner.
    """
    refuse_role(actor)
    take_turn(session)
    old = queries.find_artwork(session)
    if old is not None and (old.path, old.sha256) == (name, file.sha256):
        return False
    for other in NAMES:
        if other != name:
            _forget_file(session, other)
    save_file(session, path=name, file=file)
    services.save_artwork(session, sha256=file.sha256, content_type=file.content_type)
    _finish(session, actor=actor, what="artwork")
    return True


def remove_artwork(session: Session, *, actor: Actor) -> bool:
    """Have the show's artwork be drawn again by the worker; return whether it was not before.

    Raises Refused for whoever is no owner.
    """
    refuse_role(actor)
    take_turn(session)
    if queries.find_artwork(session) is None:
        return False
    for name in NAMES:
        _forget_file(session, name)
    _finish(session, actor=actor, what="artwork")
    return True


def refuse_role(actor: Actor, *, least: str = "owner") -> None:
    """Raise Refused for whoever has less than a role."""
    if not workflow.allows(actor.role, least):
        raise Refused(NOT_YOURS if least == "owner" else NOT_AN_EDITOR)


def _save_show(session: Session, text: str) -> None:
    show = compiling.read_show(text)
    used = queries.used_seasons(session)
    numbers = {season.number for season in show.seasons}
    _refuse(
        "show.yaml",
        "seasons",
        {
            number: f"Season {number} has {plural(count, 'episode', 'episodes')}, so it stays, "
            "under its number"
            for number, count in used.items()
            if number not in numbers
        },
    )
    values, seasons = columns.of_show(show)
    services.save_show(session, columns=values, seasons=seasons)
    session.execute(delete(Season).where(Season.number.not_in(numbers)))
    settings = storage.current_settings()
    if settings.is_public:
        services.name_podcast_once(session, site_url=settings.site_url)


def _save_beside(session: Session, sheet: Sheet, text: str) -> None:
    """Save the topics, or where to get help."""
    if sheet.file == "help.yaml":
        found = compiling.read_help(text)
        refuse_days_to_come(found, today=clock.now().date())
        services.save_help(session, countries=columns.of_help(found))
        return
    topics = compiling.read_topics(text)
    left = {topic.slug for topic in topics.topics}
    _refuse(
        sheet.file,
        "topics",
        {
            slug: f"{plural(count, 'episode has', 'episodes have')} the topic “{name}”, so it "
            f"stays, under the address {slug}"
            for slug, (name, count) in queries.used_topics(session).items()
            if slug not in left
        },
    )
    services.save_topics(session, topics=columns.of_topics(topics))


def _move_person(session: Session, slug: str, to: str) -> None:
    """Give somebody an address, their first or another."""
    taken = session.scalar(select(Person.id).where(Person.slug == to)) is not None
    if taken or queries.find_text(session, queries.path_of(to)) is not None:
        raise Refused(TAKEN)
    if not slug:
        return
    if queries.is_heard(session, slug):
        raise Refused(IN_USE)
    session.scalars(select(Person).where(Person.slug == slug)).one().slug = to
    _forget_file(session, queries.path_of(slug))


def _forget_file(session: Session, path: str) -> None:
    """Have a file of the bundle be no longer there; what an import had brought stays known."""
    if queries.has_file(session, path):
        save_file(session, path=path, file=GONE)


def _refuse(file: str, key: str, reasons: Mapping[object, str]) -> None:
    if reasons:
        raise BundleRefused([BundleProblem(file, 0, key, words) for words in reasons.values()])


def _finish(session: Session, *, actor: Actor, what: str) -> None:
    """Note that the show was changed, and have the worker make anew what looks otherwise now."""
    services.mark_saved(session, at=clock.now())
    services.forget_look(session)
    record(
        session,
        actor=actor,
        action="changed show",
        subject="show",
        subject_id=what,
    )
