"""What was typed into a form, put into its file: the rest of the file keeps its bytes."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.studio.show.made import FILES, HELP, PERSON, SHOW, TOPICS
from webapp.episodes.question_block import keepable
from webapp.studio.rows import Pairs, press, read_rows
from webapp.studio.show.changing import change, read_values, typed_pairs
from webapp.studio.show.fields import Field, Sheet
from webapp.studio.show.filling import fill
from webapp.studio.show.sheets import PERSON as PERSON_SHEET
from webapp.studio.show.sheets import SHEETS, WORDS

ALL = [*((sheet, sheet.file) for sheet in SHEETS.values()), (PERSON_SHEET, "people/the-host.md")]
ODD = """\
{name: "In braces", language: en, timezone: UTC, email: a@b.example, x: y,
 seasons: [{number: 1, title: T, field: "#000000", ink: "#FFFFFF"}]}
"""


def filled(sheet: Sheet, file: str, text: str) -> Pairs:
    return fill(sheet, read_values(file, text))


def changed(name: str, changes: dict[str, str], text: str = "") -> str:
    """Return a sheet's file with other texts in some of its fields."""
    sheet, file = next(pair for pair in ALL if pair[0].name == name)
    text = text or FILES[file]
    pairs = dict(filled(sheet, file, text)) | changes
    names = [item.name for item in sheet.items]
    return change(sheet, file, text, tuple(pairs.items()), names)


@pytest.mark.parametrize(("sheet", "file"), ALL, ids=lambda each: getattr(each, "name", None))
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_form_that_nobody_touched_gives_back_its_file(sheet: Sheet, file: str, ends: str):
    text = FILES[file].replace("\n", ends)
    names = [item.name for item in sheet.items]
    assert change(sheet, file, text, filled(sheet, file, text), names) == text


def test_the_seeds_come_back_from_every_form(seeds: Path):
    for sheet in SHEETS.values():
        text = (seeds / sheet.file).read_bytes().decode()
        names = [item.name for item in sheet.items]
        assert change(sheet, sheet.file, text, filled(sheet, sheet.file, text), names) == text
    for path in seeds.glob("people/*.md"):
        text, file = path.read_bytes().decode(), f"people/{path.name}"
        names = [item.name for item in PERSON_SHEET.items]
        pairs = filled(PERSON_SHEET, file, text)
        assert change(PERSON_SHEET, file, text, pairs, names) == text


def test_one_field_changes_one_line():
    assert changed("words", {"tagline": "Answers, soon"}) == SHOW.replace(
        'tagline: "Answers, eventually"', "tagline: Answers, soon"
    )
    assert changed("person", {"pronounced": "thuh host"}) == PERSON.replace("the host", "thuh host")


def test_a_field_that_is_emptied_takes_its_key_out_and_leaves_keys_that_nobody_knows():
    after = changed("words", {"tagline": "", "ask.lead": "", "ask.when": "Soon."})
    assert "tagline" not in after
    assert read_values("show.yaml", after)["ask"] == {"tone": "warm", "when": "Soon."}
    assert "mood: odd" in after


def test_a_long_text_stands_in_lines():
    after = changed("words", {"about": "Über *uns*.\n\n- one\n- two\n"})
    assert "about: |\n  Über *uns*.\n\n  - one\n  - two\n" in after


def test_numbers_days_and_truths_are_written_as_people_write_them():
    after = changed("help", {"countries-0-services-1-checked": "2026-11-20"})
    assert "2026-11-20" in after
    assert "'2026-11-20'" not in after
    assert "explicit: true" in changed("feeds", {"podcast.explicit": "true"})
    assert "explicit: false" in changed(
        "feeds", {"podcast.explicit": ""}, SHOW + "  explicit: true\n"
    )


