"""A session exists only under /desk: a visitor gets no cookie and no `Vary: Cookie`.

Flask-Login looks at the session after every request; elsewhere it finds an empty one that cannot
be written to and is never saved.
"""

from flask import Flask, Request, Response, request
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface

from webapp.web.surface import DESK, is_desk


class DeskSession(SecureCookieSessionInterface):
    """Flask's signed cookie, for /desk alone."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's own signature
        """Return whether the desk is visited by HTTPS: it may have several addresses."""
        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a desk page, or one that nobody can write to."""
        return super().open_session(app, request) if is_desk(request.path) else NullSession()

    def save_session(self, app: Flask, session: object, response: Response) -> None:
        """Save the session of a desk page."""
        if not isinstance(session, NullSession):
            super().save_session(app, session, response)  # type: ignore[arg-type]


def init_app(app: Flask) -> None:
    """Give the app sessions that stay on the desk."""
    app.session_interface = DeskSession()
    app.config.update(
        SESSION_COOKIE_NAME="postbag_desk",
        SESSION_COOKIE_PATH=DESK,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_PATH=DESK,
        REMEMBER_COOKIE_SECURE=True,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )
