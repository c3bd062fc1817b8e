"""The token of the check page."""

import pytest
import time_machine

from webapp.questions import tokens
from webapp.storage.sealing import PURPOSES, Keyring

KEYS = Keyring({1: b"s" * 32}, {purpose: purpose.encode().ljust(32) for purpose in PURPOSES})


def test_token_gives_back_its_nonce():
    token = tokens.fresh("thin-walls")

    assert tokens.read(KEYS, tokens.sign(KEYS, token), about="thin-walls") == token


def test_token_is_refused_for_another_episode():
    signed = tokens.sign(KEYS, tokens.fresh("thin-walls"))

    assert tokens.read(KEYS, signed, about="") is None


@pytest.mark.parametrize(("hours", "holds"), [(23.9, True), (24.1, False)])
def test_token_lives_a_day(hours: float, holds: bool):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        signed = tokens.sign(KEYS, tokens.fresh(""))
        clock.shift(hours * 3600)

        assert (tokens.read(KEYS, signed, about="") is not None) == holds


@pytest.mark.parametrize("signed", ["", "x", "a.b.c", "é" * 10, "." * 1000])
def test_what_is_no_token_is_none(signed: str):
    assert tokens.read(KEYS, signed, about="") is None


def test_token_of_another_key_is_foreign():
    other = Keyring(KEYS.sealing, dict.fromkeys(PURPOSES, b"o" * 32))

    assert tokens.read(KEYS, tokens.sign(other, tokens.fresh("")), about="") is None
