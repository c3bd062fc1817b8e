"""No link from outside leads into a closed box: browsers would open it."""

from tests import factories
from webapp.episodes.document import Note, Part
from webapp.studio.source.lids import lead_to_lids

FRANK = Note(about="part:two", level="adult", text="Frank.")
INNER = '<h3 id="e.sub-down">Down</h3><p><a href="#e.sub-down">there</a><sup class="footnote-ref">'
LINK = '<a href="#e.sub-down">Down</a> <a href="#e.note-1">1</a> <a href="#part-two">two</a>'


def page(*notes: Note):
    """Return a page whose first part links into its second."""
    return factories.a_document(
        short_answer_html=LINK,
        parts=(
            Part(id="one", number=1, title="One", html=LINK, text=""),
            Part(id="two", number=2, title="Two", html=INNER, text="", notes=notes),
        ),
        footnotes_html='<ol><li id="e.note-1">Louder.</li></ol>',
    )


def test_links_into_a_part_for_adults_lead_to_its_lid():
    led = lead_to_lids(page(FRANK))

    on_the_lids = LINK.replace("#e.sub-down", "#part-two").replace("#e.note-1", "#page-footnotes")
    assert led.short_answer_html == on_the_lids
    assert led.parts[0].html == on_the_lids
    assert led.parts[1].html == INNER  # inside of the box they may lead where they want


def test_links_into_what_is_open_stay():
    assert lead_to_lids(page()) == page()
