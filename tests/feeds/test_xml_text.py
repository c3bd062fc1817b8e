"""Whatever a text holds, the feed around it can be read."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.made import HOSTILE, TAMED
from tests.feeds.reading import tree_of
from webapp.feeds.xml_text import add, clean, serialize, without_surrogates


@pytest.mark.parametrize(
    "forbidden",
    [
        "\x00",
        "\x08",
        "\x0b",
        "\x0c",
        "\x1f",
        "\x7f",
        "\x9f",
        "\ud800",
        "\ufffe",
        "\ufdd0",
    ],
)
def test_what_xml_forbids_is_stripped(forbidden: str):
    assert clean(f"a{forbidden}b") == "ab"


@pytest.mark.parametrize("kept", ["\t", "\n", "é", "\u202e", "\ufffd", "\U0001f346", "\U0010fffd"])
def test_all_else_stays(kept: str):
    assert clean(f"a{kept}b") == f"a{kept}b"


def test_lines_end_as_a_parser_would_end_them():
    assert clean("a\r\nb\rc\n") == "a\nb\nc\n"


def test_halves_of_characters_go_and_whole_ones_stay():
    assert without_surrogates("a\ud83cb\U0001f346") == "ab\U0001f346"


def test_hostile_text_and_attributes_come_out_as_they_went_in():
    root = ET.Element("root")
    add(root, "child", HOSTILE, {"name": HOSTILE})

    child = tree_of(serialize(root))[0]

    assert child.text == TAMED
    assert child.get("name") == TAMED


def test_a_document_begins_with_its_declaration():
    assert serialize(ET.Element("a")) == b'<?xml version="1.0" encoding="utf-8"?>\n<a />'


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_can_be_read_back(text: str):
    root = ET.Element("root", {"name": text})
    root.text = text

    read = tree_of(serialize(root))

    assert (read.text or "") == clean(text)
