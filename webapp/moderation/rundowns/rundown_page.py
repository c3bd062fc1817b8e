"""A rundown's page: as it stands, with what is to be mended, and after a conflict."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, make_response

from webapp.moderation.forms import DeskForm
from webapp.moderation.names import ACTION_NAMES
from webapp.moderation.question_page import STALE, desk_page
from webapp.moderation.rundowns.forms import ChangeForm
from webapp.moderation.rundowns.items import Item
from webapp.moderation.rundowns.queries import get_rundown, get_rundown_page
from webapp.moderation.rundowns.services import merge_order
from webapp.moderation.rundowns.standing import get_standing, list_changes
from webapp.staff.guard import current_staff
from webapp.staff.roles import allows
from webapp.storage import current_keyring, read


class Change(NamedTuple):
    """What somebody else did meanwhile; `when` is a moment for staff and a day for the asker."""

    when: datetime | date
    actor: str
    role: str
    words: str


def rundown_page(
    rundown_id: UUID, *, wanted: Sequence[UUID] = (), at: UUID | None = None, **came_in: DeskForm
) -> str:
    """Return a rundown's page; a form that came in is shown as it came, the others as they stand.

    `wanted` is an order that is not saved; `at` is the question that a form which came in is about.
    The forms are `change`, `saying` and `other`, which is any that is only a button.
    """
    staff = current_staff()
    is_editor = allows(staff.role, "editor")
    page = get_rundown_page(
        read(), current_keyring(), rundown_id, offers=is_editor, opted_out=staff.opt_outs
    )
    settings = {"title": page.title, "recording_on": page.recording_on, "pace": page.pace}
    change = came_in.get("change") or ChangeForm(formdata=None, data=settings)
    return desk_page(
        "moderation/rundowns/rundown.html",
        page=replace(page, items=in_order(page.items, wanted)),
        is_editor=is_editor,
        is_unsaved=bool(wanted),
        at=at,
        form=change,
        saying=came_in.get("saying"),
        other=came_in.get("other"),
    )


def unfinished(
    rundown_id: UUID, *, wanted: Sequence[UUID] = (), at: UUID | None = None, **came_in: DeskForm
) -> Response:
    """Return the page with what is to be mended in the form that came in."""
    for form in came_in.values():
        if form.is_stale:
            form.csrf_token.errors = (STALE,)
    return make_response(rundown_page(rundown_id, wanted=wanted, at=at, **came_in), 422)


def rundown_conflict(
    rundown_id: UUID, form: DeskForm, act: str, *, wanted: Sequence[UUID] = ()
) -> Response:
    """Show what changed in a rundown since it was looked at, what was wanted, and both ways."""
    page = get_rundown_page(read(), current_keyring(), rundown_id)
    context: dict[str, Any] = {"page": page, "mine": in_order(page.items, wanted), "standing": None}
    changes = _changes("rundown", rundown_id, form)
    return _conflict(act=act, form=form, changes=changes, **context)


def question_conflict(rundown_id: UUID, question_id: UUID, form: DeskForm, act: str) -> Response:
    """Show what changed with a question since it was looked at, what was wanted, and both ways."""
    rundown = get_rundown(read(), rundown_id)
    standing = get_standing(read(), current_keyring(), rundown_id, question_id)
    context = {"page": rundown, "mine": (), "standing": standing}
    changes = _changes("question", question_id, form)
    return _conflict(act=act, form=form, changes=changes, **context)


def in_order(items: Sequence[Item], wanted: Sequence[UUID]) -> tuple[Item, ...]:
    """Return items in an order that is wanted, as far as that names them."""
    by_id = {item.id: item for item in items}
    return tuple(by_id[one] for one in merge_order(list(by_id), wanted))


def _conflict(**context: Any) -> Response:
    return make_response(desk_page("moderation/rundowns/conflict.html", **context), 409)


def _changes(subject: str, subject_id: UUID, form: DeskForm) -> list[Change]:
    acts = list_changes(read(), subject, subject_id, since=form.version.data)
    return [Change(act.at or act.on, act.actor, act.role, ACTION_NAMES[act.action]) for act in acts]
