"""The forms of the writing page: what is about the form itself; its fields are the episode's."""

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from webapp.moderation.forms import DeskForm, version_field
from webapp.studio.forms import StartForm
from webapp.studio.unsaved import LAST_TURN


class NewForm(StartForm):
    """A draft that is started from nothing."""

    version = None


class WriteForm(DeskForm):
    """The page as it was `opened`: by the turn of what was kept then, its revision, and its tab."""

    revision = version_field()
    tab = HiddenField()
    opened = IntegerField(validators=[Optional(), NumberRange(0, LAST_TURN)])
    seen = HiddenField()
    do = StringField()

    @property
    def named_tab(self) -> str:
        """Return the name of the tab, short enough to keep."""
        return str(self.tab.data or "")[:32]


class AutosaveForm(WriteForm):
    """What a page sends by itself, and the turn that this is."""

    opened = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_TURN)])
    turn = IntegerField(validators=[InputRequired(), NumberRange(0, LAST_TURN)])
