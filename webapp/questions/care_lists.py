"""The lists of phrases that ask for help: one file for each language, read and checked.

Source of the format: seeds/README.md.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from webapp.episodes.expectations import Written, expected, validate
from webapp.episodes.kinds import Day, Slug, Text, Title, unrepeated
from webapp.episodes.marked_yaml import load
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.settings import package_folder

SLOT = re.compile(r"\{([\w-]+)\}")
GAP = " ... "  # up to three words of the same sentence

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FILE_NAME = "expected the name of a language in two or three small letters, such as de.yaml"
_PHRASE = "a phrase as people type it, such as “kill myself” or “my {partner} hits me”"


def _is_word(word: str) -> str:
    """Return a word, or a sign, in its usual form: composed, with single spaces."""
    if not word.strip() or {"{", "}"} & set(SLOT.sub("", word)):
        raise expected(f"{_PHRASE}, not “{word}”")
    return " ".join(unicodedata.normalize("NFC", word).split())


def _is_phrase(phrase: str) -> str:
    if not any(map(str.isalnum, phrase)):
        raise expected(f"{_PHRASE}, not “{phrase}”")
    return phrase


def _at_least_one(phrases: tuple[str, ...]) -> tuple[str, ...]:
    if not phrases:
        raise expected("one phrase at least")
    return phrases


def _refuse_unnamed(phrases: Iterable[str], names: Iterable[str]) -> None:
    """Refuse a phrase with a {name} for which there are no words."""
    for phrase in phrases:
        for name in SLOT.findall(phrase):
            if name not in names:
                raise expected(f"{name} under “words”, before “{phrase}” uses it")


Word = Annotated[str, AfterValidator(_is_word), Field(max_length=200, description=_PHRASE)]
Phrase = Annotated[Word, AfterValidator(_is_phrase)]
Words = Annotated[
    tuple[Word, ...], unrepeated(str, "each word once"), AfterValidator(_at_least_one)
]
Phrases = Annotated[
    tuple[Phrase, ...], unrepeated(str, "each phrase once"), AfterValidator(_at_least_one)
]


class GroupEntry(Written):
    """Phrases that ask for the same help; `help` are kinds in the show's help.yaml."""

    key: Slug
    label: Title
    help: tuple[Title, ...] = Field(description='kinds of help, such as ["domestic abuse"]')
    phrases: Phrases = Field(description='a list of phrases, such as ["kill myself"]')
    examples: tuple[Text, ...] = Field((), description="a list of letters that must be found")


class CareList(Written):
    """A language's list. `reviewed` is the day on which somebody last read all of it.

    `words` are lists of which a phrase may hold any one, as {name}. `harmless` are phrases that
    hold one of a group's and mean nothing by it: they are passed over.
    """

    reviewed: Day
    words: dict[Slug, Words] = Field(
        {}, description='lists of words by a name for each, such as partner: ["wife", "husband"]'
    )
    groups: Annotated[
        tuple[GroupEntry, ...], unrepeated(lambda group: group.key, "each group once")
    ] = Field(description='a list of groups, such as [{key: abuse, label: "...", phrases: [...]}]')
    harmless: tuple[Phrase, ...] = Field((), description="a list of phrases to pass over")
    near_misses: tuple[Text, ...] = Field((), description="a list of texts that must not be found")

    @field_validator("words")
    @classmethod
    def builds_on_words_before(
        cls, words: dict[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """Return the words. Refuses those that use a name which only comes later."""
        names: list[str] = []
        for name, choices in words.items():
            _refuse_unnamed(choices, names)
            names.append(name)
        return words

    @field_validator("groups")
    @classmethod
    def names_words(
        cls, groups: tuple[GroupEntry, ...], info: ValidationInfo
    ) -> tuple[GroupEntry, ...]:
        """Return the groups. Refuses a phrase that names words which are not there."""
        if "words" in info.data:
            for group in groups:
                _refuse_unnamed(group.phrases, info.data["words"])
        return groups

    @field_validator("harmless")
    @classmethod
    def passes_over_words(cls, phrases: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Return the harmless phrases. Refuses one that names words which are not there."""
        if "words" in info.data:
            _refuse_unnamed(phrases, info.data["words"])
        return phrases


@cache
def read_lists() -> Mapping[str, CareList]:
    """Return the lists by their language, read once. Raises BundleRefused, by file and line."""
    files = sorted((package_folder("seeds") / "care").glob("*.yaml"))
    return {path.stem: read_list(path) for path in files}


def read_list(path: Path) -> CareList:
    """Return a list of phrases. Raises BundleRefused with everything that is wrong with it."""
    file = f"{path.parent.name}/{path.name}"
    if not _LANGUAGE.fullmatch(path.stem):
        raise BundleRefused([BundleProblem(file, 0, "", _FILE_NAME)])
    try:
        source = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BundleRefused([BundleProblem(file, 0, "", "expected text in UTF-8")]) from None
    return validate(CareList, load(source, file=file), file=file)
