"""The one form in which an address is kept, looked up, and counted."""

from email_validator import EmailNotValidError, validate_email


def normal_email(email: str) -> str | None:
    """Return an address as it is kept, however its host is written; None for what is none."""
    try:
        return str(validate_email(email.strip(), check_deliverability=False).normalized)
    except EmailNotValidError:
        return None
