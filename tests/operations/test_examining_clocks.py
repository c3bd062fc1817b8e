"""What the doctor says of clocks that differ between the machines of a site."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from webapp import clock, storage
from webapp.operations.examining.clocks import examine_clock


def said() -> list[str]:
    storage.read().rollback()
    return [finding.words for finding in examine_clock(storage.read())]


def test_clocks_that_agree_are_as_they_should_be(in_app: Flask):
    assert said() == []


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_that_is_wrong_is_told_where_there_is_another(in_app: Flask, seconds: int):
    with time_machine.travel(clock.now() + timedelta(seconds=seconds)):
        found = said()

    has_two = storage.db.engine.dialect.name == "postgresql"
    assert [words.split(". ")[0] for words in found] == [
        "The clocks of this machine and of the database’s differ by 90 seconds"
    ] * has_two
