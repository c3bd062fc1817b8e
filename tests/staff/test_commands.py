"""`postbag staff`: people from the command line, where nobody can sign in yet or any more."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from tests.pages import soup
from tests.staff.members import PASSWORD, is_in, press, sign_in, who
from webapp import create_app
from webapp.cli import main
from webapp.settings import Settings

NEW = "seven quiet otters at lunch"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an instance that has been made."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    assert postbag("init").exit_code == 0
    return tmp_path / "instance"


def postbag(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def link_in(result: Result) -> str:
    """Return the path of the link that a command printed."""
    found = re.search(r"http://127\.0\.0\.1:8000(/desk/invitation/\S+)", result.output)
    assert found, result.output
    return found[1]


def come_in(link: str, password: str) -> FlaskClient:
    client = create_app(Settings.load()).test_client()
    press(client, link, link, name="Dot", new_password=password)
    return client


def test_whoever_is_added_comes_in_by_the_link_that_is_printed(instance: Path):
    result = postbag("staff", "add", "Dot@show.example.org", "--role", "editor")

    assert result.exit_code == 0
    assert "Dot@show.example.org is invited as editor" in result.output
    assert "password" not in result.output
    assert who(come_in(link_in(result), PASSWORD)) == "Dot, editor"


def test_the_list_says_who_there_is(instance: Path):
    link = link_in(postbag("staff", "add", "dot@example.org", "--role", "owner", "--name", "Dot"))
    postbag("staff", "add", "mo@example.org", "--role", "moderator")
    come_in(link, PASSWORD)

    lines = postbag("staff", "list").output.splitlines()

    assert re.fullmatch(
        r"dot@example\.org  owner  Dot  no second factor  \d{4}-\d\d-\d\d", lines[0]
    )
    assert lines[1] == "mo@example.org  moderator  mo  invited  never here"


def test_a_reset_ends_what_was_and_prints_a_new_link(instance: Path):
    link = link_in(postbag("staff", "add", "dot@example.org", "--role", "owner"))
    before = come_in(link, PASSWORD)
    assert is_in(before)

    result = postbag("staff", "reset", "DOT@example.org")

    assert not is_in(before)
    other = create_app(Settings.load()).test_client()
    sign_in(other, email="dot@example.org")
    assert not is_in(other)
    assert is_in(come_in(link_in(result), NEW))
    assert soup(other.get(link_in(result))).h1.get_text() == "This link is over"


def test_a_reset_of_nobody_is_said_in_words(instance: Path):
    result = postbag("staff", "reset", "nobody@example.org")

    assert result.exit_code == 1
    assert "nobody@example.org is no member of staff." in result.output
