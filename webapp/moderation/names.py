"""What the desk calls lanes, states, consents and acts."""

LANE_NAMES = {"urgent": "Urgent", "ordinary": "Ordinary", "quarantine": "Quarantine"}
STATE_NAMES = {
    "new": "New",
    "shortlisted": "Shortlisted",
    "ready": "Ready",
    "scheduled": "Scheduled",
    "recorded": "Recorded",
    "declined": "Declined",
    "spam": "Spam",
    "answered": "Answered",
    "merged": "Merged",
    "withdrawn": "Withdrawn",
    "erased": "Erased",
}
CONSENT_NAMES = {
    "read_aloud": "may be read aloud",
    "paraphrase": "paraphrase only",
    "private": "not to be aired",
}
ACTION_NAMES = {
    "to new": "put it back to new",
    "to shortlisted": "shortlisted it",
    "to declined": "declined it",
    "to spam": "marked it as spam",
    "to answered": "linked it to an episode",
    "to withdrawn": "withdrew it",
    "to erased": "erased it",
    "to ready": "made it ready",
    "to scheduled": "put it into a rundown",
    "to recorded": "marked it as recorded",
    "to merged": "merged it",
    "wrote texts": "wrote the air text and web text",
    "asked back": "asked the asker one thing",
    "replied": "answered what the show asked",
    "prolonged": "had it kept for longer",
    "erased texts": "erased its texts",
}
