"""An asker in front of a running server, from a network of one's choice."""

import http.client
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

PLACES = ("first", "second", "third", "fourth", "fifth")
ASKED = {"sign_off": "", "consent": "read_aloud", "about": ""}


@dataclass(frozen=True)
class Page:
    """What a server answered."""

    status: int
    text: str

    def typed(self, name: str) -> str:
        """Return the value of a field, or an empty text."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.text)
        return unescape(found[1]) if found else ""

    @property
    def receipt(self) -> str:
        """Return the six words."""
        return re.search(r'id="receipt"[^>]*>([^<]+)<', self.text)[1].strip()

    @property
    def solved(self) -> dict[str, str]:
        """Return the fields that open the slow lane, if the page has one."""
        asked = re.search(r"Which of these words comes (\w+)\?", self.text)
        if asked is None:
            return {}
        words = re.search(r'id="slow-answer-help">([^<]+)<', self.text)[1].strip().split(", ")
        return {
            "slow_token": self.typed("slow_token"),
            "slow_answer": words[PLACES.index(asked[1])],
        }


class Asker:
    """Somebody with one connection, and an address that a proxy names."""

    last: http.client.HTTPMessage  # the headers of the last answer

    def __init__(self, port: int, address: str = "", **headers: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            **({"X-Forwarded-For": address} if address else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }

    def post(self, path: str, **fields: str) -> Page:
        """Return the answer to a form."""
        self._connection.request("POST", path, urlencode(fields), self._headers)
        response = self._connection.getresponse()
        self.last = response.headers
        return Page(response.status, response.read().decode())

    def review(self, question: str, **fields: str) -> Page:
        """Return the check page of a question."""
        return self.post("/ask/review", **ASKED | {"question": question} | fields)

    def send(self, question: str, page: Page, **fields: str) -> Page:
        """Return the answer to what a check page sends."""
        given = ASKED | {"question": question, "token": page.typed("token"), "checked": "yes"}
        return self.post("/ask/send", **given | fields)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
