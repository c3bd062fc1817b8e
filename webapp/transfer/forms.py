"""The forms of bundles that come and go."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, ValidationError

from webapp.moderation.forms import DeskForm
from webapp.transfer.plan import SIDES

NO_FILE = "Choose the zip of a bundle."
NO_ZIP = "This is no zip. Pack the bundle’s folder as one, and choose that."
NO_SIDE = "Choose which to keep."
_ZIP = b"PK"


class BundleForm(DeskForm):
    """A bundle that comes as a zip."""

    bundle = StringField("The bundle, as a zip")

    @property
    def came(self) -> Any:
        """Return the file as it came, None where none was chosen."""
        found = request.files.get("bundle")
        return found if found and found.filename else None

    def validate_bundle(self, _field: StringField) -> None:
        """Ask for a file that begins as zips do."""
        if self.came is None:
            raise ValidationError(NO_FILE)
        stream = self.came.stream
        stream.seek(0)
        head = stream.read(len(_ZIP))
        stream.seek(0)
        if head != _ZIP:
            raise ValidationError(NO_ZIP)


class ChoicesForm(DeskForm):
    """A side for each conflict of a plan, in `side-0` and so on, and one for what is left open."""

    seen = HiddenField()
    rest = StringField()

    def sides(self, count: int) -> Mapping[int, str]:
        """Return the sides that were chosen, by the places of the conflicts."""
        rest = self.rest.data or ""
        chosen = {place: request.form.get(f"side-{place}", "") or rest for place in range(count)}
        return {place: side for place, side in chosen.items() if side in SIDES}
