"""The forms of the studio."""

from datetime import datetime

from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from webapp.moderation.forms import DeskForm, VersionForm
from webapp.questions.forms import LONGEST_SIGN_OFF, normalise
from webapp.studio.correcting import LONGEST_CORRECTION
from webapp.studio.preview_links import DAYS
from webapp.studio.unsaved import LAST_TURN

LONGEST_TITLE = 300
NO_TITLE = "Write a title: its address is made of it."
NO_SEASON = "Choose a season."
NO_EPISODE = "Choose an episode."
NO_WAY = "Choose whether it goes out now or later."
NO_TEXT = "Write what it said before, and what is right."
NO_PART = "Choose a part, or the whole."
NO_DAYS = "Choose how long the link holds."
NOT_SEEN = "The page did not say which version it showed. Open it again."
WAYS = ("now", "at", "again")


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
    although = SelectMultipleField("Publish it all the same", validate_choice=False)

    @property
    def chosen_sign_off(self) -> str | None:
        """Return the sign-off that was typed, None where the page asked for none."""
        return self.sign_off.data if self.sign_off.raw_data else None

    def validate_when(self, field: StringField) -> None:
        """Ask for one of the two ways."""
        if field.data not in WAYS:
            raise ValidationError(NO_WAY)


class CorrectForm(DeskForm):
    """What was changed after publishing, and in which part; the whole where it is empty."""

    part = SelectField("Where", coerce=str, validate_choice=False)
    text = TextAreaField(
        "What it said before, and what is right",
        filters=[normalise],
        validators=[
            Length(max=LONGEST_CORRECTION, message=f"Keep it to {LONGEST_CORRECTION:,} characters.")
        ],
    )

    def validate_part(self, field: SelectField) -> None:
        """Ask for one of the parts, or the whole."""
        if field.data not in dict(field.choices):
            raise ValidationError(NO_PART)

    def validate_text(self, field: TextAreaField) -> None:
        """Ask for words."""
        if not field.data.strip():
            raise ValidationError(NO_TEXT)


class TabForm(DeskForm):
    """A form in a tab that keeps what is typed, as it was `opened`: by the turn of what was kept.

    `turn` is that of what the tab has sent last by itself.
    """

    tab = HiddenField()
    opened = IntegerField(validators=[Optional(), NumberRange(0, LAST_TURN)])
    turn = IntegerField(validators=[Optional(), NumberRange(0, LAST_TURN)])

    @property
    def named_tab(self) -> str:
        """Return the name of the tab, short enough to keep."""
        return str(self.tab.data or "").replace("\0", "")[:32]


class TypedForm(TabForm):
    """What a form sends by itself, and the turn that this is."""

    opened = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_TURN)])
    turn = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_TURN)])


class LinkForm(DeskForm):
    """How many days a preview link holds."""

    days = RadioField("It ends after", coerce=str, validate_choice=False)

    def validate_days(self, field: RadioField) -> None:
        """Ask for one of the lengths."""
        if field.data not in map(str, DAYS):
            raise ValidationError(NO_DAYS)


class RevisionForm(DeskForm):
    """An episode as it was looked at: `seen` is the number of its last revision."""

    seen = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(NOT_SEEN), NumberRange(0, 2**31 - 1, message=NOT_SEEN)],
    )
