"""Telling staff outside of the desk what waits, at fixed hours: counts and a link, never a word.

Never when something arrives, since the moment of a mail would say when somebody wrote. Each hour
is looked at once, whether there is anything to tell then or not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, storage
from webapp.episodes.models import Show
from webapp.moderation import digests
from webapp.moderation.choices import find_choices, list_mailed
from webapp.operations import mailing, webhooks
from webapp.operations.sending import Never
from webapp.settings import Settings
from webapp.staff.models import User
from webapp.storage import settings_of, take_turn
from webapp.storage.outbox import OutboxMessage, put

TYPE = "desk.digest"
UNREADABLE = "What it says cannot be read."
NO_SERVER = "POSTBAG_SMTP_URL is not set any more."
NO_HOOK = "POSTBAG_WEBHOOK_URL is not set any more."
TEXT = """{waiting}.

{url}

This is sent at fixed hours, and has figures only: what came today counts from tomorrow on, in the
urgent lane too. Choose on the desk, under Notifications, whether you want it.
"""


def tell_when_due(_today: date) -> Iterator[Mapping[str, int]]:
    """Make the digest of the last hour at which staff are told, unless that has been done."""
    settings = storage.current_settings()
    slot = find_slot(clock.now(), settings.notify_hours, _zone(storage.read()))
    if slot is not None and not _is_made(storage.read(), slot):
        storage.write(make_digest, slot=slot)
        yield {"digests": 1}


def find_slot(now: datetime, hours: Iterable[int], zone: ZoneInfo) -> str | None:
    """Return the day and hour of the last of `hours` that has struck in a zone, or None.

    An hour that clocks leave out strikes when they have been put forth, with the one that does
    so anyway; of one that they have twice the first counts.
    """
    today = now.astimezone(zone).date()
    struck = (
        (datetime.combine(day, time(hour), zone), f"{day}:{hour:02}")
        for day in (today - timedelta(days=1), today)
        for hour in hours
    )
    past = [(moment.timestamp(), name) for moment, name in struck if moment <= now]
    return max(past)[1] if past else None


def make_digest(session: Session, *, slot: str) -> UUID | None:
    """Put the digest of an hour into the outbox, and return its id; None if it is there.

    One that has nothing to tell is kept as well, so that what comes later waits for its hour.
    """
    take_turn(session)
    if _is_made(session, slot):
        return None
    waiting = digests.count_waiting(session)
    is_told = digests.is_news(session, waiting, before=digests.find_last_digest(session))
    payload = digests.as_figures(waiting) | {"is_told": is_told}
    return put(session, kind=digests.KIND, key=_key(slot), payload=payload)


def spread(session: Session, message: OutboxMessage) -> bool:
    """Put in a mail for everybody who wants one, and a webhook, for a digest with news."""
    settings, figures = settings_of(session), _figures(message)
    if not message.payload.get("is_told"):
        return True
    told = figures | {"at": message.due_at.isoformat()}
    for staff_id in list_mailed(session) if settings.smtp_url else ():
        key = f"mail:{message.key}:{staff_id}"
        put(session, kind="mail", key=key, payload=told | {"staff_id": staff_id})
    if settings.webhook_url:
        put(session, kind="webhook", key=f"webhook:{message.key}", payload=told)
    return True


def mail(session: Session, message: OutboxMessage) -> Callable[[], None] | None:
    """Return how a mail is sent; None if whoever was to get it wants none any more."""
    settings = settings_of(session)
    if settings.smtp_url is None:
        raise Never(NO_SERVER)
    waiting, at = digests.of_figures(_figures(message)), _moment(message)
    user = session.get(User, message.payload.get("staff_id"))
    if user is None or not user.active or not find_choices(session, user.id).mail:
        return None
    show = session.scalar(select(Show.name)) or "Postbag"
    words = digests.in_words(waiting)
    letter = mailing.Letter(
        id=str(message.id),
        to=user.email,
        sender=settings.mail_from,
        sender_name=f"The desk of {show}",
        subject=f"{show}: {words}",
        text=TEXT.format(waiting=words[:1].upper() + words[1:], url=desk_address(settings)),
        at=at,
        site=urlsplit(settings.site_url).hostname or "localhost",
    )
    server = mailing.read_mail_server(settings.smtp_url.get_secret_value())
    return lambda: mailing.send(server, letter)


def webhook(session: Session, message: OutboxMessage) -> Callable[[], None]:
    """Return how a webhook is posted."""
    settings = settings_of(session)
    if settings.webhook_url is None or settings.webhook_secret is None:
        raise Never(NO_HOOK)
    waiting = digests.of_figures(_figures(message))
    data: dict[str, Any] = digests.as_figures(waiting)
    body = webhooks.as_body(TYPE, _moment(message), data | {"url": desk_address(settings)})
    hook = webhooks.Hook(
        settings.webhook_url.get_secret_value(), settings.webhook_secret.get_secret_value()
    )
    message_id, now = str(message.id), clock.now()
    return lambda: webhooks.post(hook, message_id=message_id, body=body, now=now)


def desk_address(settings: Settings) -> str:
    """Return the address of the questions at the desk."""
    return f"{settings.desk_address}/desk/questions"


def _figures(message: OutboxMessage) -> dict[str, int]:
    """Return the figures of a message. Raises Never where it has none."""
    try:
        return digests.as_figures(digests.of_figures(message.payload))
    except (TypeError, ValueError, AttributeError):
        raise Never(UNREADABLE) from None


def _moment(message: OutboxMessage) -> datetime:
    try:
        return datetime.fromisoformat(message.payload["at"])
    except (KeyError, TypeError, ValueError):
        raise Never(UNREADABLE) from None


def _zone(session: Session) -> ZoneInfo:
    """Return the show's time zone, or UTC where there is no show yet."""
    return ZoneInfo(session.scalar(select(Show.timezone)) or "UTC")


def _is_made(session: Session, slot: str) -> bool:
    made = select(OutboxMessage.id).where(OutboxMessage.key == _key(slot))
    return session.scalars(made).first() is not None


def _key(slot: str) -> str:
    return f"{digests.KIND}:{slot}"
