"""The show at the desk: every form saves what was typed, and nothing else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.pages import soup, typed
from tests.staff.members import PASSWORD, add_staff, sign_in, submit
from tests.studio.show.made import FILES, SHOW, TOPICS, fields_of, save_files, send, text_of
from webapp import storage
from webapp.episodes.models import HelpCountry, Season, Show, Topic
from webapp.storage import read
from webapp.storage.history import Act

WORDS, SEASONS, TOPIC_LIST = "/desk/show/words", "/desk/show/seasons", "/desk/show/topics"
SHEETS = ("words", "seasons", "feeds", "links", "topics", "help", "people/the-host")


def told(page) -> str:
    """Return the page's main text, in one line."""
    return " ".join(soup(page).main.get_text(" ", strip=True).split())


def errors_of(page) -> list[str]:
    """Return the sentences of the summary, each of which stands at its field as well."""
    links = soup(page).select(".c-errors a")
    for link in links:
        assert soup(page).find(id=link["href"].removeprefix("#")) is not None
    return [link.get_text() for link in links]


def test_a_form_that_nobody_touched_saves_the_same_bytes(owner: FlaskClient):
    for path in SHEETS:
        page = send(owner, f"/desk/show/{path}", {})
        assert page.status_code == 302
    assert {name: text_of(name) for name in FILES} == FILES
    assert read().scalars(select(Act).where(Act.subject == "show")).all() == []


def test_the_front_door_lists_what_can_be_changed(owner: FlaskClient):
    page = owner.get("/desk/show")
    for link in soup(page).select("main a"):
        assert owner.get(link["href"]).status_code == 200
    assert soup(page).select_one("nav a[aria-current]").get_text() == "Show"


def test_words_that_are_saved_are_on_the_site_and_in_the_file(owner: FlaskClient):
    page = send(owner, WORDS, {"tagline": "Answers, soon", "about": "We *are* it.\r\n"})
    assert page.headers["Location"] == WORDS
    assert "Answers, soon" in owner.get("/").text
    assert "We <em>are</em> it." in owner.get("/about").text
    before = 'tagline: "Answers, eventually"'
    about = "  About *the* test show.\n\n  And more.\n"
    assert text_of("show.yaml") == SHOW.replace(before, "tagline: Answers, soon").replace(
        f"about: |\n{about}", "about: |\n  We *are* it.\n"
    )


def test_history_knows_who_changed_which_part_and_no_word_of_it(owner: FlaskClient):
    send(owner, WORDS, {"tagline": "Answers, soon"})
    act = read().scalars(select(Act).where(Act.subject == "show")).one()
    assert (act.actor, act.action, act.subject_id) == ("Olive", "changed show", "words")
    assert act.detail == {}
    assert "changed the show" in owner.get("/desk/log?subject=show").text


def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(owner: FlaskClient):
    page = send(owner, WORDS, {"timezone": "Mars", "name": "", "tagline": "Kept"})
    assert page.status_code == 422
    assert errors_of(page) == [
        "Write words on one line, 300 characters at most.",
        "Write a time zone by its name, such as Europe/London.",
    ]
    assert soup(page).title.get_text().startswith("Error: Words")
    assert (typed(page, "timezone"), typed(page, "tagline")) == ("Mars", "Kept")
    assert text_of("show.yaml") == SHOW


def test_an_ink_too_faint_is_refused_with_its_figure_and_the_nearest(owner: FlaskClient):
    page = send(owner, SEASONS, {"seasons-0-ink": "#B05040"})
    assert page.status_code == 422
    (said,) = errors_of(page)
    assert said.startswith("Write an ink that can be read on its field, with a contrast of 4.5")
    near = said.partition("The nearest that can be read is ")[2].removesuffix(".")
    assert send(owner, SEASONS, {"seasons-0-ink": near}).status_code == 302
    assert read().scalar(select(Season.ink).where(Season.number == 1)) == near


def test_a_season_is_added_with_colours_of_its_own(owner: FlaskClient):
    page = send(owner, SEASONS, {}, do="add:seasons")
    assert soup(page).find(id="seasons-2-number").has_attr("autofocus")
    new = {"number": "10", "title": "Ten", "field": "#0C5B62", "ink": "#FFE2A8"}
    fields = {f"seasons-2-{name}": text for name, text in new.items()}
    assert send(owner, SEASONS, fields, after=page).status_code == 302
    assert ".season-10{--field:#0C5B62;--ink:#FFE2A8}" in owner.get(stylesheet(owner)).text
    assert text_of("show.yaml").startswith(SHOW[: SHOW.index("sign_offs")])