def test_a_row_that_moves_takes_along_what_no_form_shows():
    moved = press(filled(SHEETS["seasons"], "show.yaml", SHOW), "up:seasons:1")
    assert moved is not None
    after = change(SHEETS["seasons"], "show.yaml", SHOW, moved.pairs, ["seasons"])
    first, second = read_values("show.yaml", after)["seasons"]
    assert (first["title"], second["mascot"]) == ("Noise", "goat")
    assert 'title: "Noise"   # loud' in after


def test_a_group_goes_once_nothing_is_in_it():
    with_licence = changed("feeds", {"podcast.license.name": "cc-by-4.0"})
    assert read_values("show.yaml", with_licence)["podcast"]["license"] == {"name": "cc-by-4.0"}
    without = changed("feeds", {"podcast.license.name": ""}, with_licence)
    assert "license" not in without


def test_the_code_of_anywhere_else_stays_empty_and_stays():
    country = {"countries-2-was": "", "countries-2-name": "Nowhere", "countries-2-code": ""}
    after = changed("help", {"countries-1-name": "Elsewhere"} | country)
    assert [each["code"] for each in read_values("help.yaml", after)["countries"]] == ["GB", "", ""]
    assert after.startswith(HELP[: HELP.index('  - code: ""')])


def test_a_country_without_a_number_gets_none_when_another_changes():
    bare = HELP.replace('emergency: {number: ""}', 'emergency: {text: "Ring."}')
    after = changed("help", {"countries-0-services-0-phone": "7"}, bare)
    assert after == bare.replace('"116 123"', '"7"') or after == bare.replace('"116 123"', "'7'")


def test_two_rows_that_say_they_were_the_same_are_two():
    twin = {"topics-2-was": "1", "topics-2-name": "Twin", "topics-2-slug": "twin"}
    after = changed("topics", twin)
    assert [topic.get("colour") for topic in read_values("topics.yaml", after)["topics"]] == [
        None,
        "grey",
        None,
    ]
    assert after.startswith(TOPICS.removesuffix("# the end\n"))


def test_a_biography_is_the_text_below():
    assert changed("person", {"bio": "He *tells*.\n\n"}) == PERSON.replace(
        "She *asks*.", "He *tells*."
    )


def test_a_file_in_braces_says_what_was_typed():
    after = changed("words", {"name": "Out of them"}, ODD)
    values = read_values("show.yaml", after)
    assert (values["name"], values["x"], values["seasons"][0]["title"]) == ("Out of them", "y", "T")


def test_a_box_that_is_not_ticked_counts_as_empty_and_strangers_are_left_out():
    sent = (("name", "N"), ("csrf_token", "t"), ("podcast.type", "serial"), ("do", "save"))
    pairs = dict(typed_pairs(SHEETS["feeds"], sent))
    assert pairs["podcast.explicit"] == ""
    assert not {"csrf_token", "do", "name"} & pairs.keys()


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["yes", "a: b", "# c", "- a\n- b", " x", "|", "a\n  b\n", "é\u2028x", "'", "1"]
    ),
)
FIELDS = [item for item in WORDS.items if isinstance(item, Field)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), TEXTS, max_size=3))
def test_whatever_is_typed_stands_in_the_form_again_and_changes_nothing_else(typed: dict[str, str]):
    kept = {name: keepable(text) for name, text in typed.items()}
    after = changed("words", kept)
    again = dict(filled(WORDS, "show.yaml", after))
    before = dict(filled(WORDS, "show.yaml", SHOW))
    for field in FIELDS:
        wanted = kept.get(field.name, before[field.name])
        # Around a line, blanks are dropped; and so is a text of nothing else.
        assert again[field.name].split() == wanted.split()
    assert read_values("show.yaml", after)["seasons"] == read_values("show.yaml", SHOW)["seasons"]
    assert read_rows(filled(SHEETS["seasons"], "show.yaml", after), "seasons") == read_rows(
        filled(SHEETS["seasons"], "show.yaml", SHOW), "seasons"
    )
