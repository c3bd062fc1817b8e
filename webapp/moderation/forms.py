"""The desk's forms."""

import re
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from webapp.moderation.workflow import DECISIONS
from webapp.questions.forms import normalise
from webapp.questions.reasons import DESK_CHOICES

LONGEST_TEXT = 20_000
LONGEST_KIND_WORD = 1_000
LONGEST_ASKED_BACK = 1_000
NO_VERSION = "The page did not say which version it showed. Open the question again."

_BACK = re.compile(r"/desk/questions[\w/?&=#.~%+:!$'()*,;-]*")


def _version() -> IntegerField:
    in_range = NumberRange(0, 2**31 - 1, message=NO_VERSION)
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(NO_VERSION), in_range])


def _at_most(length: int) -> Length:
    return Length(max=length, message=f"Keep it to {length:,} characters.")


def _desk_address(address: str | None) -> str:
    """Return an address if it is one of the desk's questions, else nothing."""
    return address if address and _BACK.fullmatch(address) else ""


class DeskForm(FlaskForm):
    """What all forms of the desk have: a token, and the page to go back to."""

    back = HiddenField(filters=[_desk_address])

    @property
    def is_stale(self) -> bool:
        """Return whether the form's token no longer holds."""
        return bool(self.csrf_token.errors)


class DecideForm(DeskForm):
    """One decision on one question, as it stood at `version`."""

    version = _version()
    decision = StringField(validators=[InputRequired("Choose what to do with it.")])
    reason = SelectField("Reason", validate_choice=False)
    kind_word = TextAreaField(
        "A kind word for the asker", filters=[normalise], validators=[_at_most(LONGEST_KIND_WORD)]
    )
    episode = SelectField("Answered by", filters=[normalise], validate_choice=False)

    def validate_decision(self, field: StringField) -> None:
        """Refuse a decision that the desk does not have."""
        if field.data not in DECISIONS:
            raise ValidationError("Choose what to do with it.")

    def validate_reason(self, field: SelectField) -> None:
        """Ask for a reason when declining: the asker will read it."""
        if self.decision.data == "decline" and field.data not in dict(DESK_CHOICES):
            raise ValidationError("Choose a reason: the asker will read it.")

    def validate_episode(self, field: SelectField) -> None:
        """Ask for the episode that answers it."""
        if self.decision.data == "answer" and not field.data:
            raise ValidationError("Choose the episode that answers it.")


class TextsForm(DeskForm):
    """The edited versions beside the original."""

    version = _version()
    air_text = TextAreaField("Air text", filters=[normalise], validators=[_at_most(LONGEST_TEXT)])
    web_text = TextAreaField("Web text", filters=[normalise], validators=[_at_most(LONGEST_TEXT)])


class AskBackForm(DeskForm):
    """The one thing that the show asks of the asker."""

    version = _version()
    words = TextAreaField(
        "Ask the asker one thing", filters=[normalise], validators=[_at_most(LONGEST_ASKED_BACK)]
    )

    def validate_words(self, field: TextAreaField) -> None:
        """Ask for something to ask."""
        if not field.data.strip():
            raise ValidationError("Write what you want to know.")


class UndoForm(DeskForm):
    """Which act to take back."""

    history = StringField()

    @property
    def event_id(self) -> UUID | None:
        """Return the act's id, or None where there is none."""
        try:
            return UUID(self.history.data or "")
        except ValueError:
            return None
