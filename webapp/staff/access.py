"""Who may come to what at the desk: the least role of every endpoint, and what asks again.

An endpoint that is named nowhere takes a moderator. What a role may do inside a page is the
page's own affair; what is here is asked in front of all of them.
"""

from collections.abc import Mapping

from webapp.staff.roles import ROLES

LEAST = ROLES[0]

# By the beginning of an endpoint's name; the longest that fits holds.
NEEDS: Mapping[str, str] = {
    "desk.studio.": "editor",
    "desk.writing.": "editor",
    "desk.showing.": "editor",
    "desk.transfer.": "editor",
    "desk.feeds.": "editor",
    "desk.pieces.": "editor",
    "desk.uploads.": "editor",
    "desk.revisions.": "editor",
    "desk.previews.": "editor",
    "desk.discarding.": "editor",
    "desk.discarding.throw_away_for_good": "owner",
    "desk.reasons.": "owner",
    "desk.people.": "owner",
    "desk.show.": "owner",
    "desk.show_artwork.": "owner",
    "desk.show_people.": "owner",
    "desk.show_people.new": "editor",
    "desk.show_people.add": "editor",
    "desk.show_people.autosave_new": "editor",
    "desk.log.export": "editor",
    "desk.mailbag.": "owner",
    "desk.notifications.again": "owner",
    "desk.notifications.leave_undelivered": "owner",
    "desk.moderation.ready": "editor",
    "desk.moderation.erase": "owner",
    "desk.rundowns.make": "editor",
    "desk.rundowns.change": "editor",
    "desk.rundowns.place": "editor",
    "desk.rundowns.take_out": "editor",
    "desk.rundowns.order": "editor",
    "desk.rundowns.close": "editor",
    "desk.rundowns.reopen": "editor",
}

# What changes who may come in or what holds for everybody, what erases for good, and what takes
# the mailbag along, by the beginning of an endpoint's name: only with a fresh sign-in.
FRESH = (
    "desk.people.",
    "desk.factors.",
    "desk.reasons.",
    "desk.moderation.erase",
    "desk.mailbag.",
    "desk.discarding.throw_away_for_good",
)

# Where somebody may go who has to set up a second factor first.
SETTING_UP = (
    "desk.factors.",
    "desk.confirm.",
)


def least_role(endpoint: str) -> str:
    """Return the least role that an endpoint of the desk takes."""
    fitting = (prefix for prefix in NEEDS if endpoint.startswith(prefix))
    return NEEDS.get(max(fitting, key=len, default=""), LEAST)


def asks_again(endpoint: str) -> bool:
    """Return whether an endpoint needs a sign-in of the last half hour."""
    return endpoint.startswith(FRESH)


def is_setting_up(endpoint: str) -> bool:
    """Return whether an endpoint is one of those where a second factor is set up."""
    return endpoint.startswith(SETTING_UP)
