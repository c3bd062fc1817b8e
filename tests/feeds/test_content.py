"""An episode in words, and what a note for adults leaves out of it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from tests import factories
from tests.feeds.made import HOSTILE, PAGE, adult, an_entry
from tests.feeds.reading import addresses_in
from webapp.episodes.document import Correction, Note, Part, Resource
from webapp.feeds.content import content, description


def text_of(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True).replace(" ,", ",")


def test_the_whole_answer_is_there_in_its_order():
    document = factories.a_document(
        footnotes_html='<ol class="footnotes"><li id="thin-walls.note-1">Brick.</li></ol>',
        corrections=(
            Correction(date=date(2026, 4, 1), part="two", text="Not so loud."),
            Correction(date=date(2026, 5, 1), part="", text="Wrong street."),
        ),
    )

    said = text_of(content(an_entry(document=document), PAGE))

    pieces = [
        "Can you hear me?", "Next Door", "Knock first.", "1. Knock", "Knock.", "2. Speak",
        "Speak.", "Corrected on 1 April 2026: Not so loud.", "Footnotes", "Brick.",
        "Corrections", "Corrected on 1 May 2026: Wrong street.", "To read, ring and visit",
        "Service: Samaritans, United Kingdom, free", "This answer on its own page",
    ]  # fmt: skip
    places = [said.index(piece) for piece in pieces]
    assert places == sorted(places)


def test_the_question_is_a_quotation():
    quoted = BeautifulSoup(content(an_entry(), PAGE), "html.parser").blockquote

    assert text_of(str(quoted)) == "Can you hear me? Next Door"
    assert "<blockquote>" not in content(an_entry(question_text=""), PAGE)


def test_headings_lead_to_their_part_and_every_address_is_absolute():
    part = Part(
        id="one",
        number=1,
        title="Knock",
        html='<p><a href="/help">help</a> <a href="#part-two">two</a><img src="/a.png" alt=""></p>',
        text="",
    )
    html = content(an_entry(document=factories.a_document(parts=(part,))), PAGE)

    site = "https://show.example"
    assert set(addresses_in(html)) == {
        f"{PAGE}#part-one", f"{site}/help", f"{PAGE}#part-two", f"{site}/a.png", PAGE,
        "https://www.samaritans.org",
    }  # fmt: skip


def test_a_checklist_has_boxes_that_any_reader_shows():
    items = (
        '<ul class="checklist"><li><label><input type="checkbox" id="x.y"> Tea</label></li></ul>'
    )
    html = content(an_entry(document=factories.a_document(short_answer_html=items)), PAGE)

    assert "☐ Tea" in html
    assert "<input" not in html


def test_a_resource_says_what_is_known_of_it():
    book = Resource(
        kind="book", title="On <walls>", by="A. Brick", url="", country="", cost="free",
        checked=date(2026, 3, 1),
    )  # fmt: skip
    html = content(an_entry(document=factories.a_document(resources=(book,))), PAGE)

    assert "<li>Book: On &lt;walls&gt;, A. Brick, free, checked on 1 March 2026</li>" in html


def test_notes_come_first_those_for_adults_before_all_and_none_twice():
    document = factories.a_document(
        notes=(
            Note(about="text", level="note", text="No pictures."),
            adult("video"),
            adult("audio"),
            Note(about="part:one", level="note", text="Loud."),
        )
    )

    for html in (content, description):
        said = text_of(html(an_entry(document=document), PAGE))
        assert said.startswith(
            "For adults, the video and the sound: Frank talk. Note, the text: No pictures."
        )
        assert said.count("Frank talk.") == 1


def test_a_closed_text_is_left_to_the_page():
    document = factories.a_document(notes=(adult("text", "Frank."),))

    said = text_of(content(an_entry(document=document), PAGE))

    assert said == (
        "For adults, the text: Frank. What to say through a wall. The whole answer, written out"
    )


def test_a_closed_part_is_left_to_the_page_and_the_rest_is_there():
    closed = Part(
        id="one",
        number=1,
        title="Knock",
        html="<p>Secret.</p>",
        text="",
        notes=(adult("part:one"),),
    )
    opened = Part(id="two", number=2, title="Speak", html="<p>Open.</p>", text="")
    html = content(an_entry(document=factories.a_document(parts=(closed, opened))), PAGE)

    assert "Secret." not in html
    assert "For adults, this part: Frank talk." in html
    assert f'<a href="{PAGE}#part-one">Read this part' in html
    assert "Open." in html


def test_a_description_is_short_and_has_few_tags():
    wordy = an_entry(summary="語 " * 5000, question_text="Why?")

    html = description(wordy, PAGE)

    assert len(html.encode()) <= 4000
    assert {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)} <= {"p", "a"}
    assert "Why?" not in html
    assert f'<a href="{PAGE}">' in description(an_entry(), PAGE)


@pytest.mark.parametrize("field", ["summary", "question_text", "question_sign_off"])
def test_hostile_words_stay_words(field: str):
    closed = factories.a_document(notes=(adult("text", HOSTILE),))
    for document in (factories.a_document(), closed):
        html = content(an_entry(document=document, **{field: HOSTILE}), PAGE)
        assert BeautifulSoup(html, "html.parser").find("script") is None
    assert "<script" not in description(an_entry(summary=HOSTILE), PAGE)


def test_an_episode_with_nothing_but_a_title_has_a_link():
    document = factories.a_document(short_answer_html="", parts=(), resources=())
    bare = an_entry(document=document, question_text="", question_sign_off="", summary="")

    assert text_of(content(bare, PAGE)) == "This answer on its own page"


def test_footnotes_of_a_part_for_adults_are_left_to_the_page():
    note = Note(about="part:one", level="adult", text="Frank.")
    marked = '<p>Knock.<sup class="footnote-ref"><a href="#x">1</a></sup></p>'
    part = Part(id="one", number=1, title="Knock", html=marked, text="Knock.", notes=(note,))
    document = factories.a_document(parts=(part,), footnotes_html="<ol><li>Louder.</li></ol>")

    html = content(an_entry(document=document), PAGE)

    assert "Louder." not in html
    assert "Footnotes" not in html
