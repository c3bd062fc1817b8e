"""Mistakes in files are told in words, by key and line, misspelt keys among them."""

from typing import Annotated

import pytest
from pydantic import Field

from webapp.episodes.expectations import Written, expected, keys_of, model_within, validate
from webapp.episodes.marked_yaml import load
from webapp.episodes.problems import BundleRefused


class Inner(Written):
    at: int = Field(description="a whole number")
    for_: str = Field("", alias="for", description="a text")


class Outer(Written):
    words: tuple[Annotated[str, Field(pattern="^[a-z]+$", description="a small word")], ...] = (
        Field((), description="a list of words")
    )
    inner: tuple[Inner, ...] = Field((), description="a list of keys")


def problems(text: str) -> list[str]:
    with pytest.raises(BundleRefused) as caught:
        validate(Outer, load(text, file="f"), file="f")
    return [str(problem) for problem in caught.value.problems]


def test_a_right_file_becomes_a_frozen_model():
    outer = validate(Outer, load("inner: [{at: 5, for: me}]", file="f"), file="f")
    assert outer == Outer(inner=(Inner.model_validate({"at": 5, "for": "me"}),))


def test_a_field_is_described_by_its_own_sentence():
    assert problems("words: a\ninner:\n- {at: x}\n- {for: [a]}") == [
        "f, line 1: words: expected a list of words",
        "f, line 3: inner.1.at: expected a whole number",
        "f, line 4: inner.2.at: expected a whole number; the key is missing",
        "f, line 4: inner.2.for: expected a text",
    ]


def test_items_of_lists_are_described_by_theirs():
    assert problems("words:\n- ok\n- Not\ninner: [x]") == [
        "f, line 3: words.2: expected a small word",
        "f, line 4: inner.1: expected a list of keys",
    ]


@pytest.mark.parametrize("text", ["", "- a", "a"])
def test_a_file_that_is_no_mapping_is_refused(text):
    assert problems(text) == [
        'f, line 1: expected keys with their values, such as title: "A title"'
    ]


def test_a_value_under_a_misspelt_key_is_checked_too():
    assert problems("innr: [{at: x}]") == [
        "f, line 1: innr: expected the key “inner”",
        "f, line 1: inner.1.at: expected a whole number",
    ]


def test_a_validator_can_say_what_it_expected():
    error = expected("something else")
    assert (error.type, error.message()) == ("expected", "something else")


def test_keys_and_models_are_known_by_their_names_in_files():
    assert keys_of(Inner) == {"at": "at", "for": "for_"}
    assert model_within(Outer, "inner") is Inner
    assert model_within(Outer, "words") is None
    assert model_within(Outer, "nothing") is None
