"""The keys of the desk: one table, which the page shows and the script fetches for its dialog."""

from flask import Blueprint

from webapp.moderation.question_page import desk_page

# Groups of (keys, what they do). A key is pressed alone or, where there are two, one after another.
KEYS = (
    (
        "Move",
        (
            (("j",), "The next question"),
            (("k",), "The question before"),
            (("Enter",), "Open it"),
            (("/",), "Search"),
        ),
    ),
    (
        "Decide",
        (
            (("s",), "Shortlist"),
            (("d", "1–9"), "Decline, with the reason of that number"),
            (("!",), "Spam"),
            (("z",), "Undo"),
            (("x",), "Select, to decide on several at once"),
        ),
    ),
    (
        "Work on it",
        (
            (("e",), "Edit its texts"),
            (("m",), "Merge it with another"),
            (("h",), "Snooze"),
            (("l",), "Topics and labels"),
            (("n",), "A private note"),
            (("c",), "Claim, or let go"),
        ),
    ),
    ("Help", ((("?",), "This list"), (("Esc",), "Close what a key has opened"))),
)

bp = Blueprint("keys", __name__)


@bp.get("/keys")
def keys() -> str:
    """Show what each key does, and whether they are switched on."""
    return desk_page("moderation/keys.html", groups=KEYS)
