"""The desk's names for moves, as its buttons send them, and the states they lead to."""

MOVES = {
    "shortlist": "shortlisted",
    "decline": "declined",
    "spam": "spam",
    "new": "new",
    "answer": "answered",
}
