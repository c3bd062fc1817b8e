"""The forms of files."""

import re
from typing import Any

from flask import request
from wtforms import HiddenField, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from webapp.moderation.forms import DeskForm
from webapp.studio.uploads.kinds import EMPTY, Unfit, shown_name
from webapp.studio.uploads.services import PURPOSES
from webapp.studio.uploads.spoken import NOTHING, decoded, is_language

NO_FILE = "Choose a file."
NO_PURPOSE = "Say what the file is for."
NO_SIZE = "Say how many bytes the file has."
NO_LANGUAGE = "Write the language as a tag, such as en or pt-BR."
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def _file_name(typed: str | None) -> str:
    """Return a name if a file of an episode can have it, else nothing."""
    return typed if typed and _NAME.fullmatch(typed) else ""


def _line_ends(typed: str | None) -> str:
    return (typed or "").replace("\r\n", "\n").replace("\r", "\n")


class PurposeForm(DeskForm):
    """What a file is for, and which one it takes the place of, if any."""

    purpose = HiddenField()
    replaces = HiddenField(filters=[_file_name])

    def validate_purpose(self, field: HiddenField) -> None:
        """Refuse a purpose that there is not."""
        if field.data not in PURPOSES:
            raise ValidationError(NO_PURPOSE)


class FileForm(PurposeForm):
    """A file that comes whole, with the form."""

    file = StringField("File")

    def validate_file(self, _field: StringField) -> None:
        """Ask for a file."""
        if not self.came:
            raise ValidationError(NO_FILE)

    @property
    def came(self) -> Any:
        """Return the file as it came, None where none was chosen."""
        found = request.files.get("file")
        return found if found and found.filename else None


class SizeField(IntegerField):
    """A number of bytes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent. Raises ValueError in our words where it is no number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NO_SIZE) from None


class BeginForm(PurposeForm):
    """A file that will come in pieces: what it is called, and how many bytes it has."""

    episode = IntegerField(validators=[InputRequired(NO_PURPOSE), NumberRange(1, 2**31 - 1)])
    name = StringField(filters=[lambda typed: shown_name(typed or "")])
    size = SizeField(validators=[InputRequired(NO_SIZE), NumberRange(1, message=EMPTY)])


class NameForm(DeskForm):
    """One of the files that an episode has."""

    name = HiddenField(filters=[_file_name], validators=[InputRequired(NO_FILE)])


class TextForm(DeskForm):
    """A text that comes as a file or is typed; a file goes before what is typed.

    `seen` is the hash of the one that stood there when the form was opened, empty for none.
    """

    seen = HiddenField()
    file = StringField("File")
    text = TextAreaField("Or its text", filters=[_line_ends])

    def validate_text(self, field: TextAreaField) -> None:
        """Take over the text of the file, and ask for one of the two."""
        found = request.files.get("file")
        if found and found.filename:
            try:
                field.data = decoded(found.stream.read())
            except Unfit as unfit:
                self.file.errors = (str(unfit),)
                raise ValidationError(str(unfit)) from None
        elif not field.data.strip():
            raise ValidationError(NOTHING)


class TranscriptForm(TextForm):
    """A transcript and its language."""

    language = StringField("Language", filters=[lambda typed: (typed or "").strip()])

    def validate_language(self, field: StringField) -> None:
        """Ask for the tag of a language."""
        if not is_language(field.data):
            raise ValidationError(NO_LANGUAGE)
