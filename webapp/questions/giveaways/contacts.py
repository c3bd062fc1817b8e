"""What leads straight to a person: e-mail addresses, account names, pages about somebody."""

import re
from collections.abc import Iterator

from webapp.questions.giveaways.lists import listed
from webapp.questions.giveaways.marks import Giveaway, spot

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[^\W_][\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_SPELT_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+"
    r"(?:[ ]?[\[({]at[\])}][ ]?[\w-]+(?:(?:\.|[ ]?[\[({]dot[\])}][ ]?)[\w-]+)+"
    r"|[ ]at[ ][\w-]+(?:[ ]dot[ ](?:co[ ]dot[ ])?(?:com|org|net|uk|ie|de|fr|eu|edu|io|me)))\b",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"""(?<![\w.@/-])(?:https?://)?(?:(?:www|m|mobile|[a-z]{2})\.)?
    (?:(?:instagram|facebook|fb|twitter|x|threads|onlyfans|fetlife|vk|snapchat|tumblr)\.(?:com|net)/\w
      |(?:t|wa|fb|linktr|instagr)\.(?:me|ee|am)/\w
      |linkedin\.com/(?:in|pub)/\w
      |(?:tiktok|youtube)\.com/(?:@|c/|channel/|user/)\w
      |reddit\.com/u(?:ser)?/\w
      |bsky\.app/profile/\w
      |[a-z0-9-]+\.(?:tumblr|wordpress|blogspot|livejournal|substack)\.com\b
      |(?:[a-z0-9-]+\.){1,4}[a-z]{2,}/(?:@|~|profiles?/|users?/|members?/|u/)\w
    )[^\s<>"“”’]*""",
    re.VERBOSE | re.IGNORECASE,
)
_AT_HANDLE = re.compile(r"(?<![\w@./+-])@(?=[\d_.]*[^\W\d_])[\w.]{2,40}")
_REDDIT_HANDLE = re.compile(r"(?<![\w/.])/?u/[\w-]{3,30}")
_SERVICE = r"""
    (?:insta(?:gram)?|ig|snap(?:chat)?|tik[ ]?tok|twitter|discord|telegram|kik|skype|reddit|tinder
    |bumble|hinge|facebook|fb|xbox|psn|steam|user[ ]?name|handle|gamer[ ]?tag)
"""
_SAID_HANDLE = re.compile(
    rf"""\b(?:my|his|her|their|our|the|on)[ ]{_SERVICE}
    (?:[ ](?:user[ ]?name|handle|name|account|tag))?[ ]?(?:[’']s|is|:|\()[ ]?
    (?P<handle>@?[\w.]{{3,40}})(?=[ ]*(?:[,;:!?)\n]|\.(?:\s|\Z)|\Z|and\b))""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_ACCOUNT = frozenset(("@home", "@work", "@school", "@gmail", "@hotmail", "@the", "@all"))


def find_emails(text: str) -> Iterator[Giveaway]:
    """Yield e-mail addresses, also those spelt with "at" and "dot"."""
    for pattern in (_EMAIL, _SPELT_EMAIL):
        for found in pattern.finditer(text):
            yield spot(
                text, *found.span(), kind="e-mail address", instead="a private e-mail address"
            )


def find_profiles(text: str) -> Iterator[Giveaway]:
    """Yield web addresses of pages about one person."""
    for found in _PROFILE.finditer(text):
        end = found.start() + len(found.group().rstrip(".,;:!?)]}'»…"))
        yield spot(text, found.start(), end, kind="profile", instead="a private page")


def find_handles(text: str) -> Iterator[Giveaway]:
    """Yield names of accounts: @name, u/name, "my insta is name"."""
    for found in _AT_HANDLE.finditer(text):
        handle = found.group().rstrip(".")
        if handle.casefold() not in _NO_ACCOUNT:
            end = found.start() + len(handle)
            yield spot(text, found.start(), end, kind="account", instead="a private account")
    for found in _REDDIT_HANDLE.finditer(text):
        yield spot(text, *found.span(), kind="account", instead="a private account")
    for found in _SAID_HANDLE.finditer(text):
        handle = found["handle"].rstrip(".")
        start = found.start("handle")
        if not _is_state(handle):
            yield spot(text, start, start + len(handle), kind="account", instead="private")


def _is_state(handle: str) -> bool:
    """Return whether the word says how an account is, as in "my insta is private"."""
    folded = handle.casefold()
    return folded in listed("account_states") or folded.endswith(("ed", "ing", "ly", "ful"))
