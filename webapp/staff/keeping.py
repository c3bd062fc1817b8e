"""Giving back what was typed at the desk when it could not be taken."""

from flask import Response, request
from werkzeug.exceptions import HTTPException

from webapp.staff.guard import carry_on_page
from webapp.storage import AWAY
from webapp.web.errors import RETRY_SECONDS, WORDS, error_page

REFUSALS = (*AWAY, 408, 413)  # nobody at home, too slow, too large


def keep(error: Exception) -> Response:
    """Return a page that says what went wrong, with all that was sent but passwords and codes."""
    status = error.code if isinstance(error, HTTPException) and error.code else 503
    if request.method != "POST":
        return error_page(status)
    heading, message = WORDS[status]
    fields = tuple(request.form.items(multi=True))
    page = carry_on_page(request.path, fields, status=status, heading=f"{heading}. {message}")
    if status == 503:
        page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page
