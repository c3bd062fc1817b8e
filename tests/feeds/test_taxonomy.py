"""What people did, in words that podcast apps know."""

import pytest

from webapp.feeds.taxonomy import is_host, place


@pytest.mark.parametrize(
    ("role", "placed"),
    [
        ("host", ("host", "cast")),
        ("Guest", ("guest", "cast")),
        ("  Executive  Producer ", ("executive producer", "creative direction")),
        ("editor", ("editor", "writing")),
        ("Kettle monitor", ("Kettle monitor", "misc.")),
    ],
)
def test_roles_have_their_group(role: str, placed: tuple[str, str]):
    assert place(role) == placed


def test_only_a_host_is_a_host():
    assert is_host("Host")
    assert not is_host("guest host")
