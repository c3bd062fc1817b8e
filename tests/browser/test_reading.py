"""Reading an episode in a browser."""

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from tests import factories
from webapp import storage
from webapp.episodes.document import Note, Part
from webapp.writing.expansion import render_expansion

EPISODE = "/episodes/the-chair-with-the-clothes"
ADULT = "/episodes/getting-to-yes"
SHOW = "http://show.test"
FRANK = """Shortly frank.[^1]

## Frank part one {#one}

See [part two](#two).

## Frank part two {#two}

Franker still.

[^1]: A frank footnote.
"""
# The browser opens the box to get to the footnote in it; the page closes it.
OPENED_AND_CLOSED_AGAIN = """() => new Promise((done) => {
  const box = document.querySelector(".c-closed--text");
  box.addEventListener("toggle", () => { if (!box.open) done(); });
  location.hash = "frank.note-1";
})"""
sqlite = pytest.mark.parametrize("engine_app", ["sqlite"], indirect=True)


def wait_until(page: Page, condition: str) -> None:
    """Wait for what a page says of itself; its policy forbids Playwright's own way."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"it never came to be that {condition}")


def test_an_episode_reads_in_its_order(quiet_page: Page):
    quiet_page.goto(EPISODE)
    headings = quiet_page.locator("main h1, main h2").all_inner_texts()
    expected = [
        "The chair, the bin and the dishwasher",
        "The short answer",
        "To read, ring and visit",
        "Every word that was said",
        "Who you heard",
        "And you?",
    ]

    assert [heading for heading in headings if heading in expected] == expected


def test_contents_lead_to_the_parts(quiet_page: Page):
    quiet_page.goto(EPISODE)
    contents = quiet_page.get_by_role("navigation", name="On this page")
    links = contents.get_by_role("link").all()

    assert len(links) >= 5
    for link in links:
        target = link.get_attribute("href").removeprefix("#")
        assert quiet_page.locator(f"[id='{target}']").count() == 1


def test_an_adult_video_stays_closed_until_it_is_opened(quiet_page: Page):
    quiet_page.goto(ADULT)

    expect(quiet_page.locator("video")).not_to_be_visible()
    quiet_page.locator("details", has=quiet_page.locator("video")).locator("summary").click()
    expect(quiet_page.locator("video")).to_be_visible()


def test_the_video_plays_and_a_chapter_seeks_it(page: Page):
    video = "document.querySelector('video')"
    page.goto(EPISODE)
    page.evaluate(f"{video}.muted = true")
    page.locator("a[href^='#t=']").nth(2).click()
    wait_until(page, f"{video}.currentTime > 5")
    start = page.evaluate(f"{video}.play().then(() => {video}.currentTime)")
    wait_until(page, f"{video}.currentTime > {start} + 0.3")
    page.evaluate(f"{video}.textTracks[0].mode = 'showing'")
    wait_until(page, f"{video}.textTracks[0].cues?.length >= 40")


def test_a_note_about_a_part_has_a_way_round_it(quiet_page: Page):
    quiet_page.goto(f"{ADULT}#part-six")
    quiet_page.locator("#part-six .c-note").get_by_role("link").click()

    expect(quiet_page.locator("#part-seven-heading")).to_be_in_viewport()


def test_the_transcript_names_who_speaks_and_leads_to_each_of_them_once(quiet_page: Page):
    quiet_page.goto(EPISODE)
    quiet_page.get_by_text("Read the transcript").click()
    people = quiet_page.locator(".c-transcript b").get_by_role("link")
    addresses = [link.get_attribute("href") for link in people.all()]

    assert "/people/dot-farrow" in addresses
    assert len(addresses) == len(set(addresses)) >= 2
    assert quiet_page.locator(".c-transcript b", has_text="Dot Farrow").count() > 3


def test_the_contents_mark_what_is_being_read(page: Page):
    page.goto(f"{EPISODE}#part-quiet")
    contents = page.get_by_role("navigation", name="On this page")

    expect(contents.locator("[aria-current=true]")).to_have_text("7 When wanting goes quiet")
    page.evaluate("document.getElementById('part-is-it-you').scrollIntoView()")
    expect(contents.locator("[aria-current=true]")).to_have_text("4 Is it you?")


@pytest.mark.parametrize(("width", "height"), [(640, 420), (320, 320)])
def test_a_frame_on_another_site_shows_the_player_alone(quiet_page: Page, width: int, height: int):
    quiet_page.set_viewport_size({"width": width, "height": height})
    quiet_page.goto(f"{EPISODE}/embed")

    expect(quiet_page.locator("video")).to_be_in_viewport(ratio=1)
    expect(quiet_page.get_by_role("heading", level=1).get_by_role("link")).to_have_attribute(
        "target", "_top"
    )
    assert quiet_page.locator("form, nav, footer, script").count() == 0
    assert quiet_page.evaluate("document.documentElement.scrollHeight") <= height


def test_a_frame_keeps_a_video_for_adults_closed(quiet_page: Page):
    quiet_page.goto(f"{ADULT}/embed")

    expect(quiet_page.locator("video")).not_to_be_visible()
    quiet_page.get_by_text("Open the video").click()
    expect(quiet_page.locator("video")).to_be_visible()


def test_a_shared_link_says_what_it_leads_to(quiet_page: Page, site: str):
    quiet_page.goto(EPISODE)
    said = {
        meta.get_attribute("property"): meta.get_attribute("content")
        for meta in quiet_page.locator("meta[property]").all()
    }

    assert said["og:type"] == "article"
    assert said["og:title"] == "The chair, the bin and the dishwasher"
    assert said["og:url"] == f"{site}{EPISODE}"
    assert said["og:description"] == quiet_page.locator("meta[name=description]").get_attribute(
        "content"
    )
    assert quiet_page.request.get(said["og:image"]).headers["content-type"] == "image/jpeg"


def test_every_number_on_the_help_page_can_be_rung_and_texted(quiet_page: Page):
    quiet_page.goto("/help")
    first = quiet_page.locator(".c-country").first

    expect(first.get_by_role("link", name="999", exact=True)).to_have_attribute("href", "tel:999")
    expect(first.get_by_role("link", name="Text SHOUT to 85258")).to_have_attribute(
        "href", "sms:85258"
    )
    for link in quiet_page.locator("a[href^='sms:'], a[href^='tel:']").all():
        assert link.get_attribute("href")[4:].lstrip("+").isdigit()


@pytest.fixture
def frank(app: Flask, page: Page) -> Page:
    """A browser in front of a show whose only episode has a text for adults."""
    return _in_front_of_frank_show(app, page)


@pytest.fixture
def quiet_frank(app: Flask, quiet_page: Page) -> Page:
    """The same show, without JavaScript."""
    return _in_front_of_frank_show(app, quiet_page)


def _in_front_of_frank_show(app: Flask, page: Page) -> Page:
    with app.app_context():
        storage.write(_add_frank_episode)
    visitor = app.test_client()

    def answer(route: Route) -> None:
        with visitor.get(route.request.url.removeprefix(SHOW)) as response:
            headers = {"Content-Type": response.content_type}
            route.fulfill(status=response.status_code, headers=headers, body=response.data)

    page.route(f"{SHOW}/**", answer)
    return page


def _add_frank_episode(session: Session) -> None:
    written = render_expansion(FRANK, prefix="frank")
    notes = (Note(about="text", level="adult", text="Franker than most."),)
    document = factories.a_document(
        notes=notes,
        short_answer_html=written.short_answer_html,
        parts=tuple(
            Part(id=part.id, number=part.number, title=part.title, html=part.html, text=part.text)
            for part in written.parts
        ),
        footnotes_html=written.footnotes_html,
    )
    episode = factories.add_episode(session, slug="frank", title="Frankly", document=document)
    episode.text_note = "adult"
    episode.question_text = "A secret letter?"


@sqlite
@pytest.mark.parametrize("path", ["/", "/episodes", "/episodes/frank"])
def test_a_text_for_adults_shows_its_title_and_summary_and_nothing_else(frank: Page, path: str):
    frank.goto(SHOW + path)

    expect(frank.get_by_role("heading", name="Frankly")).to_be_visible()
    expect(frank.get_by_text("What to say through a wall.").first).to_be_visible()
    shown = frank.locator("main").inner_text()
    for secret in ("secret letter", "Next Door", "Shortly frank", "Frank part", "Samaritans"):
        assert secret not in shown


@sqlite
@pytest.mark.parametrize(
    "anchor", ["part-two", "page-short-answer", "page-resources", "frank.note-1", "t=0"]
)
def test_no_address_opens_a_text_for_adults(frank: Page, anchor: str):
    frank.goto(f"{SHOW}/episodes/frank#{anchor}")

    lid = frank.locator("summary", has_text="Franker than most.").first
    expect(frank.get_by_text("Shortly frank")).not_to_be_visible()
    expect(lid).to_be_visible()


@sqlite
@pytest.mark.parametrize("anchor", ["part-two", "page-short-answer", "page-resources", "t=0"])
def test_without_scripts_its_addresses_lead_to_the_lid(quiet_frank: Page, anchor: str):
    quiet_frank.goto(f"{SHOW}/episodes/frank#{anchor}")

    lid = quiet_frank.locator("summary", has=quiet_frank.locator(f"[id='{anchor}']"))
    expect(lid).to_be_in_viewport()
    expect(quiet_frank.get_by_text("Shortly frank")).not_to_be_visible()
    lid.click()
    expect(
        quiet_frank.get_by_text("Hello." if anchor == "t=0" else "Franker still.")
    ).to_be_visible()


@sqlite
def test_an_address_that_is_typed_in_later_opens_nothing_and_closes_nothing(frank: Page):
    frank.goto(f"{SHOW}/episodes/frank")
    frank.evaluate(OPENED_AND_CLOSED_AGAIN)
    expect(frank.get_by_text("A frank footnote.")).not_to_be_visible()

    frank.get_by_text("Open the letter and the answer").click()
    frank.evaluate("location.hash = 'frank.ref-1'")
    expect(frank.get_by_text("A frank footnote.")).to_be_visible()
    expect(frank.get_by_text("Shortly frank")).to_be_in_viewport()


@sqlite
def test_inside_of_an_opened_text_links_lead_on(frank: Page):
    frank.goto(f"{SHOW}/episodes/frank")
    frank.get_by_text("Open the letter and the answer").click()
    expect(frank.get_by_text("A secret letter?")).to_be_visible()
    frank.get_by_role("navigation", name="On this page").get_by_role("link", name="2 Frank").click()

    expect(frank.get_by_role("heading", name="Frank part two")).to_be_in_viewport()
    assert frank.url.endswith("#part-two")


@sqlite
def test_a_printed_text_for_adults_stays_off_the_paper(frank: Page):
    frank.goto(f"{SHOW}/episodes/frank")
    frank.emulate_media(media="print")

    expect(frank.get_by_text("Shortly frank")).not_to_be_visible()
    expect(frank.get_by_role("heading", level=1)).to_be_visible()
    expect(frank.get_by_text("Printed from")).to_be_visible()
