"""Which acts can be taken back, and by whom. Pure: no database, no web."""

from datetime import timedelta

from webapp import clock
from webapp.questions import workflow
from webapp.questions.services import THE_DESK
from webapp.storage.history import Act

THE_ASKERS = "Its asker did that, and only they could change it."
ERASED = "What has been erased stays erased."
FOLLOWED = "That followed by itself from what somebody did: undo what they did."
NO_VERSIONS = "Of how its words are said no older version is kept. Write it anew."
ASK_AGAIN = "What was asked went with it. Ask again."
TAKE_OVER_AGAIN = "Whoever held it can take it over again."
ANSWER_AGAIN = "Link it to its episode again: which one that was is not known any more."
NOT_HERE = "That cannot be taken back from here."
NOT_YOURS = "Your role does not allow the way back."

_NEVER = {
    "replied": THE_ASKERS,
    "prolonged": THE_ASKERS,
    "erased texts": ERASED,
    "wrote how to say": NO_VERSIONS,
    "took back asking": ASK_AGAIN,
    "took back note": ERASED,
    "took over": TAKE_OVER_AGAIN,
}
_CHANGES = frozenset(
    {
        "noted",
        "wrote texts",
        "asked back",
        "set topics",
        "set labels",
        "snoozed",
        "woke",
        "changed lane",
        "named episode",
    }
)


def can_undo(
    act: Act, version: int, role: str, *, staff_id: int | None = None, undo_seconds: int = 0
) -> bool:
    """Return whether somebody may take back an act on a question that stands at a version. Pure.

    `undo_seconds` is how long an asker is kept from seeing what was asked of them. A private
    note is taken back where it is read.
    """
    if act.action == "noted" or act.to_version != version:
        return False
    if never(act) or not_by(act, role, staff_id):
        return False
    return act.action != "asked back" or not is_read(act, undo_seconds)


def undoable_version(acts: list[Act], version: int) -> int:
    """Return the version at which somebody last did something. Pure.

    `acts` are a question's, newest first; what followed by itself from an act is part of it.
    """
    for act in acts:
        if act.to_version == version and act.from_version < version and _followed(act):
            version = act.from_version
    return version


def undoable_versions(acts: list[Act], version: int) -> frozenset[int]:
    """Return the versions at which acts can be undone: the newest, and that before what is undone.

    Whoever undoes one act can undo the one before it next, and so on; and the undoing itself.
    `acts` are all of a question's, newest first. Pure.
    """
    newest = undoable_version(acts, version)
    made = {act.to_version: act for act in acts if act.from_version < act.to_version}
    by_id = {act.id: act for act in acts}
    stands = newest
    while (undoing := made.get(stands)) and undoing.reverses in by_id:
        stands = undoable_version(acts, by_id[undoing.reverses].from_version)
    return frozenset({newest, stands})


def never(act: Act) -> str:
    """Return why nobody may take an act back, or ""."""
    if act.role == workflow.ASKER:
        return THE_ASKERS
    if act.role == workflow.RETENTION or act.to_state in workflow.GONE:
        return ERASED
    if _followed(act):
        return FOLLOWED
    is_taken_out = act.from_state == "answered" != act.to_state
    if is_taken_out and not act.detail.get("episode"):
        return ANSWER_AGAIN
    is_known = act.from_state != act.to_state or act.action in _CHANGES
    is_known = is_known and act.subject == "question"
    return _NEVER.get(act.action, "" if is_known else NOT_HERE)


def not_by(act: Act, role: str, staff_id: int | None) -> str:
    """Return why somebody may not take an act back that others may, or ""."""
    if act.from_state != act.to_state:
        ways = workflow.sources(act.from_state, role, undo=True)
        return "" if act.to_state in ways else NOT_YOURS
    needs = "editor" if act.action == "named episode" else "moderator"
    if act.action == "wrote texts" and act.to_state in {"scheduled", "recorded"}:
        needs = "editor"
    if act.action == "changed lane" and act.detail["to"] == "urgent":
        is_own = staff_id is not None and staff_id == act.actor_id
        # But for one's own slip it takes an editor to get out of there.
        needs = needs if is_own and not act.reverses else "editor"
    return "" if workflow.allows(role, needs) else NOT_YOURS


def lost_ready(act: Act, state: str) -> bool:
    """Return whether texts that were taken back leave on the shortlist what had been ready. Pure.

    `act` wrote them, and `state` is where the question stands now.
    """
    return act.action == "wrote texts" and act.to_state == "ready" and state == "shortlisted"


def _followed(act: Act) -> bool:
    return act.actor == THE_DESK.label and act.actor_id is None


def is_read(act: Act, undo_seconds: int) -> bool:
    """Return whether an asker may have read by now what an act asked of them."""
    return act.at is None or clock.now() >= act.at + timedelta(seconds=undo_seconds)
