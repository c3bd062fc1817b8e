"""Why a question is declined: a code, the desk's words for it, and the asker's."""

REASONS = {
    "covered": (
        "Answered already",
        "The show has answered a question very like yours. Look through the episodes: it is there.",
    ),
    "too-identifying": (
        "Would give somebody away",
        "There was no way to air it without giving somebody away, you or another.",
    ),
    "needs-more": (
        "Not enough to go on",
        "There was not enough in it to answer well. You can send it again with more of the story.",
    ),
    "not-for-us": (
        "Not for this show",
        "It needs somebody other than us: a doctor, a lawyer, or a person who knows you.",
    ),
    "other": (
        "Something else",
        "It was read, and it is no judgement on you: the show can only answer a few questions.",
    ),
}

DESK_CHOICES = tuple((code, words[0]) for code, words in REASONS.items())
ASKER_WORDS = {code: words[1] for code, words in REASONS.items()}
