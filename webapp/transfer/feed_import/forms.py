"""The forms of feeds that are imported."""

from typing import Any
from urllib.parse import urlsplit

from flask import request
from wtforms import BooleanField, HiddenField, StringField, ValidationError
from wtforms.validators import Length

from webapp.moderation.forms import DeskForm
from webapp.transfer.feed_import.destinations import LONGEST_URL, NO_ADDRESS, NO_CREDENTIALS, PORTS

NOTHING = "Write the address of the feed, or choose its file."


def _bare(typed: str | None) -> str:
    return (typed or "").strip()


class FeedForm(DeskForm):
    """A feed by its address, or as a file."""

    address = StringField(
        "The feed’s address", filters=[_bare], validators=[Length(max=LONGEST_URL)]
    )
    file = StringField("Or its file")

    @property
    def came(self) -> Any:
        """Return the file as it came, None where none was chosen."""
        found = request.files.get("file")
        return found if found and found.filename else None

    def validate_address(self, field: StringField) -> None:
        """Ask for an address that can be fetched, unless a file came."""
        if not field.data:
            if self.came is None:
                raise ValidationError(NOTHING)
            return
        try:
            parts = urlsplit(field.data)
        except ValueError:
            raise ValidationError(NO_ADDRESS) from None
        if parts.scheme not in PORTS or not parts.netloc:
            raise ValidationError(NO_ADDRESS)
        if "@" in parts.netloc:  # it would be kept, and shown
            raise ValidationError(NO_CREDENTIALS)


class ImportForm(DeskForm):
    """The word to import a feed by the plan that was seen."""

    seen = HiddenField()
    side = StringField()
    although_locked = BooleanField("This feed is ours, although it is locked")
