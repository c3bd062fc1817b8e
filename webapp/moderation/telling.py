"""What the next page says of what was done, with the way back, and of what was so already."""

from typing import Any
from uuid import UUID

from flask import flash

from webapp.moderation.history import find_newest, get_act
from webapp.moderation.names import ACTION_NAMES
from webapp.storage import read
from webapp.storage.history import Act
from webapp.web.wording import day

ALREADY = "It was so already"


def tell(text: str, act_id: UUID | None = None, *, batch: UUID | None = None) -> None:
    """Say on the next page what was done, and offer the way back from an act or from many."""
    told: Any = {"text": text}
    if act_id:
        told["undo"] = str(act_id)
    if batch:
        told["batch"] = str(batch)
    flash(told, "done")


def tell_already(act_id: UUID | None) -> None:
    """Say on the next page that it was so already, and by which act, if one is known."""
    flash(already(get_act(read(), act_id) if act_id else None), "done")


def tell_already_by(question_id: UUID, *actions: str) -> None:
    """Say on the next page that it was so already, by the newest act of these on a question."""
    flash(already(find_newest(read(), question_id, actions)), "done")


def already(act: Act | None) -> str:
    """Return in words that it was so already, and who had done that and when."""
    if act is None:
        return f"{ALREADY}."
    when = f"{day(act.at)} at {act.at:%H:%M} UTC" if act.at else day(act.on)
    return f"{ALREADY}: {act.actor} {ACTION_NAMES[act.action]}, on {when}."
