"""The forms with which the queue under some filters gets a name, and loses it again."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from webapp.moderation.forms import DeskForm
from webapp.moderation.saved_views import LONGEST_NAME
from webapp.questions.forms import normalise


def _one_line(text: str | None) -> str:
    return " ".join(normalise(text).split())


class SaveViewForm(DeskForm):
    """A name for the filters that the same form carries as the queue's address does."""

    name = StringField(
        "What to call it",
        filters=[_one_line],
        validators=[
            InputRequired("Give the view a name."),
            Length(max=LONGEST_NAME, message=f"Keep the name to {LONGEST_NAME} characters."),
        ],
    )
    for_everybody = BooleanField("For everybody")


class DropViewForm(DeskForm):
    """Which view is meant, its address says."""
