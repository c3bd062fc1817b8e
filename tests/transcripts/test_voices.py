"""Voices belong to the one person whom they can mean, or to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.transcripts import match_voices

PEOPLE = [
    ("dot-farrow", "Dot Farrow"),
    ("sam-iyer", "Sam Iyer"),
    ("zoe-o-neil", "Zoë O’Neil"),
    ("mary-jane-watson", "Mary Jane K. Watson"),
    ("the-doctor", "Ruth Adeyemi-Brandt"),
    ("li-ming", "李 明"),
]


@pytest.mark.parametrize(
    ("voice", "slug"),
    [
        ("Dot Farrow", "dot-farrow"),
        ("  Dot\nFarrow ", "dot-farrow"),
        ("DOT FARROW", "dot-farrow"),
        ("dot-farrow", "dot-farrow"),
        ("ZOE O'NEIL", "zoe-o-neil"),
        ("Zoé O Neil", "zoe-o-neil"),
        ("the doctor", "the-doctor"),
        ("Dot", "dot-farrow"),
        ("farrow", "dot-farrow"),
        ("Dot F.", "dot-farrow"),
        ("Mary Jane", "mary-jane-watson"),
        ("Mary Jane Watson", "mary-jane-watson"),
        ("Watson", "mary-jane-watson"),
        ("Ruth Adeyemi", "the-doctor"),
        ("明", "li-ming"),
    ],
)
def test_a_voice_belongs_to_the_person_it_names(voice, slug):
    assert match_voices([voice], PEOPLE) == {voice: slug}


@pytest.mark.parametrize(
    "voice", ["", " ", "...", "Do", "Dott", "Dot Smith", "Jane", "K.", "Caller", "</v><script>"]
)
def test_a_voice_of_nobody_we_know_is_left_out(voice):
    assert match_voices([voice], PEOPLE) == {}


def test_a_voice_that_may_be_two_people_is_left_out():
    people = [("sam-iyer", "Sam Iyer"), ("sam-cole", "Sam Cole"), ("jo-cole", "Jo Cole")]
    assert match_voices(["Sam", "Cole", "Jo", "Sam Cole"], people) == {
        "Jo": "jo-cole",
        "Sam Cole": "sam-cole",
    }


def test_two_people_of_one_name_are_told_apart_by_their_slugs_alone():
    people = [("sam-one", "Sam Iyer"), ("sam-two", "Sam Iyer")]
    assert match_voices(["Sam Iyer", "sam iyer", "Sam One"], people) == {"Sam One": "sam-one"}


def test_a_whole_name_goes_before_a_part_of_another():
    people = [("dot", "Dot"), ("dot-farrow", "Dot Farrow"), ("resume", "Résumé"), ("r", "Resume")]
    assert match_voices(["Dot", "Résumé"], people) == {"Dot": "dot", "Résumé": "resume"}


def test_a_slug_goes_before_a_part_of_a_name():
    assert match_voices(["Leo"], [("leo", "The Mediator"), ("x", "Leo M"), ("y", "Ann Leo")]) == {
        "Leo": "leo"
    }


def test_several_voices_may_be_one_person_with_several_roles():
    people = [("dot", "Dot Farrow"), ("dot", "Dot Farrow")]
    assert match_voices(["Dot", "DOT FARROW"], people) == {"Dot": "dot", "DOT FARROW": "dot"}


def test_with_nobody_to_match_there_is_no_match():
    assert match_voices(["Dot"], []) == {}
    assert match_voices([], PEOPLE) == {}


@given(
    st.lists(st.text(max_size=12)), st.lists(st.tuples(st.text(max_size=9), st.text(max_size=12)))
)
def test_only_known_people_are_matched_and_whole_names_always(voices, people):
    found = match_voices(voices, people)
    assert set(found) <= set(voices)
    assert set(found.values()) <= {slug for slug, _name in people}
