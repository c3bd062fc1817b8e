"""The desk's decisions, as its buttons send them, and the states they lead to."""

DECISIONS = {
    "shortlist": "shortlisted",
    "decline": "declined",
    "spam": "spam",
    "new": "new",
    "answer": "answered",
}
