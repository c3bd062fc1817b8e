"""What the log is narrowed by, and how it is exported."""

import re
from datetime import date
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import AnyOf

from webapp.moderation.log.exporting import FORMATS
from webapp.moderation.log.queries import Wanted

NO_ID = "An id has at least eight of the characters 0 to 9 and a to f. Copy it from the log."
NO_BATCH = "That link to what was done in one go is cut off. Follow it in the log again."
NO_DAY = "Write the day as year, month and day: 2026-03-31."
BACKWARDS = "The last day is before the first."

_ID = re.compile(r"[0-9a-f-]{8,36}|[0-9]{1,9}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,35}")
_NAMED = ("rule", "show")  # what has names for ids: a rule's, or which part of the show


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()  # PostgreSQL compares no text with a NUL in it


def _folded(text: str | None) -> str:
    return _stripped(text).lower()


def _is_day(_form: FlaskForm, field: StringField) -> None:
    if field.data and _day(field.data) is None:
        raise ValidationError(NO_DAY)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


class LogForm(FlaskForm):
    """What the log is narrowed by; it comes with the address, so it has no token."""

    class Meta:
        """Reading takes no token."""

        csrf = False

    actor = StringField("Who", filters=[_stripped])
    action = StringField("Did what", filters=[_stripped])
    subject = StringField("To what", filters=[_stripped])
    subject_id = StringField("Its id", filters=[_folded])
    since = StringField("From", filters=[_stripped], validators=[_is_day])
    until = StringField("To", filters=[_stripped], validators=[_is_day])
    batch = HiddenField(filters=[_stripped])

    def validate_subject_id(self, field: StringField) -> None:
        """Refuse what is no id."""
        named = self.subject.data in _NAMED and _NAME.fullmatch(field.data)
        if field.data and not named and not _ID.fullmatch(field.data):
            raise ValidationError(NO_ID)

    def validate_until(self, field: StringField) -> None:
        """Refuse a last day before the first."""
        first, last = _day(self.since.data), _day(field.data)
        if first and last and last < first:
            raise ValidationError(BACKWARDS)

    def validate_batch(self, field: HiddenField) -> None:
        """Refuse what names no batch."""
        try:
            UUID(field.data or str(UUID(int=0)))
        except ValueError:
            raise ValidationError(NO_BATCH) from None

    def wanted(self) -> Wanted:
        """Return what a form that was found right asks for."""
        return Wanted(
            actor=self.actor.data,
            action=self.action.data,
            subject=self.subject.data,
            subject_id=self.subject_id.data,
            since=_day(self.since.data),
            until=_day(self.until.data),
            batch=UUID(self.batch.data) if self.batch.data else None,
        )


class ExportForm(LogForm):
    """What is exported, and as what; it is noted in the log, so it has a token."""

    class Meta:
        """Whoever exports leaves a trace, so nobody may do it in another's name."""

        csrf = True

    format = StringField("As", validators=[AnyOf(FORMATS, message="Choose CSV or JSON.")])

    @property
    def is_stale(self) -> bool:
        """Return whether the form's token no longer holds."""
        return bool(self.csrf_token.errors)
