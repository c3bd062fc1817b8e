"""Words that ask for help now, and who can give it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.work import bounded_work
from webapp.episodes.pages import HelpCountryPage
from webapp.questions import care, care_lists
from webapp.questions.care import CareGroup, find_care, help_for
from webapp.settings import package_folder

ENGLISH = """
reviewed: 2026-01-31
words:
  him: ["him", "her"]
  partner: ["husband", "ex", "ex-wife"]
  who: ["he", "my {partner}"]
groups:
  - key: danger
    label: "may be in danger"
    help: ["crisis"]
    phrases: ["don't want to live", "self-harm", "i want ... to die", "sous l'œil", "tired of life"]
  - key: abuse
    label: "may be being hurt"
    help: ["abuse", "assault"]
    phrases: ["{who} hits me", "leave {who}", "scared of {him}", "my wife", "i'm 14."]
harmless: ["he hits me up", "tired of life with"]
"""
OTHER = """
reviewed: 2026-01-31
groups:
  - key: abuse
    label: "wird vielleicht geschlagen"
    help: ["abuse"]
    phrases: ["schlägt mich", "sagt, dass ich gehe"]
  - key: child
    label: "ist vielleicht ein Kind"
    help: ["children"]
    phrases: ["großer bruder"]
"""
CRISIS = {"name": "Listeners", "for": "crisis", "phone": "116 123", "text": "", "url": ""}
ABUSE = {"name": "Way Out", "for": "abuse", "phone": "1800", "text": "Text 1", "note": "Anybody."}
ASSAULT = {"name": "Way Out", "for": "assault", "phone": "1800", "text": "Text 1"}
WORLD = {"name": "Find a Line", "for": "assault", "url": "https://example.org"}
DANGER_GROUP = CareGroup("danger", "may be in danger", ("crisis",))
ABUSE_GROUP = CareGroup("abuse", "may be being hurt", ("abuse", "assault"))


@pytest.fixture
def small_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An English list and a German one, instead of those that are shipped."""
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "en.yaml").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "care" / "de.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.setattr(care_lists, "package_folder", lambda _name: tmp_path)
    _forget()
    yield
    _forget()


def _forget() -> None:
    care_lists.read_lists.cache_clear()
    care._finder.cache_clear()


def _keys(text: str, language: str = "en-GB") -> list[str]:
    return [group.key for group in find_care(text, language=language)]


def _country(code: str, *services: dict[str, str]) -> HelpCountryPage:
    return HelpCountryPage(code, f"Land {code}", "999", "Call 999.", services)


@pytest.mark.usefixtures("small_lists")
@pytest.mark.parametrize(
    "typed",
    [
        "I DON'T WANT TO LIVE",
        "i dont want to live",
        "I don’t want to live.",
        "i don´t want to live",
        "i don t want to live",
        "I don't\n\n  want\tto\u00a0live",
        "I d\u00f3n't want to l\u00edve",
        "I don't want to li\u00adve",
        "I \uff44on't want to live",
        "“don't want to live”, she said",
        "*self-harm*",
        "_self harm_",
        "selfharm",
        "self\u2011harm",
        "SOUS L’OEIL",
    ],
)
def test_a_phrase_is_found_however_it_is_typed(typed: str):
    assert _keys(typed) == ["danger"]


@pytest.mark.usefixtures("small_lists")
@pytest.mark.parametrize(
    "typed",
    [
        "I don't want to liver",
        "undon't want to live",
        "I don't want to, live",
        "myself-harm",
        "my wife's mother is here for a month",
        "leave my ex-wife's cat alone",
        "my wives",
        "I'm 14.5 stone",
        "I'm 14 minutes late.",
    ],
)
def test_a_part_of_a_word_or_another_word_is_not_found(typed: str):
    assert _keys(typed) == []


@pytest.mark.usefixtures("small_lists")
def test_a_name_in_braces_stands_for_any_of_its_words():
    texts = [
        "He hits me",
        "my husband hits me",
        "My ex wife hits me",
        "I'm scared of her",
        "i'm 14",
    ]

    assert [_keys(text) for text in texts] == [["abuse"]] * 5
    assert _keys("The wind hits me. The dog is scared of you.") == []


@pytest.mark.usefixtures("small_lists")
def test_three_dots_stand_for_up_to_three_words_of_one_sentence():
    assert _keys("I want to die") == ["danger"]
    assert _keys("I want, quite simply, to die") == ["danger"]
    assert _keys("I want very much indeed to die") == ["danger"]
    assert _keys("I want nothing from you but to die") == []
    assert _keys("What do I want. How to die hair") == []


@pytest.mark.usefixtures("small_lists")
def test_an_idiom_that_holds_a_phrase_is_passed_over():
    assert _keys("He hits me up every Friday. I'm tired of life with two cats.") == []
    assert _keys("He hits me up every Friday, and every Sunday he hits me.") == ["abuse"]


