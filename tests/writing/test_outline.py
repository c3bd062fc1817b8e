from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.writing import render_expansion
from webapp.writing.outline import head_of, outline

LINES = st.sampled_from(
    ["## One", "## Two {#two}", "##Three", "Four\n---", "text", "", "```", "> ## no", "- ## no",
     "a\u2028## b", "a\u2029## c", "\x0b## d", "**Bold**", "• ## no", "    ## no", "## One ##"]
)  # fmt: skip


def test_an_outline_has_the_short_answer_and_the_parts_as_typed():
    text = "Short.\n\n## One *is* it {#one}\nFirst.\n\nTwo\n---\n\nSecond.\n"
    found = outline(text)
    assert found.short == "Short.\n\n"
    assert [(each.id, each.title, each.text) for each in found.sections] == [
        ("one", "One *is* it", "First.\n\n"),
        ("two", "Two", "\nSecond.\n"),
    ]
    assert found.sections[1].head == "Two\n---\n"


def test_a_part_without_an_id_has_that_of_its_title():
    assert [each.id for each in outline("## A b\n## A b\n## {#x}\n").sections] == [
        "a-b", "a-b-2", "x",
    ]  # fmt: skip


def test_the_line_that_opens_a_part_reads_as_it_was_meant():
    [part] = outline(head_of("Say it *once*", "once") + "Text.\n").sections
    assert (part.title, part.id, part.text) == ("Say it *once*", "once", "Text.\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_pieces_join_to_the_text_and_are_the_parts_of_the_page(lines: list[str], end: str):
    text = end.join(lines)
    found = outline(text)
    joined = found.short + "".join(each.head + each.text for each in found.sections)
    assert joined == text
    page = render_expansion(text, prefix="x")
    assert [each.id for each in found.sections] == [part.id for part in page.parts]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_joins_again(text: str):
    found = outline(text)
    assert found.short + "".join(each.head + each.text for each in found.sections) == text
