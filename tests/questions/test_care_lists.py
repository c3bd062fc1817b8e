"""The lists of phrases: what they find, what they leave alone, and what is said of mistakes."""

import itertools
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from webapp.episodes.problems import BundleRefused
from webapp.questions import care
from webapp.questions.care import find_care
from webapp.questions.care_lists import GAP, SLOT, CareList, GroupEntry, read_list, read_lists
from webapp.settings import package_folder

LISTS = read_lists()
GROUPS = [(language, group) for language, listed in LISTS.items() for group in listed.groups]
PHRASES = [(language, group.key, phrase) for language, group in GROUPS for phrase in group.phrases]
FILLERS = st.lists(st.text(alphabet="bdfgklprtw", min_size=1, max_size=8), max_size=4)
SMALL = """reviewed: 2026-01-31
groups:
  - key: abuse
    label: "may be being hurt"
    help: ["domestic abuse"]
    phrases: ["he hits me"]
"""

each_list = pytest.mark.parametrize("language", LISTS)
each_group = pytest.mark.parametrize(
    ("language", "group"), GROUPS, ids=[f"{language}-{group.key}" for language, group in GROUPS]
)


def _spelt_out(listed: CareList, phrase: str) -> list[str]:
    """Return a phrase with each of the words that it may hold."""
    choices = [
        [word for choice in listed.words[part] for word in _spelt_out(listed, choice)]
        if place % 2
        else [part]
        for place, part in enumerate(SLOT.split(phrase))
    ]
    return ["".join(parts) for parts in itertools.product(*choices)]


@cache
def _words(language: str) -> dict[str, str]:
    return care._word_patterns(LISTS[language])


def _any_of(language: str, *phrases: str) -> re.Pattern[str]:
    parts = [care._parts(phrase, _words(language)) for phrase in phrases]
    return care._whole(care._any_of(parts))


def _keys(text: str, language: str) -> list[str]:
    return [group.key for group in find_care(text, language=language)]


def test_there_is_a_list_for_each_language_that_people_write_most_in():
    assert sorted(LISTS) == ["de", "en", "es", "fr"]


@each_list
def test_every_list_has_the_same_groups_with_the_same_help(language: str):
    groups = [(group.key, group.help) for group in LISTS[language].groups]

    assert groups == [(group.key, group.help) for group in LISTS["en"].groups]
    assert [key for key, _help in groups] == [
        "danger-to-life",
        "abuse",
        "sexual-assault",
        "child",
        "medical",
    ]


@each_group
def test_every_example_is_found(language: str, group: GroupEntry):
    missed = [text for text in group.examples if group.key not in _keys(text, language)]

    assert missed == []
    assert len(set(group.examples)) == len(group.examples) >= 10


@each_list
def test_no_near_miss_is_found(language: str):
    found = [text for text in LISTS[language].near_misses if find_care(text, language=language)]

    assert found == []
    assert len(set(LISTS[language].near_misses)) == len(LISTS[language].near_misses) >= 40


@each_group
def test_phrases_are_written_as_they_are_compared(language: str, group: GroupEntry):
    for phrase in group.phrases:
        assert phrase == " ".join(unicodedata.normalize("NFC", phrase).lower().split())
        assert not set(phrase) & set("’‘´`“”…")


@each_group
def test_no_phrase_finds_only_what_others_of_its_group_find(language: str, group: GroupEntry):
    listed = LISTS[language]
    patterns = {phrase: _any_of(language, phrase) for phrase in group.phrases}
    needless = []
    for phrase in group.phrases:
        others = [pattern for other, pattern in patterns.items() if other != phrase]
        spelt = [text.replace(GAP, " bb ") for text in _spelt_out(listed, phrase)]
        if all(any(other.search(care._folded(text)) for other in others) for text in spelt):
            needless.append(phrase)

    assert needless == []


@each_list
def test_no_phrase_stands_in_two_groups(language: str):
    phrases = [phrase for group in LISTS[language].groups for phrase in group.phrases]

    assert sorted(phrases) == sorted(set(phrases))


@each_list
def test_every_word_is_used(language: str):
    listed = LISTS[language]
    texts = [phrase for group in listed.groups for phrase in group.phrases]
    texts += [*listed.harmless, *itertools.chain.from_iterable(listed.words.values())]

    assert {name for text in texts for name in SLOT.findall(text)} == set(listed.words)


@each_list
def test_every_harmless_phrase_holds_one_that_would_be_found(language: str):
    listed = LISTS[language]
    phrases = [phrase for group in listed.groups for phrase in group.phrases]
    pattern = _any_of(language, *phrases)
    needless = [
        text
        for phrase in listed.harmless
        for text in _spelt_out(listed, phrase)
        if not pattern.search(care._folded(text))
    ]

    assert needless == []


