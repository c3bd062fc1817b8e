"""The lines of a transcript, and the chapters, as a page prints them."""

import pytest

from tests.work import bounded_work
from webapp.episodes.document import Document, Note, Part
from webapp.episodes.said import list_chapters, list_lines, list_moments
from webapp.transcripts import Chapter, Paragraph

PEOPLE = (("dot-farrow", "Dot Farrow"), ("leo", "Leo Okafor"))


def said(*lines: tuple[float, str, str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(*line) for line in lines)


def chapters(*starts: float) -> tuple[Chapter, ...]:
    return tuple(Chapter(start, f"At {start}") for start in starts)


def parts(**moments: int | None) -> tuple[Part, ...]:
    return tuple(
        Part(id=name, number=number, title=name.title(), html="", text="", at=at)
        for number, (name, at) in enumerate(moments.items(), start=1)
    )


def adult(about: str) -> tuple[Note, ...]:
    return (Note(about=about, level="adult", text="Frank."),)


THREE = said((3.2, "", "One."), (10.9, "", "Two."), (30, "", "Three."))


def test_a_line_begins_in_a_whole_second():
    assert [(line.at, line.text) for line in list_lines(Document(transcript=THREE), ())] == [
        (3, "One."),
        (10, "Two."),
        (30, "Three."),
    ]


def test_of_two_lines_in_one_second_links_lead_to_the_first():
    document = Document(transcript=said((3.1, "", "a"), (3.9, "", "b"), (4, "", "c")))

    assert [line.is_first for line in list_lines(document, ())] == [True, False, True]


def test_a_voice_is_printed_with_its_persons_name_and_leads_to_the_page_once():
    document = Document(
        transcript=said((0, "DOT", "a"), (1, "Leo", "b"), (2, "DOT", "c"), (3, "Caller", "d"))
    )

    assert [(line.voice, line.person) for line in list_lines(document, PEOPLE)] == [
        ("Dot Farrow", "dot-farrow"),
        ("Leo Okafor", "leo"),
        ("Dot Farrow", ""),
        ("Caller", ""),
    ]


def test_nobody_is_named_where_the_transcript_names_nobody():
    (line,) = list_lines(Document(transcript=said((0, "", "[rain]"))), PEOPLE)

    assert (line.voice, line.person) == ("", "")


def test_a_moment_lies_in_the_line_that_is_being_said_then():
    document = Document(
        transcript=THREE, chapters=chapters(0, 3.4, 12.5, 500), parts=parts(one=12, two=29)
    )

    # 3 is where the first line begins: the line itself is what a link to it leads to.
    assert [line.moments for line in list_lines(document, ())] == [(0,), (12, 29), (500,)]


def test_a_part_stands_before_the_line_that_is_being_said_when_it_begins():
    document = Document(transcript=THREE, parts=parts(a=1, b=10, c=29, d=None, e=99))
    lines = list_lines(document, ())

    assert [[part.id for part in line.parts] for line in lines] == [["a"], ["b", "c"], ["e"]]


def test_between_lines_of_one_second_a_part_stands_before_the_last():
    document = Document(transcript=said((3, "", "a"), (3, "", "b")), parts=parts(one=3))

    assert [len(line.parts) for line in list_lines(document, ())] == [0, 1]


@pytest.mark.parametrize("about", ["video", "audio", "text"])
def test_moments_of_a_transcript_for_adults_stay_on_its_lid(about: str):
    document = Document(transcript=THREE, chapters=chapters(12), notes=adult(about))

    assert [line.moments for line in list_lines(document, ())] == [(), (), ()]
    assert list_moments(document) == (3, 10, 12, 30)


def test_a_text_for_adults_has_its_parts_named_nowhere():
    document = Document(
        transcript=THREE, chapters=chapters(0, 12), parts=parts(one=3), notes=adult("text")
    )

    assert [line.parts for line in list_lines(document, ())] == [(), (), ()]
    assert [chapter.part for chapter in list_chapters(document)] == [None, None]


def test_each_moment_is_listed_once_and_in_order():
    document = Document(
        transcript=THREE, chapters=chapters(0, 30, 3.9), parts=parts(a=31, b=None, c=30)
    )

    assert list_moments(document) == (0, 3, 10, 30, 31)


def test_a_chapter_names_its_part_where_a_new_one_begins():
    document = Document(
        chapters=chapters(0, 12.5, 20, 29, 40), parts=parts(late=40, first=12, beside=12, second=29)
    )

    assert [(line.at, line.part and line.part.id) for line in list_chapters(document)] == [
        (0, None),
        (12, "first"),
        (20, None),
        (29, "second"),
        (40, "late"),
    ]


def test_nothing_is_made_of_nothing():
    assert list_lines(Document(), PEOPLE) == list_chapters(Document()) == list_moments(Document())
    assert list_moments(Document()) == ()


def test_a_recording_of_a_whole_day_takes_no_time():
    seconds = range(0, 86_400, 2)
    document = Document(
        transcript=said(*((second, f"Voice {second % 7}", "Words.") for second in seconds)),
        chapters=chapters(*(second + 1 for second in seconds)),
        parts=parts(**{f"p{second}": second + 1 for second in seconds[:2_000]}),
    )

    with bounded_work(200):
        lines = list_lines(document, PEOPLE)
        listed = list_chapters(document)

    assert all(line.moments == (line.at + 1,) for line in lines)
    assert sum(chapter.part is not None for chapter in listed) == 2_000
