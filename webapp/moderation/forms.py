"""The desk's forms."""

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from webapp.moderation.workflow import MOVES
from webapp.questions.forms import normalise
from webapp.questions.reasons import DESK_CHOICES

LONGEST_TEXT = 20_000
LONGEST_KIND_WORD = 1_000


class DecideForm(FlaskForm):
    """One decision on one question, as it stood at `version`."""

    version = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired("The page did not say which version it showed.")],
    )
    move = StringField(validators=[InputRequired("Choose what to do with it.")])
    reason = SelectField("Reason", validate_choice=False)
    kind_word = TextAreaField(
        "A kind word for the asker",
        filters=[normalise],
        validators=[
            Length(
                max=LONGEST_KIND_WORD, message=f"Keep it under {LONGEST_KIND_WORD:,} characters."
            )
        ],
    )
    episode = SelectField("Answered by", validate_choice=False)
    back = HiddenField()

    def validate_move(self, field: StringField) -> None:
        """Refuse a move that the desk does not have."""
        if field.data not in MOVES:
            raise ValidationError("Choose what to do with it.")

    def validate_reason(self, field: SelectField) -> None:
        """Ask for a reason when declining: the asker will read it."""
        if self.move.data == "decline" and field.data not in dict(DESK_CHOICES):
            raise ValidationError("Choose a reason: the asker will read it.")

    def validate_episode(self, field: SelectField) -> None:
        """Ask for the episode that answers it."""
        if self.move.data == "answer" and not field.data:
            raise ValidationError("Choose the episode that answers it.")


class TextsForm(FlaskForm):
    """The edited versions beside the original."""

    version = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired("The page did not say which version it showed.")],
    )
    air_text = TextAreaField(
        "Air text",
        filters=[normalise],
        validators=[
            Length(max=LONGEST_TEXT, message=f"Keep it under {LONGEST_TEXT:,} characters.")
        ],
    )
    web_text = TextAreaField(
        "Web text",
        filters=[normalise],
        validators=[
            Length(max=LONGEST_TEXT, message=f"Keep it under {LONGEST_TEXT:,} characters.")
        ],
    )


class UndoForm(FlaskForm):
    """Which act to take back."""

    history = IntegerField(validators=[InputRequired("There is nothing to undo.")])
    back = HiddenField()