@pytest.mark.usefixtures("small_lists")
def test_groups_come_once_each_in_the_order_of_the_list():
    text = "He hits me. My wife knows. I don't want to live. I don't want to live."

    assert find_care(text, language="en-GB") == (DANGER_GROUP, ABUSE_GROUP)


@pytest.mark.usefixtures("small_lists")
@pytest.mark.parametrize("language", ["de", "de-AT", "DE_ch"])
def test_the_language_of_the_page_is_read_and_english_besides(language: str):
    assert _keys("Er schlägt mich", language) == ["abuse"]
    assert _keys("my husband hits me", language) == ["abuse"]
    assert _keys("I don't want to live. Mein GROSSER Bruder weiß es.", language) == [
        "child",
        "danger",
    ]


@pytest.mark.usefixtures("small_lists")
def test_a_moderator_reads_the_label_in_the_language_of_the_page():
    found = find_care("my husband hits me", language="de-DE")

    assert [group.label for group in found] == ["wird vielleicht geschlagen"]


@pytest.mark.usefixtures("small_lists")
@pytest.mark.parametrize("typed", ["er schlaegt mich", "er schlagt mich", "ER SCHLÄGT MICH"])
def test_an_umlaut_may_be_typed_in_three_ways(typed: str):
    assert _keys(typed, "de") == ["abuse"]


@pytest.mark.usefixtures("small_lists")
def test_a_comma_of_a_phrase_may_be_left_out():
    assert _keys("Er sagt, dass ich gehe", "de") == ["abuse"]
    assert _keys("er sagt dass ich gehe", "de") == ["abuse"]


@pytest.mark.usefixtures("small_lists")
@pytest.mark.parametrize("language", ["ja", "", "english", "../de"])
def test_an_unknown_language_is_read_as_english(language: str):
    assert _keys("Er schlägt mich", language) == []
    assert _keys("he hits me", language) == ["abuse"]


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "?!", "🙂" * 50, "私は元気です"])
def test_a_text_that_says_nothing_of_the_kind_finds_nothing(text: str):
    assert _keys(text) == []


@pytest.mark.parametrize(
    "text", ["my husband has ", "i'm so ", "threatens a, ", "she hit ", "x", "'- ", "(15 "]
)
def test_a_text_takes_no_longer_for_being_full_of_beginnings(text: str):
    find_care("", language="de")
    long = (text * 100_000)[:100_000]

    with bounded_work(180):
        find_care(long, language="de")


def test_of_the_invented_questions_exactly_the_urgent_ones_are_found():
    path = package_folder("seeds") / "questions.yaml"
    questions = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    urgent = [question["text"] for question in questions if question["lane"] == "urgent"]

    assert [q["text"] for q in questions if find_care(q["text"], language="en-GB")] == urgent
    assert [_keys(text) for text in urgent] == [["danger-to-life"], ["abuse"]]


def test_nothing_found_needs_no_help():
    assert help_for((), [_country("GB", CRISIS)]) is None


def test_without_any_country_there_is_no_help_to_show():
    assert help_for([DANGER_GROUP], []) is None


def test_help_is_the_first_country_with_the_services_that_fit():
    countries = [_country("GB", ABUSE, CRISIS), _country("IE", CRISIS), _country("", WORLD)]

    assert help_for([DANGER_GROUP], countries) == _country("GB", CRISIS)


def test_the_most_urgent_kind_of_help_comes_first():
    countries = [_country("GB", ABUSE, CRISIS, ASSAULT | {"name": "Rape Line"})]

    shown = help_for([DANGER_GROUP, ABUSE_GROUP], countries)

    assert shown is not None
    assert [service["name"] for service in shown.services] == ["Listeners", "Way Out", "Rape Line"]


def test_who_helps_with_several_things_stands_once():
    shown = help_for([ABUSE_GROUP], [_country("AU", ABUSE, ASSAULT)])

    assert shown == _country("AU", ABUSE | {"for": "abuse, assault"})


def test_a_kind_that_the_country_lacks_is_looked_for_anywhere_else():
    countries = [_country("XX", ABUSE), _country("IE", ASSAULT), _country("", WORLD)]

    assert help_for([ABUSE_GROUP], countries) == _country("XX", ABUSE, WORLD)


def test_a_country_without_any_service_still_shows_whom_to_ring():
    assert help_for([DANGER_GROUP], [_country("XX")]) == _country("XX")


def test_letters_that_become_many_make_no_text_longer_than_any_other():
    assert len(care._folded("\ufdfa" * 20_000)) <= care.LONGEST_FOLDED
    assert find_care("x " * 9_990 + "I want to die.", language="en")
