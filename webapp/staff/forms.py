"""Signing in."""

from flask_security.forms import LoginForm
from wtforms import HiddenField


class SignInForm(LoginForm):
    """Flask-Security's form, and what somebody was sending when they had to sign in again."""

    carried = HiddenField()
