"""Signing in, and what people at the desk fill in about themselves and each other."""

from typing import Any
from urllib.parse import urlsplit

from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from webapp.staff import throttle
from webapp.staff.passwords import LONGEST_PASSWORD
from webapp.staff.queries import find_by_email
from webapp.staff.roles import ROLES
from webapp.storage import read
from webapp.web.surface import is_desk

STALE = "This page was open for too long. Nothing is lost: send it again."
LONGEST_NAME = 60
LONGEST_EMAIL = 255
LONGEST_ADDRESS = 4_000
SLOWEST, FASTEST = 60, 300
ROLE_CHOICES = (
    ("moderator", "Moderator", "Sorts what arrives."),
    ("editor", "Editor", "Also writes, schedules and publishes."),
    ("owner", "Owner", "Also manages people and settings."),
)


def is_address(text: str | None) -> bool:
    """Return whether a text can be an address at all: no header takes one with a newline in it."""
    try:
        urlsplit(text or "")
    except ValueError:  # such as of a [ that nothing closes
        return False
    return (text or "").isprintable()


def desk_address(address: str | None) -> str:
    """Return an address if it is one of the desk's pages, else nothing."""
    if not is_address(address):
        return ""
    parts = urlsplit(address or "")
    is_ours = not parts.scheme and not parts.netloc and is_desk(parts.path)
    is_plain = not any(part in (address or "") for part in ("\\", ".."))
    is_short = len(address or "") <= LONGEST_ADDRESS  # it goes into a header
    return address if address and is_ours and is_plain and is_short else ""


def _strip(value: str | None) -> str:
    return (value or "").replace("\0", "").strip()  # PostgreSQL keeps no text with a NUL in it


def _name() -> StringField:
    return StringField(
        filters=[_strip],
        validators=[
            DataRequired("Enter the name that colleagues will see."),
            Length(max=LONGEST_NAME, message=f"Keep it to {LONGEST_NAME} characters."),
        ],
    )


def _new_password() -> PasswordField:
    return PasswordField(validators=[InputRequired("Choose a password.")])


class SignInForm(LoginForm):
    """Flask-Security's form, and what somebody was sending when they had to sign in again."""

    carried = HiddenField()

    def validate(self, **kwargs: Any) -> bool:
        """Return whether the two go together; count it if they do not.

        Whose the address is is asked as the counting asks it: what finds somebody counts for them.
        """
        self.user, self.ifield = find_by_email(read(), self.email.data or ""), self.email
        is_right = bool(super().validate(**kwargs))
        if not is_right and self.email.data and self.password.data and not self.is_stale:
            throttle.count_failure(throttle.account_at_door(self.email.data))
        return is_right

    @property
    def is_stale(self) -> bool:
        """Return whether the form's token no longer holds."""
        return "csrf_token" in self and bool(self.csrf_token.errors)


class StaffForm(FlaskForm):
    """What all forms here have: a token that may have run out."""

    @property
    def is_stale(self) -> bool:
        """Return whether the form's token no longer holds."""
        return bool(self.csrf_token.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether everything is in order; a token that ran out is said in words."""
        is_right = bool(super().validate(extra_validators))
        if self.is_stale:
            self.csrf_token.errors = (STALE,)
        return is_right


class SecondStepForm(StaffForm):
    """The second step of a sign-in: a code from an app, or a recovery code."""

    one_time_code = StringField(filters=[_strip], validators=[DataRequired("Enter a code.")])
    carried = HiddenField()
    next = HiddenField(filters=[desk_address])


class PasskeyForm(StaffForm):
    """What a browser answers for a passkey, and for which ceremony."""

    credential = HiddenField()
    ceremony = HiddenField()
    carried = HiddenField()
    next = HiddenField(filters=[desk_address])


class ConfirmForm(StaffForm):
    """Showing again that it is still the same person."""

    password = PasswordField(validators=[InputRequired("Enter your password.")])
    carried = HiddenField()
    next = HiddenField(filters=[desk_address])

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what argon2 would not take."""
        if len(field.data or "") > LONGEST_PASSWORD:
            raise ValidationError("That is not your password.")


class JoinForm(StaffForm):
    """Taking an invitation."""

    name = _name()
    new_password = _new_password()


class InviteForm(StaffForm):
    """Inviting somebody."""

    email = StringField(
        filters=[_strip],
        validators=[
            DataRequired("Enter an e-mail address."),
            Length(max=LONGEST_EMAIL, message="That is longer than any e-mail address."),
        ],
    )
    name = _name()
    role = StringField(default=ROLES[0], validators=[AnyOf(ROLES, "Choose a role.")])


class RoleForm(StaffForm):
    """Giving somebody another role."""

    role = StringField(validators=[AnyOf(ROLES, "Choose a role.")])


class RuleForm(StaffForm):
    """Switching one of the owners' rules on or off."""

    is_on = BooleanField()


class NameForm(StaffForm):
    """One's working name."""

    name = _name()


class PasswordForm(StaffForm):
    """A new password, with the one that it replaces."""

    password = PasswordField(validators=[InputRequired("Enter the password that you have now.")])
    new_password = _new_password()


class PreferencesForm(StaffForm):
    """How the desk is to be for oneself."""

    keys_on = BooleanField()
    pace = IntegerField(
        validators=[
            InputRequired("Enter a number of words."),
            NumberRange(SLOWEST, FASTEST, f"Enter a number from {SLOWEST} to {FASTEST}."),
        ]
    )
    opt_outs = SelectMultipleField(validators=[Optional()], validate_choice=False)


class CodeForm(StaffForm):
    """The first code of an app that is being set up, and the secret that it was given."""

    one_time_code = StringField(
        filters=[_strip], validators=[DataRequired("Enter the six digits.")]
    )
    offer = HiddenField()


class PasskeyNameForm(PasskeyForm):
    """A passkey that is being added, under a name that tells it from others."""

    name = StringField(
        filters=[_strip],
        validators=[
            DataRequired("Give it a name, such as the device it is on."),
            Length(max=LONGEST_NAME, message=f"Keep it to {LONGEST_NAME} characters."),
        ],
    )
