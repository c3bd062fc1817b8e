"""The forms of the writing page: what is about the form itself; its fields are the episode's."""

from wtforms import HiddenField, StringField

from webapp.moderation.forms import version_field
from webapp.studio.forms import StartForm, TabForm, TypedForm


class NewForm(StartForm):
    """A draft that is started from nothing."""

    version = None


class WriteForm(TabForm):
    """The page as it was opened: its revision, and what was `seen` of somebody else's."""

    revision = version_field()
    seen = HiddenField()
    do = StringField()


class AutosaveForm(TypedForm, WriteForm):
    """What a page sends by itself."""