@each_list
def test_what_a_list_helps_with_is_in_the_help_of_the_show(language: str):
    path = package_folder("seeds") / "show" / "help.yaml"
    countries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["countries"]
    wanted = {kind for group in LISTS[language].groups for kind in group.help}

    for country in countries:
        assert wanted <= {service["for"] for service in country["services"]}, country["name"]


@settings(deadline=None)
@given(st.sampled_from(PHRASES), FILLERS, FILLERS, st.lists(st.just("bd"), max_size=3), st.data())
def test_a_phrase_among_other_words_is_always_found(
    listed: tuple[str, str, str],
    before: list[str],
    after: list[str],
    between: list[str],
    data: st.DataObject,
):
    language, key, phrase = listed
    spelt = data.draw(st.sampled_from(_spelt_out(LISTS[language], phrase)))
    spelt = " ".join(spelt.replace(GAP, f" {' '.join(between)} ").split())

    assert key in _keys(" ".join([*before, spelt, *after]), language)


@settings(deadline=None)
@given(st.sampled_from(PHRASES), st.sampled_from("bkxzßж7"), st.data())
def test_a_phrase_that_is_glued_to_a_letter_is_not_found(
    listed: tuple[str, str, str], letter: str, data: st.DataObject
):
    language, _key, phrase = listed
    spelt = data.draw(st.sampled_from(_spelt_out(LISTS[language], phrase))).replace(GAP, " ")
    pattern, folded, glued = _any_of(language, phrase), care._folded(spelt), care._folded(letter)

    assert pattern.match(folded)
    assert not pattern.match(glued + folded, len(glued))
    assert not pattern.match(folded + glued)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (("reviewed: 2026-01-31", ""), "line 2: reviewed: expected a date, such as 2026-03-01; "),
        (("2026-01-31", "lately"), "line 1: reviewed: expected a date, such as 2026-03-01"),
        (("phrases:", "phrase:"), "line 6: groups.1.phrase: expected the key “phrases”"),
        (("label:", "other:"), "line 3: groups.1.label: expected words on one line"),
        (('["he hits me"]', "[]"), "line 6: groups.1.phrases: expected one phrase at least"),
        (('["he hits me"]', '["a", "a"]'), "line 6: groups.1.phrases: expected each phrase once"),
        (('"he hits me"', '"?!"'), "line 6: groups.1.phrases.1: expected a phrase as people type"),
        (('"he hits me"', '"he {hits me"'), "line 6: groups.1.phrases.1: expected a phrase as"),
        (('"he hits me"', '"{who} hits me"'), "line 2: groups: expected who under “words”"),
        (("groups:", "words: {a: ['a {b}'], b: [b]}\ngroups:"), "line 2: words: expected b under"),
        (("groups:", 'words: {a: [" "]}\ngroups:'), "line 2: words.1: expected a phrase"),
        (("groups:", "harmless: ['{who}']\ngroups:"), "line 2: harmless: expected who under"),
        (("domestic abuse", "a\\nb"), "line 5: groups.1.help.1: expected words on one line"),
        (("key: abuse", "key: 'abuse"), "line 3: expected a closing quotation mark"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(
    tmp_path: Path, changed: tuple[str, str], problem: str
):
    file = tmp_path / "care" / "xx.yaml"
    file.parent.mkdir()
    file.write_text(SMALL.replace(*changed), encoding="utf-8")

    with pytest.raises(BundleRefused) as refused:
        read_list(file)

    assert str(refused.value).startswith(f"care/xx.yaml, {problem}")


def test_a_group_may_be_written_only_once(tmp_path: Path):
    file = tmp_path / "xx.yaml"
    file.write_text(SMALL + SMALL.split("groups:\n")[1], encoding="utf-8")

    with pytest.raises(BundleRefused, match="groups: expected each group once"):
        read_list(file)


def test_wrong_words_are_not_blamed_on_the_phrases_that_use_them(tmp_path: Path):
    file = tmp_path / "xx.yaml"
    words = "words: {who: []}\nharmless: ['{who} hits me up']\ngroups:"
    source = SMALL.replace("groups:", words).replace("he hits me", "{who} hits me")
    file.write_text(source, encoding="utf-8")

    with pytest.raises(BundleRefused) as refused:
        read_list(file)

    assert [problem.key for problem in refused.value.problems] == ["words"]


def test_a_list_that_is_no_text_is_refused(tmp_path: Path):
    file = tmp_path / "xx.yaml"
    file.write_bytes(SMALL.replace("he hits me", "sch\xfcsse").encode("latin-1"))

    with pytest.raises(BundleRefused, match=r"xx\.yaml: expected text in UTF-8"):
        read_list(file)


@pytest.mark.parametrize("name", ["german.yaml", "en-GB.yaml", "DE.yaml"])
def test_a_list_is_named_by_its_language(tmp_path: Path, name: str):
    (tmp_path / name).write_text(SMALL, encoding="utf-8")

    with pytest.raises(BundleRefused, match="expected the name of a language"):
        read_list(tmp_path / name)
