"""Which passwords are taken."""

import pytest

from webapp.exceptions import Refused
from webapp.staff.passwords import refuse_weak

PERSON = {"email": "dot.farrow@example.org", "name": "Dot Farrow"}


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet otters at lunch",
        "correct horse battery stapler",
        "twelve chars",
        "ключ под ковриком",
        "zwölf Zeichen und mehr",
        "x9$Kp2!vQz7&",
    ],
)
def test_a_long_one_that_nobody_would_guess_is_taken(password: str):
    refuse_weak(password, **PERSON)


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 1_001])
def test_one_that_is_too_short_or_too_long_is_not(password: str):
    with pytest.raises(Refused, match=r"at least 12|at most 1,000"):
        refuse_weak(password, **PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "P@ssw0rd2026",
        "passwordpassword",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "1q2w3e4r5t6y",
        "123456789012",
        "iloveyou2026",
        "correct horse battery staple",
        "aaaaaaaaaaaa",
        "abababababab",
        "Administrator1",
        "welcome12345",
        "letmeinletmein",
    ],
)
def test_one_of_those_that_everybody_tries_first_is_not(password: str):
    with pytest.raises(Refused, match="among the first"):
        refuse_weak(password, **PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "dot.farrow@example.org",
        "Dot.Farrow@Example.Org",
        "dotfarrowdotfarrow",
        "dot.farrowexample.org",
    ],
)
def test_one_s_own_name_or_address_is_not(password: str):
    with pytest.raises(Refused, match="your own name or address"):
        refuse_weak(password, **PERSON)
