"""The forms with which owners edit the reasons for declining."""

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from webapp.moderation.forms import DeskForm
from webapp.questions.forms import normalise

LONGEST_NAME = 60
LONGEST_WORDS = 500


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


class AddReasonForm(DeskForm):
    """A reason: what the desk calls it, and what the asker reads."""

    name = StringField(
        "What the desk calls it",
        filters=[_line],
        validators=[
            DataRequired("Write what the desk calls it."),
            Length(max=LONGEST_NAME, message=f"Keep it to {LONGEST_NAME} characters."),
        ],
    )
    asker_words = TextAreaField(
        "What the asker reads",
        filters=[normalise],
        validators=[
            DataRequired("Write what the asker reads."),
            Length(max=LONGEST_WORDS, message=f"Keep it to {LONGEST_WORDS} characters."),
        ],
    )


class ReasonForm(AddReasonForm):
    """A reason that there is, as it stood under `mark`."""

    mark = HiddenField()
    is_offered = BooleanField("Offered at the desk")


class MoveReasonForm(DeskForm):
    """One place up or down."""

    to = StringField(validators=[AnyOf(("up", "down"))])
