"""The forms of the studio."""

from datetime import datetime

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length

from webapp.moderation.forms import DeskForm, VersionForm
from webapp.questions.forms import LONGEST_SIGN_OFF, normalise

LONGEST_TITLE = 300
NO_TITLE = "Write a title: its address is made of it."
NO_SEASON = "Choose a season."
NO_EPISODE = "Choose an episode."
NO_WAY = "Choose whether it goes out now or later."
WAYS = ("now", "at")


def _one_line(text: str | None) -> str:
    return " ".join(normalise(text).split())


class StartForm(VersionForm):
    """A draft that is started from a question."""

    title = StringField(
        "Title",
        filters=[_one_line],
        validators=[Length(max=LONGEST_TITLE, message="Keep it to 300 characters.")],
    )
    season = SelectField("Season", coerce=str, validate_choice=False)

    def validate_title(self, field: StringField) -> None:
        """Ask for a title."""
        if not field.data:
            raise ValidationError(NO_TITLE)

    def validate_season(self, field: SelectField) -> None:
        """Ask for one of the seasons."""
        if field.data not in dict(field.choices):
            raise ValidationError(NO_SEASON)


class NameForm(VersionForm):
    """Which episode will answer a question; none at all where it is empty."""

    episode = SelectField("Episode", coerce=str, validate_choice=False)

    def validate_episode(self, field: SelectField) -> None:
        """Ask for one of the episodes."""
        if field.data not in dict(field.choices):
            raise ValidationError(NO_EPISODE)

    @property
    def episode_id(self) -> int | None:
        """Return the id of the episode that was chosen, or None."""
        return int(self.episode.data) if self.episode.data else None


class MomentForm(DeskForm):
    """An episode as it was looked at: out from `seen` on (ISO 8601), or a draft."""

    seen = HiddenField()

    @property
    def seen_moment(self) -> datetime | None:
        """Return the moment that the page showed; None for a draft, and for what is no moment."""
        try:
            moment = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else None


class PublishForm(MomentForm):
    """When an episode is to be out, on the show's clock."""

    asked = HiddenField()
    when = StringField(filters=[normalise])
    at = StringField("Day and time", filters=[_one_line])
    which = RadioField("Which of the two", choices=["first", "second"], validate_choice=False)
    sign_off = StringField(
        "Sign-off",
        filters=[_one_line],
        validators=[
            Length(max=LONGEST_SIGN_OFF, message=f"Keep it to {LONGEST_SIGN_OFF} characters.")
        ],
    )
    unwritten = BooleanField("Publish it without a written answer")

    @property
    def chosen_sign_off(self) -> str | None:
        """Return the sign-off that was typed, None where the page asked for none."""
        return self.sign_off.data if self.sign_off.raw_data else None

    def validate_when(self, field: StringField) -> None:
        """Ask for one of the two ways."""
        if field.data not in WAYS:
            raise ValidationError(NO_WAY)
