"""The forms of rundowns and of the prompter."""

from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from webapp.moderation.forms import (
    LONGEST_PRONUNCIATION,
    NO_DAY,
    DeskForm,
    VersionForm,
    read_id,
    version_field,
)
from webapp.moderation.rundowns.reading import read_time_code
from webapp.questions.forms import normalise

LONGEST_TITLE = 120
SLOWEST, FASTEST = 60, 300  # words per minute
PACE = f"Write the pace as a number from {SLOWEST} to {FASTEST}."
NO_QUESTION = "The page did not say which question it meant. Open it again."
STEPS = ("up", "down", "top")


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


class DayField(DateField):
    """A day that says in words of the house when it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NO_DAY) from None


class PaceField(IntegerField):
    """Words per minute; what is no number is said once."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed. Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(PACE) from None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - as WTForms calls it
        """Ask nothing more of what could not be read."""
        if self.process_errors:
            raise StopValidation


class MakeForm(DeskForm):
    """A rundown's title, its recording day if there is one, and the host's pace."""

    title = StringField(
        "Title",
        filters=[_trim],
        validators=[
            DataRequired("Give the rundown a title."),
            Length(max=LONGEST_TITLE, message=f"Keep it to {LONGEST_TITLE} characters."),
        ],
    )
    recording_on = DayField("Recording day", validators=[Optional()])
    pace = PaceField(
        "The host's pace, in words per minute",
        validators=[InputRequired(PACE), NumberRange(SLOWEST, FASTEST, message=PACE)],
    )


class ChangeForm(MakeForm):
    """The same, of a rundown as it stood at `version`."""

    version = version_field()


class CloseForm(VersionForm):
    """Closing a rundown; `clear` makes what was not recorded ready again."""

    clear = BooleanField()


class PlaceForm(VersionForm):
    """Which question goes into a rundown."""

    question = StringField(validators=[InputRequired(NO_QUESTION)])

    def validate_question(self, field: StringField) -> None:
        """Refuse what names no question."""
        try:
            UUID(field.data)
        except ValueError:
            raise ValidationError(NO_QUESTION) from None

    @property
    def question_id(self) -> UUID:
        """Return the question that is meant, of a form that is valid."""
        return UUID(self.question.data)


class OrderForm(VersionForm):
    """An order of a rundown's questions, and one step of one of them: "up <id>" and the like."""

    step = StringField()

    def wanted(self, order: list[str]) -> list[UUID]:
        """Return an order as the page sent it, after the step; what names nothing is left out."""
        ids = [found for found in map(read_id, order) if found]
        direction, _, name = (self.step.data or "").partition(" ")
        moved = read_id(name)
        if moved not in ids or direction not in STEPS:
            return ids
        at = ids.index(moved)
        ids.remove(moved)
        ids.insert({"up": max(0, at - 1), "down": at + 1, "top": 0}[direction], moved)
        return ids


class PronunciationForm(VersionForm):
    """How names and words of a question are said."""

    words = TextAreaField(
        "How to say it",
        filters=[normalise],
        validators=[
            Length(
                max=LONGEST_PRONUNCIATION,
                message=f"Keep it to {LONGEST_PRONUNCIATION:,} characters.",
            )
        ],
    )


class RecordedForm(VersionForm):
    """That a question has been recorded, and where in the recording."""

    time_code = StringField("Time code")

    def validate_time_code(self, field: StringField) -> None:
        """Refuse what is no time code."""
        try:
            read_time_code(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
