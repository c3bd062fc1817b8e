"""What a page's document says of itself."""

import pytest

from webapp.episodes.document import Document, Note, Part

NOTES = (
    Note(about="pictures", level="adult", text="Bare."),
    Note(about="video", level="note", text="Loud."),
    Note(about="video", level="adult", text="Frank."),
    Note(about="part:one", level="adult", text="Franker."),
)


def part(html: str = "", *notes: Note) -> Part:
    return Part(id="one", number=1, title="One", html=html, text="", notes=notes)


def test_why_media_stay_closed_is_told_in_the_order_asked_for():
    document = Document(notes=NOTES)

    assert [note.text for note in document.adult_notes("video", "pictures")] == ["Frank.", "Bare."]
    assert document.adult_notes("audio", "text") == ()


def test_media_stay_closed_when_any_of_them_is_for_adults():
    document = Document(notes=NOTES)

    assert document.is_adult("audio", "video")
    assert not document.is_adult("audio", "text")
    assert document.is_transcript_adult


def test_a_note_names_its_medium_unless_it_is_about_a_part():
    assert [note.medium for note in NOTES] == ["the pictures", "the video", "the video", ""]


@pytest.mark.parametrize(("level", "closed"), [("note", False), ("adult", True)])
def test_a_part_stays_closed_for_a_note_at_the_level_adult(level: str, *, closed: bool):
    assert part("", Note(about="part:one", level=level, text="Frank.")).is_adult is closed


def test_a_part_knows_its_checklists_and_footnotes():
    ticked = part('<ul class="checklist"><li>Knock</li></ul>')
    noted = part('<p>Knock<sup class="footnote-ref"><a href="#note-1">1</a></sup></p>')

    assert (ticked.has_checklist, ticked.has_footnotes) == (True, False)
    assert (noted.has_checklist, noted.has_footnotes) == (False, True)
