"""Which passwords are taken.

Length is what counts; there are no rules about kinds of letters (NIST SP 800-63B, 3.1.1.2). What
everybody tries first is refused: common ones, whatever digits and marks follow them, and what
somebody's own name and address give away.
"""

import re
import unicodedata

from flask_security import hash_password, verify_password

from webapp.exceptions import Refused

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
RULES = (
    f"At least {SHORTEST_PASSWORD} characters. A few words in a row are easy to remember and hard "
    "to guess."
)

# What is left of a common password once digits and marks around it are gone.
_COMMON = frozenset((
    "abcabcabc", "abcdefghijkl", "abcdefghijklm", "admin", "administrator", "asdfasdfasdf",
    "asdfghjkl", "azertyuiop", "baseball", "batman", "changeme", "chocolate", "computer",
    "correcthorse", "correcthorsebatterystaple", "dragon", "football", "freedom", "hellohello",
    "helloworld", "iloveyou", "iloveyouiloveyou", "letmein", "letmeinletmein", "liverpool",
    "login", "master", "monkey", "mustang", "passpass", "passphrase", "password",
    "passwordpassword", "pokemon", "postbag", "princess", "qazwsxedc", "qazwsxedcrfv", "qwer",
    "qwerasdfzxcv", "qwerty", "qwertyqwerty", "qwertyui", "qwertyuiop", "qwertyuiopasdf",
    "qwertyuiopasdfghjkl", "qwertzuiop", "secret", "shadow", "starwars", "sunshine", "superman",
    "testtesttest", "thequickbrownfox", "trustno", "welcome", "welcomewelcome", "whatever",
    "zxcvbnm",
))  # fmt: skip
_SWAPS = str.maketrans("013457@$!", "oleastasi")
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgb",
)


def hashed(password: str) -> str:
    """Return what is kept of a password: argon2id. One letter has one form, however typed."""
    return str(hash_password(_normal(password)))


def is_right(password: str, kept: str | None) -> bool:
    """Return whether a password is the one that a hash was kept of."""
    if not kept or len(password) > LONGEST_PASSWORD:
        return False
    return bool(verify_password(_normal(password), kept))


def refuse_weak(password: str, *, email: str, name: str) -> None:
    """Raise Refused, in words, for a password that would be guessed."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Choose one of at least {SHORTEST_PASSWORD} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"Choose one of at most {LONGEST_PASSWORD:,} characters.")
    plain = re.sub(r"\s", "", password.casefold())
    if _is_common(plain):
        raise Refused("That one is among the first that anybody would try. Choose another.")
    if plain in _own(email, name):
        raise Refused("That is your own name or address. Choose something else.")


def _normal(password: str) -> str:
    """Return a password in the form in which Flask-Security's sign-in compares it."""
    return unicodedata.normalize("NFKD", password)


def _is_common(plain: str) -> bool:
    bare = plain.strip("0123456789.,;:!?@#$%&*-_+=")
    return (
        len(set(plain)) < 5
        or bare in _COMMON
        or bare.translate(_SWAPS) in _COMMON
        or plain.translate(_SWAPS).rstrip("0123456789") in _COMMON
        or any(plain in sequence for sequence in _SEQUENCES)
    )


def _own(email: str, name: str) -> frozenset[str]:
    local, _, domain = email.casefold().partition("@")
    own = (local, domain, local + domain, email.casefold(), re.sub(r"\s", "", name.casefold()))
    return frozenset(word * times for word in own for times in (1, 2, 3))
