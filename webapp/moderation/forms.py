"""The forms of a question's page."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from webapp.feeds.oembed import find_slug
from webapp.moderation import labels
from webapp.moderation.names import LANE_NAMES
from webapp.moderation.workflow import DECISIONS
from webapp.questions.forms import normalise
from webapp.storage import current_settings

LONGEST_TEXT = 20_000
LONGEST_KIND_WORD = 1_000
LONGEST_ASKED_BACK = 1_000
LONGEST_NOTE = 4_000
LONGEST_PRONUNCIATION = 1_000
LONGEST_LABELS = 600
LONGEST_ADDRESS = 8_000  # with a page's rows pinned in it
NO_VERSION = "The page did not say which version it showed. Open it again."
NO_DAY = "Write the day as year, month and day, such as 2026-03-09."
NOT_CONFIRMED = "Nothing is erased yet: press the button below if it is to be."
NOTHING_WRITTEN = "Write what the others should know."

_BACK = re.compile(r"/desk/[\w/?&=#.~%+:!$'()*,;-]*")


def version_field() -> IntegerField:
    """Return the hidden field that says which version a page showed."""
    in_range = NumberRange(0, 2**31 - 1, message=NO_VERSION)
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(NO_VERSION), in_range])


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Keep it to {length:,} characters.")


def _desk_address(address: str | None) -> str:
    """Return an address if it is one of the desk's, else nothing."""
    fits = address and len(address) <= LONGEST_ADDRESS and _BACK.fullmatch(address)
    return address if address and fits else ""


def _text(label: str, longest: int) -> TextAreaField:
    return TextAreaField(label, filters=[normalise], validators=[_at_most(longest)])


def _slug(typed: str | None) -> str:
    """Return the slug of the episode whose address was typed, or else what was typed."""
    text = (typed or "").strip()
    here = f"{current_settings().site_url.rstrip('/')}{text}" if text.startswith("/") else text
    return find_slug(here, current_settings().origins) or text


class DeskForm(FlaskForm):
    """What all forms of the desk have: a token, and the page to go back to."""

    back = HiddenField(filters=[_desk_address])

    @property
    def is_stale(self) -> bool:
        """Return whether the form's token no longer holds."""
        return bool(self.csrf_token.errors)


class VersionForm(DeskForm):
    """A form on something as it stood at `version`."""

    version = version_field()


class DecideForm(VersionForm):
    """One decision on one question."""

    decision = StringField(validators=[InputRequired("Choose what to do with it.")])
    reason = SelectField("Reason", validate_choice=False)
    kind_word = _text("A kind word for the asker", LONGEST_KIND_WORD)
    episode = StringField("Answered by", filters=[normalise, _slug])
    note = _text("Private note", LONGEST_NOTE)

    def validate_decision(self, field: StringField) -> None:
        """Refuse a decision that the desk does not have."""
        if field.data not in DECISIONS:
            raise ValidationError("Choose what to do with it.")

    def validate_reason(self, field: SelectField) -> None:
        """Ask for a reason when declining: the asker will read it."""
        if self.decision.data == "decline" and field.data not in dict(field.choices):
            raise ValidationError("Choose a reason: the asker will read it.")

    def validate_episode(self, field: SelectField) -> None:
        """Ask for the episode that answers it."""
        if self.decision.data == "answer" and not field.data:
            raise ValidationError("Name the episode that answers it.")


class _ChecksForm(VersionForm):
    """A form with the checklist, of which each point is a box."""

    checks = SelectMultipleField("Checklist", validate_choice=False)


class TextsForm(_ChecksForm):
    """The edited versions beside the original; `take_over`: although somebody else holds it."""

    air_text = _text("Air text", LONGEST_TEXT)
    web_text = _text("Web text", LONGEST_TEXT)
    pronunciation = _text("How to say it", LONGEST_PRONUNCIATION)
    take_over = BooleanField()


class ReadyForm(_ChecksForm):
    """The checklist that makes a question ready."""


class AskBackForm(VersionForm):
    """The one thing that the show asks of the asker."""

    words = _text("Ask the asker one thing", LONGEST_ASKED_BACK)

    def validate_words(self, field: TextAreaField) -> None:
        """Ask for something to ask."""
        if not field.data.strip():
            raise ValidationError("Write what you want to know.")


class NoteForm(DeskForm):
    """A private note; notes pile up, so it matters to none of them how the question stood."""

    text = _text("Private note", LONGEST_NOTE)

    def validate_text(self, field: TextAreaField) -> None:
        """Ask for something to note."""
        if not field.data.strip():
            raise ValidationError(NOTHING_WRITTEN)


class EraseForm(VersionForm):
    """A question that is to be erased for good, and that this is meant."""

    confirm = StringField(validators=[AnyOf(["yes"], message=NOT_CONFIRMED)])


class SnoozeForm(VersionForm):
    """The day on which a question comes back; none wakes it."""

    until = StringField("Until", filters=[normalise])

    def validate_until(self, _field: StringField) -> None:
        """Refuse what is no day."""
        try:
            self.day  # noqa: B018 - reads it
        except ValueError:
            raise ValidationError(NO_DAY) from None

    @property
    def day(self) -> date | None:
        """Return the day, None where none is given. Raises ValueError."""
        typed = (self.until.data or "").strip()
        return date.fromisoformat(typed) if typed else None


class LaneForm(VersionForm):
    """Another lane for a question, and why."""

    lane = SelectField("Lane", validate_choice=False)
    note = _text("Private note", LONGEST_NOTE)

    def validate_lane(self, field: SelectField) -> None:
        """Refuse a lane that there is not."""
        if field.data not in LANE_NAMES:
            raise ValidationError("Choose a lane.")


class TagsForm(VersionForm):
    """A question's topics and labels; of labels, commas divide them."""

    topics = SelectMultipleField("Topics", validate_choice=False)
    labels = StringField("Labels", filters=[normalise], validators=[_at_most(LONGEST_LABELS)])

    def validate_labels(self, _field: StringField) -> None:
        """Refuse too many labels, and one that is too long."""
        if why := labels.refusal(self.names):
            raise ValidationError(why)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the labels, each once."""
        return labels.read_names(self.labels.data or "")


class UndoForm(DeskForm):
    """Which act to take back, or which batch of them."""

    history = StringField()
    batch = StringField()

    @property
    def act_id(self) -> UUID | None:
        """Return the act's id, or None where there is none."""
        return read_id(self.history.data)

    @property
    def batch_id(self) -> UUID | None:
        """Return the batch's id, or None where there is none."""
        return read_id(self.batch.data)


def read_id(typed: Any) -> UUID | None:
    """Return an id as a form sends it, or None for what is none."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None
