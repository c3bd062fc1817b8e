"""The asker's forms."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField, ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import Length

from webapp.questions import tokens
from webapp.questions.tokens import Token
from webapp.storage import current_keyring

SHORTEST = 20
LONGEST = 4_000
LONGEST_SIGN_OFF = 60
LONGEST_REPLY = 2_000

_UNCARRIED = re.compile("[\0\ud800-\udfff]")  # NUL, and halves of characters

CONSENT = ("read_aloud", "paraphrase", "private")  # their words: questions/_consent.html


def normalise(text: str | None) -> str:
    """Return text with newlines as one character each and U+FFFD for what HTML cannot carry."""
    return _UNCARRIED.sub("\ufffd", (text or "").replace("\r\n", "\n").replace("\r", "\n"))


def _fits(_form: FlaskForm, field: TextAreaField) -> None:
    length = len(field.data.strip())
    if length == 0:
        raise ValidationError("Write your question.")
    if length < SHORTEST:
        raise ValidationError(
            f"Write a little more: a question has at least {SHORTEST} characters, "
            f"this one has {length}."
        )
    _refuse_longer(length, LONGEST, "a question")


def _answers(_form: FlaskForm, field: TextAreaField) -> None:
    length = len(field.data.strip())
    if length == 0:
        raise ValidationError("Write your answer.")
    _refuse_longer(length, LONGEST_REPLY, "an answer")


def _refuse_longer(length: int, most: int, thing: str) -> None:
    if length > most:
        over = length - most
        raise ValidationError(
            f"Shorten it by {over:,} {'character' if over == 1 else 'characters'}: "
            f"{thing} has at most {most:,}."
        )


def _chosen(_form: FlaskForm, field: StringField) -> None:
    if field.data not in CONSENT:
        raise ValidationError("Choose what the show may do with your question.")


class AskToken(CSRF):
    """WTForms' CSRF for the check page; sets `form.spendable` to the token once it holds."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002
        """Return nothing: the view signs a token when it shows the page."""
        return ""

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        """Keep the token for the view. Raises ValidationError when there is none that holds."""
        form.spendable = tokens.read(current_keyring(), field.data or "", about=form.about.data)
        if form.spendable is None:
            raise ValidationError("This page had been open for too long.")


class AskForm(FlaskForm):
    """The question box. It carries no token: it stands on pages that everybody is served."""

    class Meta:
        """What the box is sent to stores nothing, so there is nothing to forge."""

        csrf = False

    question = TextAreaField("Your question", filters=[normalise], validators=[_fits])
    sign_off = StringField(
        "Sign it with",
        filters=[normalise],
        validators=[
            Length(
                max=LONGEST_SIGN_OFF, message=f"Sign with {LONGEST_SIGN_OFF} characters at most."
            )
        ],
    )
    consent = StringField(
        "What may the show do with it?", filters=[normalise], validators=[_chosen]
    )
    about = HiddenField(filters=[normalise])
    website = StringField("Leave this empty", filters=[normalise])


class SendForm(AskForm):
    """The check page: the same fields, and the token without which nothing is stored."""

    class Meta:
        """Set here so that no setting, of a test or otherwise, can switch it off."""

        csrf = True
        csrf_class = AskToken
        csrf_field_name = "token"

    spendable: Token | None = None


class ReceiptForm(FlaskForm):
    """The way back to a question. The receipt itself is the secret that a token would guard."""

    class Meta:
        """A receipt is asked for each time, so another site could not send one."""

        csrf = False

    receipt = StringField("Your six words", filters=[normalise])


class ReplyForm(ReceiptForm):
    """The asker's answer to what the show asked. It travels with every look at the question."""

    reply = TextAreaField("Your answer", filters=[normalise], validators=[_answers])
