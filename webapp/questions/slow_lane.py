"""The slow lane: what somebody does first when a lot is arriving, and then always passes.

One small question that needs no JavaScript, no picture, no memory and no culture, only reading
(in the spirit of WCAG 3.3.8): a word is picked from a few by its place. Where there is JavaScript,
a worker does ALTCHA's proof of work instead, and nobody has to do anything but wait a second.
Either works once, for a day. Nothing is stored for it: what is sent out is signed.
See docs/decisions/0014-limits-without-addresses.md.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import altcha
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp import clock
from webapp.questions import tokens
from webapp.storage.sealing import Keyring
from webapp.web.limits import Limits

LIFETIME_SECONDS = tokens.LIFETIME_SECONDS  # as long as the page that it stands on
NONCE_BYTES = 16
LONGEST_TYPED = 100
LONGEST_PAYLOAD = 4_000

# A hundred keys of 5,000 rounds on average: a tenth of a second on a desk, one or two on a cheap
# phone. The key that is looked for lies between two counts, so that nobody is unlucky for long.
ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 5_000
FEWEST_KEYS = 50
MOST_KEYS = 150

FIELDS = ("slow_token", "slow_answer", "altcha")
PLACES = ("first", "second", "third", "fourth", "fifth")
# Things that anybody can spell and nobody minds, out of the receipts' list.
WORDS = (
    "anchor", "banana", "barrel", "basket", "bottle", "bucket", "camera", "candle", "carrot",
    "cotton", "daisy", "dolphin", "envelope", "garden", "goldfish", "helmet", "kettle", "kitten",
    "ladder", "lantern", "lemon", "magazine", "mango", "music", "napkin", "octopus", "olive",
    "paddle", "pancake", "pebble", "pencil", "postcard", "puzzle", "ribbon", "scarf", "scooter",
    "shelf", "snowman", "sponge", "spoon", "statue", "stool", "tulip", "umbrella", "velvet",
    "violin", "wagon", "walnut", "willow", "zebra",
)  # fmt: skip

_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question and a proof of work; either is enough. `altcha` is the latter as JSON."""

    token: str
    prompt: str
    words: tuple[str, ...]
    altcha: str


def fresh(keyring: Keyring) -> Challenge:
    """Return a challenge that nobody has seen."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    words = tuple(_random.sample(WORDS, len(PLACES)))
    place = secrets.randbelow(len(PLACES))
    claims = {"nonce": nonce.hex(), "answer": _digest(keyring, nonce, words[place])}
    return Challenge(
        token=_serializer(keyring).dumps(claims),
        prompt=f"Which of these words comes {PLACES[place]}?",
        words=words,
        altcha=_proof_of_work(keyring, nonce),
    )


def is_solved(
    keyring: Keyring, limits: Limits, fields: Mapping[str, str], *, on: bytes = b""
) -> bool:
    """Return whether a form solves a challenge that still holds, and spend the challenge.

    Its fields are `slow_token` and `slow_answer`, or `altcha`. Whatever is in them, it is never
    an error: what is wrong, stale, used or of another site is not solved. `on` is what an answer
    may be spent on again, such as the nonce of a question that is sent twice.
    """
    nonce = _worked_out(keyring, fields.get("altcha", "")) or _answered(
        keyring, fields.get("slow_token", ""), fields.get("slow_answer", "")
    )
    if nonce is None:
        return False
    spent_on = bytes.fromhex(_digest(keyring, nonce, on.hex())) if on else b""
    return limits.spend(nonce, LIFETIME_SECONDS, on=spent_on)


def _answered(keyring: Keyring, token: str, typed: str) -> bytes | None:
    """Return the nonce of a question that is answered; case, space and marks do not matter."""
    try:
        claims = _serializer(keyring).loads(token, max_age=LIFETIME_SECONDS)
    except (BadData, UnicodeError):
        return None
    nonce = bytes.fromhex(claims["nonce"])
    word = re.sub("[^a-z]", "", typed[:LONGEST_TYPED].casefold())
    is_right = hmac.compare_digest(claims["answer"], _digest(keyring, nonce, word))
    return nonce if is_right else None


def _proof_of_work(keyring: Keyring, nonce: bytes) -> str:
    challenge = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=_random.randint(FEWEST_KEYS, MOST_KEYS),
        expires_at=clock.now() + timedelta(seconds=LIFETIME_SECONDS),
        data={"nonce": nonce.hex()},
        hmac_secret=_altcha_key(keyring),
    )
    return json.dumps(challenge.to_dict(), separators=(",", ":"))


def _worked_out(keyring: Keyring, payload: str) -> bytes | None:
    """Return the nonce of a proof of work that is done, as ALTCHA's widget would send it."""
    if not payload or len(payload) > LONGEST_PAYLOAD:
        return None
    if not altcha.verify_solution(payload, _altcha_key(keyring)).verified:
        return None
    data = altcha.Payload.from_base64(payload).challenge.parameters.data or {}
    return bytes.fromhex(data["nonce"])


def _digest(keyring: Keyring, nonce: bytes, text: str) -> str:
    message = b"slow-lane:" + nonce + text.encode("ascii")
    return hmac.digest(keyring.key("ask-token"), message, "sha256").hex()


def _altcha_key(keyring: Keyring) -> bytes:
    return hmac.digest(keyring.key("ask-token"), b"altcha", "sha256")


def _serializer(keyring: Keyring) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        keyring.key("ask-token"), salt="slow-lane", signer_kwargs={"digest_method": hashlib.sha256}
    )
