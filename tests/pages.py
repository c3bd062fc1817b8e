"""Reading answers as a browser would."""

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse


def soup(response: TestResponse) -> BeautifulSoup:
    """Return the page."""
    return BeautifulSoup(response.text, "html.parser")


def typed(response: TestResponse, name: str) -> str:
    """Return what stands in a field: what somebody typed must still be there."""
    field = soup(response).find(["textarea", "input"], attrs={"name": name})
    assert field is not None, f"the page has no field {name}"
    if field.name == "input":
        return str(field["value"])
    return field.get_text().removeprefix("\n")  # HTML's rule for a newline after the tag


def heading(response: TestResponse) -> str:
    """Return the page's h1."""
    return soup(response).h1.get_text(" ", strip=True)


def main_state(response: TestResponse) -> str:
    """Return `data-state` of the page's main element."""
    return str(soup(response).main["data-state"])
