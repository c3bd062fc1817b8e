"""A browser that may go to either server: what one has given it, it brings to the other."""

import http.client
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from tests.staff.members import PASSWORD

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    text: str

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")


class Browser:
    """Somebody with cookies."""

    def __init__(self) -> None:
        self._cookies: dict[str, str] = {}

    def ask(
        self, port: int, path: str, *, method: str = "GET", body: object = None, **headers: str
    ) -> Answer:
        """Return the answer of the server at a port; redirects are not followed."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": "198.51.100.7"}
        if self._cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie", []):
                self._keep(SimpleCookie(line))
        return Answer(answer.status, text)

    def press(self, port: int, path: str, action: str, **fields: str) -> Answer:
        """Send the form of a page that has this action, with its hidden fields."""
        page = self.ask(port, path).page
        form = page.find("form", attrs={"action": action})
        assert form is not None, f"the page has no form for {action}"
        hidden = {each["name"]: each.get("value", "") for each in form.select("[type=hidden]")}
        return self.send(port, action, **hidden | fields)

    def send(self, port: int, path: str, **fields: str) -> Answer:
        """Send fields."""
        return self.ask(port, path, method="POST", body=urlencode(fields), Content_Type=FORM)

    def token(self, port: int, path: str) -> str:
        """Return the token of the forms of a page."""
        return str(self.ask(port, path).page.find(attrs={"name": "csrf_token"})["value"])

    def sign_in(self, port: int, email: str = "edith@example.org") -> "Browser":
        """Sign in, and be the one who did."""
        given = {"csrf_token": self.token(port, "/desk/sign-in"), "password": PASSWORD}
        assert self.send(port, "/desk/sign-in", email=email, **given).status == 302
        return self

    def is_in(self, port: int) -> bool:
        """Return whether the desk of a server lets somebody in."""
        return self.ask(port, "/desk/account").status == 200

    def take_cookies_of(self, other: "Browser") -> None:
        """Have what another browser has, as a copy of its cookies does."""
        self._cookies = dict(other._cookies)

    def _keep(self, told: SimpleCookie) -> None:
        for name, morsel in told.items():
            self._cookies[name] = morsel.value
