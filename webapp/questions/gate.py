"""Who goes straight through, and who takes the slow lane. Nobody is turned away for good.

A network that has asked for a lot, a site that is flooded, and a browser that does not say where
it comes from are each asked one small question. Who answers it goes through, whatever the counts.
"""

from dataclasses import dataclass
from typing import Literal

from flask import Response, request

from webapp.questions import slow_lane, tokens
from webapp.questions.slow_lane import Challenge
from webapp.storage import current_keyring
from webapp.web.client import current_network
from webapp.web.headers import let_work
from webapp.web.limits import Kind, current_limits
from webapp.web.origin import says_where_from

Answer = tuple[tuple[str, str], ...]
Why = Literal["", "network", "site", "unproven", "wrong"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a request may go on; if not, why, and the seconds until it could without an answer.

    `wait` is 0 where waiting would not help. `answer` are the fields that opened it, for a page
    that is shown once more: what was answered on a question's token holds for all of it.
    """

    why: Why = ""
    wait: int = 0
    answer: Answer = ()

    @property
    def is_open(self) -> bool:
        """Return whether the request may go on at once."""
        return not self.why


OPEN = Gate()


def at_asking(kind: Kind, *, on: bytes = b"") -> Gate:
    """Count a request and return whether it may go on, by the counts or by its answer.

    `on` is what an answer is good for again and again, such as the nonce of one question.
    """
    standing = current_limits().hit(kind, current_network())
    gate = Gate("network", standing.wait) if standing.is_over else OPEN
    return _unless_answered(gate, on)


def at_sending(nonce: bytes) -> Gate:
    """Count a sending and return whether it may be stored.

    The same sending again passes if the first did: a double click, or many at once, are one.
    """
    limits = current_limits()
    if limits.is_admitted(nonce):
        return OPEN
    standing = limits.hit("send", current_network())
    gate = Gate("network", standing.wait) if standing.is_over else _for_anybody()
    if not gate.is_open and limits.is_admitted(nonce):
        return OPEN
    gate = _unless_answered(gate, nonce)
    if gate.is_open:
        limits.admit(nonce, tokens.LIFETIME_SECONDS)
    return gate


def before_sending(nonce: bytes = b"") -> Gate:
    """Return what a sending would meet, so that the check page can ask beforehand."""
    standing = current_limits().standing("send", current_network())
    gate = Gate("network", standing.wait) if standing.is_over else _for_anybody()
    return _unless_answered(gate, nonce) if nonce else gate


def count_accepted() -> None:
    """Count a question that has been stored."""
    current_limits().count_sent(current_network())


def is_flood() -> bool:
    """Return whether far too many questions come from this network, or from everywhere."""
    limits = current_limits()
    return limits.site() == "quarantine" or limits.is_flooding(current_network())


def challenge_of(gate: Gate) -> Challenge | None:
    """Return what a page must carry to let a request through."""
    return None if gate.is_open else slow_lane.fresh(current_keyring())


def slowed(response: Response, gate: Gate) -> Response:
    """Return a page with a challenge as the answer to who is held up (429, RFC 6585)."""
    response.status_code = 429
    response.headers["Retry-After"] = str(max(1, gate.wait))
    return let_work(response)


def _for_anybody() -> Gate:
    limits = current_limits()
    if limits.site() != "open":
        return Gate("site", limits.site_wait())
    return OPEN if says_where_from(request) else Gate("unproven")


def _unless_answered(gate: Gate, on: bytes) -> Gate:
    if gate.is_open:
        return gate
    fields = request.form
    given = tuple((name, fields[name]) for name in slow_lane.FIELDS if fields.get(name))
    if slow_lane.is_solved(current_keyring(), current_limits(), fields, on=on):
        return Gate(answer=given)
    tried = {"slow_answer", "altcha"} & dict(given).keys()
    return Gate("wrong", gate.wait) if tried else gate