def stylesheet(client: FlaskClient) -> str:
    return soup(client.get("/")).find("link", href=lambda href: "/show." in href)["href"]


def test_a_season_that_has_an_episode_stays(owner: FlaskClient):
    page = send(owner, SEASONS, {}, do="remove:seasons:1")
    assert "Removed: Noise" in told(page)
    page = send(owner, SEASONS, {}, after=page)
    assert errors_of(page) == ["Season 9 has 2 episodes, so it stays, under its number."]
    page = send(owner, SEASONS, {}, do="back:seasons:1", after=page)
    assert send(owner, SEASONS, {}, after=page).status_code == 302
    assert text_of("show.yaml") == SHOW


def test_a_season_without_episodes_can_go(owner: FlaskClient):
    page = send(owner, SEASONS, {}, do="remove:seasons:0")
    send(owner, SEASONS, {}, after=page)
    assert read().scalars(select(Season.number)).all() == [9]


def test_topics_are_put_in_another_order(owner: FlaskClient):
    page = send(owner, TOPIC_LIST, {}, do="up:topics:1")
    assert send(owner, TOPIC_LIST, {}, after=page).status_code == 302
    assert read().scalars(select(Topic.slug).order_by(Topic.position)).all() == ["walls", "noise"]
    assert text_of("topics.yaml").index("walls") < text_of("topics.yaml").index("noise")


def test_a_topic_that_an_episode_has_stays_under_its_address(owner: FlaskClient):
    page = send(owner, TOPIC_LIST, {"topics-1-slug": "fences"})
    words = "2 episodes have the topic “Walls”, so it stays, under the address walls."
    assert (page.status_code, errors_of(page)) == (422, [words])
    assert typed(page, "topics-1-slug") == "fences"
    assert text_of("topics.yaml") == TOPICS


def test_a_help_line_that_changes_is_on_the_help_page(owner: FlaskClient):
    page = send(owner, "/desk/show/help", {"countries-0-services-1-phone": "0800 7"})
    assert page.status_code == 302
    assert "0800 7" in owner.get("/help").text
    assert [row.code for row in read().scalars(select(HelpCountry))] == ["GB", ""]


def test_a_wrong_day_in_a_folded_row_opens_it(owner: FlaskClient):
    page = send(owner, "/desk/show/help", {"countries-0-services-0-checked": "yesterday"})
    assert errors_of(page) == ["Write a date, such as 2026-03-01."]
    field = soup(page).find(id="countries-0-services-0-checked")
    assert all(fold.has_attr("open") for fold in field.find_parents("details"))


def test_feeds_say_what_the_form_says(owner: FlaskClient):
    fields = {"podcast.author": "Dot", "podcast.type": "serial", "podcast.explicit": "true"}
    page = send(owner, "/desk/show/feeds", fields, do="add:podcast.funding")
    money = {"podcast.funding-0-label": "Buy us a kettle", "podcast.funding-0-url": "nowhere"}
    page = send(owner, "/desk/show/feeds", money, after=page)
    assert errors_of(page) == [
        "Write a web address with no name or password in it, such as https://www.example.org."
    ]
    right = {"podcast.funding-0-url": "https://kettle.example"}
    assert send(owner, "/desk/show/feeds", right, after=page).status_code == 302
    said = read().scalars(select(Show.podcast)).one()
    assert (said["author"], said["type"], said["explicit"]) == ("Dot", "serial", True)
    assert said["funding"] == [{"label": "Buy us a kettle", "url": "https://kettle.example"}]
    assert "mood: odd" in text_of("show.yaml")


def test_links_are_on_the_about_page_at_the_foot_and_told_to_search_engines(owner: FlaskClient):
    storage.write(factories.add_credited_episode)
    page = send(owner, "/desk/show/links", {}, do="add:links")
    link = {"links-0-label": "On video", "links-0-url": "https://video.example/show"}
    assert send(owner, "/desk/show/links", link, after=page).status_code == 302
    assert soup(owner.get("/about")).main.find("a", href="https://video.example/show")
    assert soup(owner.get("/")).footer.find("a", href="https://video.example/show")
    assert '"sameAs": ["https://video.example/show"]' in owner.get("/episodes/thin-walls").text
    assert soup(owner.get("/ask")).footer.find("a", href="https://video.example/show") is None


