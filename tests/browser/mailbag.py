"""Letters for the mailbag of a running demonstration, sent by the ways that real ones go."""

import re
import secrets

from playwright.sync_api import APIRequestContext

NOUNS = ("kettle", "sofa", "garden", "bicycle", "cellar", "piano", "curtain", "ladder", "carpet")
WORRIES = ("borrows", "hides", "forgets", "polishes", "lends out", "sings to", "photographs")
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def send_letters(browser: APIRequestContext, count: int) -> str:
    """Send so many different letters and return a word that they have in common."""
    word = f"word{secrets.token_hex(4)}"
    for number in range(count):
        noun, worry = NOUNS[number % len(NOUNS)], WORRIES[number % len(WORRIES)]
        letter = (
            f"My neighbour {worry} the {noun} every {number + 2} days, and I never know what to "
            f"say about it. How do I begin? {word}"
        )
        _send(browser, letter)
    return word


def _send(browser: APIRequestContext, letter: str) -> None:
    fields = {"question": letter, "sign_off": "Next Door", "consent": "read_aloud"}
    reviewed = browser.post("/ask/review", form=fields, headers=FROM_HERE)
    token = re.search(r'name="token"[^>]*value="([^"]+)"', reviewed.text())
    assert token, "the check page has no token"
    data = fields | {"token": token[1], "checked": "yes"}
    sent = browser.post("/ask/send", form=data, headers=FROM_HERE)
    assert sent.ok, f"the letter was not taken: {sent.status}"
