"""The forms of the show's pages: what goes with their fields, whatever these are."""

import re

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import InputRequired

from webapp.episodes.question_block import keepable
from webapp.moderation.forms import DeskForm
from webapp.studio.rows import Pairs

NO_FILE = "Choose a picture."
NO_ADDRESS = "Write an address of small letters, digits and single hyphens, such as the-host."
LONGEST_ADDRESS = 100

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class ShowForm(DeskForm):
    """A form on one of the show's files: `version` is what its fields were when it was opened."""

    version = HiddenField()


class PersonForm(ShowForm):
    """Somebody's form, with the address of their page."""

    slug = StringField("Address")

    def validate_slug(self, field: StringField) -> None:
        """Ask for an address."""
        field.data = (field.data or "").strip()
        if len(field.data) > LONGEST_ADDRESS or _SLUG.fullmatch(field.data) is None:
            raise ValidationError(NO_ADDRESS)


class ArtworkForm(DeskForm):
    """A picture that is to be the show's artwork."""

    picture = FileField("Picture", validators=[FileRequired(NO_FILE)])


class LookForm(DeskForm):
    """A picture that was looked at, by its hash."""

    look = HiddenField(validators=[InputRequired()])


def typed(form: Pairs) -> Pairs:
    """Return what was typed, without what no file can have, and with newlines as one character."""
    return tuple((name, keepable(value)) for name, value in form)
