"""What waits for others is not waited for without an end."""

import threading

import pytest

from webapp.operations.sending import Never, NotNow, at_most


def test_what_ends_in_time_is_done():
    done: list[str] = []

    at_most(60, lambda: done.append("sent"))

    assert done == ["sent"]


@pytest.mark.parametrize("error", [NotNow("away"), Never("gone"), KeyError("wall"), SystemExit()])
def test_what_goes_wrong_is_told_to_whoever_waits(error: BaseException):
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        at_most(60, fail)

    assert raised.value is error


def test_what_takes_too_long_is_left_behind():
    hold = threading.Event()

    with pytest.raises(NotNow) as failed:
        at_most(0.05, lambda: hold.wait(60) and None)
    hold.set()

    assert str(failed.value) == "It took longer than 0 seconds."
