"""What is wrong with a file, said at the fields of its form."""

import pytest

from tests.studio.show.made import HELP, PERSON, SHOW
from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.studio.rows import Pairs, press
from webapp.studio.show.changing import read_values
from webapp.studio.show.compiling import problems_at, read_help, read_person, read_show, read_topics
from webapp.studio.show.filling import fill
from webapp.studio.show.sheets import FEEDS, HELP_SHEET, SEASONS, TOPICS_SHEET


def at(sheet, pairs: Pairs, key: str, expected: str = "expected it") -> dict[str, list[str]]:
    refused = BundleRefused([BundleProblem(sheet.file, 1, key, expected)])
    return dict(problems_at(sheet, pairs, refused))


def test_a_key_is_found_in_its_row_however_deep():
    pairs = fill(HELP_SHEET, read_values("help.yaml", HELP))
    assert at(HELP_SHEET, pairs, "default") == {"default": ["Write it."]}
    assert list(at(HELP_SHEET, pairs, "countries.1.services.2.for")) == [
        "countries-0-services-1-for"
    ]
    assert list(at(HELP_SHEET, pairs, "countries.2.emergency")) == ["countries-1-emergency.number"]
    assert list(at(HELP_SHEET, pairs, "countries")) == ["countries"]
    assert list(at(HELP_SHEET, pairs, "countries.9.name")) == ["countries"]


def test_rows_that_were_removed_are_not_counted():
    pairs = press(fill(HELP_SHEET, read_values("help.yaml", HELP)), "remove:countries:0")
    assert pairs is not None
    assert list(at(HELP_SHEET, pairs.pairs, "countries.1.name")) == ["countries-1-name"]


def test_a_mapping_that_lacks_something_is_said_at_its_first_field():
    pairs = fill(FEEDS, read_values("show.yaml", SHOW))
    assert list(at(FEEDS, pairs, "podcast.license")) == ["podcast.license.name"]
    assert list(at(FEEDS, pairs, "podcast.categories.1")) == ["podcast.categories-0-value"]


def test_what_no_field_has_is_said_of_the_whole_form():
    assert at(SEASONS, (), "name", "expected a name; the key is missing") == {"": ["Write a name."]}


def test_words_of_our_own_stay_as_they_are():
    assert at(TOPICS_SHEET, (), "topics", "It stays") == {"topics": ["It stays."]}


def test_files_are_read_as_an_import_reads_them():
    assert read_show(SHOW).name == "The Test Show"
    assert [topic.slug for topic in read_topics("- {slug: a, name: A}\n").topics] == ["a"]
    assert read_help(HELP).default == "GB"
    assert read_person("the-host", PERSON).bio == "She *asks*.\n"


def test_a_text_that_cannot_be_rendered_is_refused():
    about = f'about: "{"> " * 5_000}"\n'
    with pytest.raises(BundleRefused) as caught:
        read_show(SHOW.replace(SHOW[SHOW.index("about:") : SHOW.index("ask:")], about))
    assert [problem.key for problem in caught.value.problems] == ["about"]
