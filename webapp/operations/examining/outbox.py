"""Whether what is to be carried out is, and reaches whoever it is for."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.moderation.answering import SETTLE
from webapp.moderation.digests import given_up
from webapp.moderation.settling import count_left_behind
from webapp.operations.examining.findings import Finding, counted
from webapp.settings import Settings
from webapp.storage.outbox import OutboxMessage

LONG = timedelta(hours=1)


def examine_outbox(session: Session) -> Iterator[Finding]:
    """Find messages that were given up, and those that wait for longer than they should."""
    why = select(OutboxMessage.kind, OutboxMessage.trouble, func.count())
    gone = why.where(given_up()).group_by(OutboxMessage.kind, OutboxMessage.trouble)
    for kind, trouble, count in session.execute(gone.order_by(OutboxMessage.kind)):
        yield Finding(
            f"Given up in the last 30 days: {counted(count, 'message')} of the kind “{kind}”. "
            f"{trouble} Once that is mended, an owner can have them tried again, on the desk "
            "under Notifications."
        )
    failing = why.where(OutboxMessage.done_at.is_(None), OutboxMessage.trouble != "")
    failing = failing.group_by(OutboxMessage.kind, OutboxMessage.trouble)
    for kind, trouble, count in session.execute(failing.order_by(OutboxMessage.kind)):
        yield Finding(
            f"Not delivered yet: {counted(count, 'message')} of the kind “{kind}”. {trouble} "
            "Each is tried again, for five days."
        )
    untouched = select(func.count()).where(
        OutboxMessage.done_at.is_(None),
        OutboxMessage.trouble == "",
        OutboxMessage.due_at < clock.now() - LONG,
    )
    if late := session.scalar(untouched):
        yield Finding(
            f"{counted(late, 'message')} in the outbox should have been carried out more than an "
            "hour ago. `postbag worker`, or `postbag serve` without `--no-worker`, does that: see "
            "that it runs."
        )


def examine_answers(session: Session) -> Iterator[Finding]:
    """Find questions whose episode is out, and which it could not answer."""
    to_do = select(OutboxMessage.id).where(
        OutboxMessage.kind == SETTLE, OutboxMessage.done_at.is_(None)
    )
    if session.scalar(to_do.where(OutboxMessage.due_at <= clock.now()).limit(1)):
        return
    if count := count_left_behind(session):
        yield Finding(
            f"{counted(count, 'question')} should have been answered by an episode that is out, "
            "and could not be: the desk shows them with that episode, and what stands in the way."
        )


def examine_webhook(settings: Settings) -> Iterator[Finding]:
    """Find whether what is posted to staff can be read on its way."""
    if settings.webhook_url is None:
        return
    parts = urlsplit(settings.webhook_url.get_secret_value())
    if parts.scheme == "http" and "." in (parts.hostname or "") and settings.is_public:
        yield Finding(
            "POSTBAG_WEBHOOK_URL begins with http: who sees it pass on its way can read how much "
            "waits at the desk. Write https if its receiver is on another network.",
            is_advice=True,
        )