def test_what_two_people_change_in_different_fields_is_both_kept(owner: FlaskClient):
    mine = owner.get(WORDS)
    send(owner, WORDS, {"tagline": "Theirs"})
    assert send(owner, WORDS, {"copyright": "Mine"}, after=mine).status_code == 302
    assert read().execute(select(Show.tagline, Show.copyright)).one() == ("Theirs", "Mine")


def test_what_two_people_change_alike_is_shown_to_the_second_and_nothing_is_lost(
    owner: FlaskClient,
):
    mine = owner.get(WORDS)
    send(owner, WORDS, {"tagline": "Answers, by them", "email": "them@example.org"})
    page = send(owner, WORDS, {"tagline": "Answers, by me", "copyright": "Me"}, after=mine)
    assert page.status_code == 409
    assert (typed(page, "tagline"), typed(page, "copyright")) == ("Answers, by me", "Me")
    assert typed(page, "email") == "them@example.org"
    marked = soup(page).select_one(".c-clashing__text")
    assert (marked.find("del").get_text(), marked.ins.get_text()) == ("them", "me")
    assert send(owner, WORDS, {}, after=page).status_code == 302
    assert read().execute(select(Show.tagline, Show.copyright, Show.email)).one() == (
        "Answers, by me",
        "Me",
        "them@example.org",
    )


def test_the_other_side_of_a_clash_can_be_taken(owner: FlaskClient):
    mine = owner.get(WORDS)
    send(owner, WORDS, {"tagline": "Theirs", "copyright": "Theirs"})
    page = send(owner, WORDS, {"tagline": "Mine", "copyright": "Mine"}, after=mine)
    page = send(owner, WORDS, {}, do="take:tagline", after=page)
    assert (typed(page, "tagline"), typed(page, "copyright")) == ("Theirs", "Mine")
    assert len(soup(page).select(".c-clashing")) == 1
    send(owner, WORDS, {}, after=page)
    assert read().execute(select(Show.tagline, Show.copyright)).one() == ("Theirs", "Mine")


def test_a_list_that_both_changed_keeps_what_no_form_shows(owner: FlaskClient):
    mine = send(owner, TOPIC_LIST, {"topics-1-name": "Fences"}, do="add:topics")
    swapped = send(owner, TOPIC_LIST, {}, do="up:topics:1")
    send(owner, TOPIC_LIST, {}, after=swapped)
    new = {"topics-2-name": "New", "topics-2-slug": "new"}
    page = send(owner, TOPIC_LIST, new, after=mine)
    assert page.status_code == 409
    assert send(owner, TOPIC_LIST, {}, after=page).status_code == 302
    assert "{slug: walls, name: \"Fences\", summary: 'Thin ones.', colour: grey}" in text_of(
        "topics.yaml"
    )


def test_a_form_that_was_open_for_too_long_gives_everything_back(owner: FlaskClient):
    fields = fields_of(owner.get(WORDS), WORDS)
    fields.setlist("csrf_token", ["old"])
    fields.setlist("tagline", ["Kept"])
    page = owner.post(WORDS, data=fields)
    assert (page.status_code, typed(page, "tagline")) == (422, "Kept")
    assert "This page was open for too long." in errors_of(page)[0]


def test_what_was_typed_goes_on_after_a_sign_out(app: Flask, client: FlaskClient):
    add_staff(app)
    sign_in(client)
    with app.app_context():
        save_files()
    page = client.get(WORDS)
    client.delete_cookie("postbag_desk", path="/desk")
    page = send(client, WORDS, {"tagline": "Carried"}, after=page)
    assert page.status_code == 401
    fields = {"email": "sam@example.org", "password": PASSWORD}
    page = submit(client, page, "/desk/sign-in", **fields)
    assert submit(client, page, WORDS).status_code == 302
    assert "Carried" in client.get("/").text


@pytest.mark.parametrize("path", ["nothing", "words.yaml", "person"])
def test_what_is_no_part_of_the_show_is_not_there(owner: FlaskClient, path: str):
    assert owner.get(f"/desk/show/{path}").status_code == 404


def test_an_instance_without_a_show_begins_with_its_words(app: Flask, client: FlaskClient):
    add_staff(app, name="Olive", role="owner")
    sign_in(client, email="olive@example.org")
    with app.app_context():
        page = send(client, WORDS, {"name": "Brand new", "tagline": "Hello"})
        assert errors_of(page) == [
            "Write a language by its tag, such as en-GB.",
            "Write a time zone by its name, such as Europe/London.",
            "Write a mail address, such as hello@example.org.",
        ]
