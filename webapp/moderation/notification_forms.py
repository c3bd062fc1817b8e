"""What members of staff choose to be told."""

from wtforms import StringField
from wtforms.validators import AnyOf

from webapp.moderation.forms import DeskForm

CHOOSE = "Choose whether you want mails."


class MailForm(DeskForm):
    """Whether somebody wants mails."""

    mail = StringField("Mails", validators=[AnyOf(("yes", "no"), message=CHOOSE)])
