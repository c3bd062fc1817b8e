"""Writing an episode at the desk: its form, two who write at once, and the preview."""

import re

import pytest
from flask.testing import FlaskClient

from tests.moderation.clustering import EDITH, plan
from tests.pages import heading, soup, typed
from tests.staff.members import token
from tests.studio.asked import WORDS, chosen
from tests.studio.asked import write as write_web_text
from tests.studio.writing import (
    change,
    draft,
    followed,
    index_of,
    open_page,
    problems,
    send,
    text_of,
    unsaved,
)
from webapp import storage
from webapp.studio.services import publish


def test_an_episode_is_started_from_nothing(desk: FlaskClient):
    page = desk.get("/desk/episodes/new")
    empty = desk.post("/desk/episodes/new", data={"csrf_token": token(page), "season": "1"})
    answer = desk.post(
        "/desk/episodes/new",
        data={"csrf_token": token(page), "title": "Thin walls", "season": "1"},
    )

    assert empty.status_code == 422
    assert heading(followed(desk, answer)) == "Writing: Thin walls"


def test_saving_an_untouched_form_changes_nothing(desk: FlaskClient):
    episode_id = draft()
    before = index_of(episode_id)

    page = followed(desk, send(desk, open_page(desk, episode_id)))

    assert "It was so already" in soup(page).get_text()
    assert index_of(episode_id) == before
    assert unsaved(episode_id) is None


def test_what_was_typed_is_saved_and_everything_else_stays(desk: FlaskClient):
    episode_id = draft()

    answer = send(
        desk,
        open_page(desk, episode_id),
        {"title": "Thick walls", "parts-0-text": "- [ ] I waited.", "topics": ["noise"]},
    )

    page = followed(desk, answer)
    assert "Saved." in soup(page).get_text()
    assert "## One {#one}\n\n- [ ] I waited.\n\n## Two {#two}\n\nThen talk.\n" in index_of(
        episode_id
    )
    assert unsaved(episode_id) is None
    assert "Throw it away" not in text_of(page)


def test_buttons_move_remove_and_put_back_and_lead_to_the_place(desk: FlaskClient):
    episode_id = draft()
    moved = send(desk, open_page(desk, episode_id), {"summary": "Mine"}, do="down:parts:0")
    page = followed(desk, moved)

    assert moved.location.endswith("focus=parts-1-up#parts-1-up")
    assert soup(page).select_one("#parts-1-up").has_attr("autofocus")
    assert [typed(page, f"parts-{at}-title") for at in (0, 1)] == ["Two", "One"]
    assert typed(page, "summary") == "Mine"

    page = followed(desk, send(desk, page, do="remove:parts:0"))
    assert "Removed: Two" in text_of(page)
    page = followed(desk, send(desk, page, do="back:parts:0"))
    page = followed(desk, send(desk, page, do="add:parts:0"))

    assert soup(page).select_one("#parts-1-title").has_attr("autofocus")
    send(desk, page, {"parts-1-title": "Between"})
    heads = re.findall(r"^## .*", index_of(episode_id), re.MULTILINE)
    assert heads == ["## Two {#two}", "## Between {#between}", "## One {#one}"]


def test_a_row_that_was_just_added_is_there_although_nothing_is_in_it(desk: FlaskClient):
    episode_id = draft("")
    page = followed(desk, send(desk, open_page(desk, episode_id), do="add:parts"))
    assert soup(page).select_one("#parts-0-title")
    page = followed(desk, send(desk, page, do="add:parts"))
    assert soup(page).select_one("#parts-1-title")


def test_what_is_not_saved_is_shown_again_and_can_be_thrown_away(desk: FlaskClient):
    episode_id = draft()
    send(desk, open_page(desk, episode_id), {"title": "Half a tit"}, do="preview")

    page = open_page(desk, episode_id)

    assert "You had typed this on" in text_of(page)
    assert typed(page, "title") == "Half a tit"
    page = followed(desk, send(desk, page, do="throw-away"))
    assert typed(page, "title") == "Thin walls"
    assert unsaved(episode_id) is None


def test_a_word_that_never_ends_is_refused_at_the_field(desk: FlaskClient):
    episode_id = draft()
    page = send(desk, open_page(desk, episode_id), {"short": "a" * 100_000})
    assert page.status_code == 422
    assert "#f-short" in problems(page)
    assert typed(page, "short") == "a" * 100_000
    preview = followed(desk, send(desk, page, do="preview"))
    assert heading(preview) == "There is no preview yet"


def test_what_is_wrong_is_said_at_its_field_with_everything_typed(desk: FlaskClient):
    episode_id = draft()
    before = index_of(episode_id)

    page = send(
        desk,
        open_page(desk, episode_id),
        {
            "title": "",
            "slug": "No Slug",
            "number": "first",
            "short": "Kept.",
            "resources-0-kind": "book",
            "resources-0-title": "Mating in Captivity",
            "resources-0-checked": "yesterday",
        },
    )

    assert page.status_code == 422
    said = problems(page)
    assert {"#f-title", "#f-slug", "#f-number", "#resources-0-checked"} == set(said)
    for where, words in said.items():
        field = soup(page).select_one(where)
        assert (
            words in soup(page).select_one(f"#{field['aria-describedby'].split()[-1]}").get_text()
        )
    assert typed(page, "short") == "Kept."
    assert typed(page, "slug") == "No Slug"
    assert index_of(episode_id) == before
    assert unsaved(episode_id) is not None


def test_a_field_that_no_file_can_hold_is_mended_too(desk: FlaskClient):
    page = send(desk, open_page(desk, draft()), {"parts-1-at": "later", "parts-0-title": ""})

    assert page.status_code == 422
    assert set(problems(page)) == {"#parts-1-at", "#parts-0-title"}


def test_a_page_that_was_open_for_too_long_keeps_everything(desk: FlaskClient):
    page = send(desk, open_page(desk, draft()), {"csrf_token": "old", "short": "Still here."})

    assert page.status_code == 422
    assert typed(page, "short") == "Still here."
    assert "Saved." in soup(followed(desk, send(desk, page))).get_text()


@pytest.mark.parametrize("do", ["save", "preview", "add:parts"])
def test_a_button_in_another_tab_does_not_throw_away_what_this_one_has_kept(
    desk: FlaskClient, do: str
):
    episode_id = draft()
    one, other = open_page(desk, episode_id), open_page(desk, episode_id)
    send(desk, one, {"short": "Half an answer."}, do="preview")

    page = send(desk, other, {"summary": "From the other."}, do=do)

    assert page.status_code == 409
    assert "You have written here in another tab as well." in text_of(page)
    assert typed(page, "summary") == "From the other."
    assert typed(open_page(desk, episode_id), "short") == "Half an answer."
    assert send(desk, page, do=do).status_code == 303


def test_whoever_goes_back_to_a_page_goes_on_there(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    send(desk, page, {"short": "One."}, do="preview")

    followed(desk, send(desk, page, {"short": "One and two."}))

    assert "One and two." in index_of(episode_id)


def test_a_nul_takes_no_text_with_it(desk: FlaskClient):
    episode_id = draft()

    followed(desk, send(desk, open_page(desk, episode_id), {"short": "Before\0after."}))

    assert "Before\ufffdafter." in index_of(episode_id)


def test_two_editors_at_once_both_keep_what_they_wrote(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    change(episode_id, "Then talk.", "Then listen.")

    followed(desk, send(desk, page, {"parts-0-text": "Then wait longer."}))

    text = index_of(episode_id)
    assert "Then wait longer." in text
    assert "Then listen." in text


def test_a_field_that_both_changed_is_chosen_and_nothing_is_lost(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    change(episode_id, "Then wait.", "Then wait outside.")
    change(episode_id, "title: Thin walls", "title: Thinner walls")
    mine = {"parts-0-text": "Then wait a while.", "title": "My walls", "summary": "Only mine"}

    clash = send(desk, page, mine)

    assert clash.status_code == 409
    assert "Somebody was there before you" in text_of(clash)
    assert {"a while", "outside"} <= {mark.get_text() for mark in soup(clash).select("mark")}
    assert "title:" not in text_of(clash)
    assert typed(clash, "parts-0-text") == "Then wait a while."
    assert "Only mine" not in index_of(episode_id)

    followed(desk, send(desk, clash, {"choice|part one": "here", "choice|title": "there"}))

    text = index_of(episode_id)
    assert "Then wait outside." in text
    assert "My walls" in text
    assert "Only mine" in text


def test_both_versions_of_a_text_can_be_put_together(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    change(episode_id, "Then wait.", "Then wait outside.")
    clash = send(desk, page, {"parts-0-text": "Then wait a while."})

    both = send(desk, clash, {"choice|part one": "both"})

    assert both.status_code == 409
    assert typed(both, "parts-0-text") == "Then wait a while.\n\nThen wait outside."
    followed(desk, send(desk, both, {"parts-0-text": "Then wait outside a while."}))
    assert "Then wait outside a while." in index_of(episode_id)


def test_a_choice_holds_only_for_what_was_seen(desk: FlaskClient):
    episode_id = draft()
    page = open_page(desk, episode_id)
    change(episode_id, "Then wait.", "Then wait outside.")
    clash = send(desk, page, {"parts-0-text": "Then wait a while."})
    change(episode_id, "Then wait outside.", "Then wait in the garden.")

    again = send(desk, clash, {"choice|part one": "there"})

    assert again.status_code == 409
    assert "garden" in text_of(again)
    assert "garden" in index_of(episode_id)


def test_unsaved_writing_knows_that_somebody_saved_meanwhile(desk: FlaskClient):
    episode_id = draft()
    send(desk, open_page(desk, episode_id), {"summary": "Mine"}, do="preview")
    change(episode_id, "Then talk.", "Then listen.")

    assert "Olu saved this page on" in text_of(open_page(desk, episode_id))


def test_a_new_address_leads_on_from_the_old_one_once_it_was_out(desk: FlaskClient):
    never_out, out = draft(), draft()
    storage.write(publish, episode_id=out, actor=EDITH)

    followed(desk, send(desk, open_page(desk, never_out), {"slug": "walls"}))
    followed(desk, send(desk, open_page(desk, out), {"slug": "thick-walls"}))

    assert "aliases" not in index_of(never_out)
    assert "/episodes/thin-walls-2" in index_of(out)
    assert desk.get("/episodes/thin-walls-2").location.endswith("/episodes/thick-walls")


def test_a_letter_is_shown_and_in_no_field(desk: FlaskClient):
    episode_id, question = draft(), chosen()
    write_web_text(question, web=WORDS)
    plan(question, episode_id)

    page = open_page(desk, episode_id)

    assert WORDS in text_of(page)
    assert soup(page).select_one("[name=question_text]") is None
    followed(desk, send(desk, page, {"summary": "Short", "question_text": "Mine instead"}))
    assert "question:" not in index_of(episode_id)
    storage.write(publish, episode_id=episode_id, actor=EDITH)
    followed(desk, send(desk, open_page(desk, episode_id), {"summary": "Shorter"}))
    assert WORDS in index_of(episode_id)


def test_the_preview_is_the_page_of_what_was_typed(desk: FlaskClient):
    episode_id = draft()
    answer = send(desk, open_page(desk, episode_id), {"parts-0-title": "Unheard of"}, do="preview")

    page = followed(desk, answer)

    assert "None of it is saved yet" in soup(page).select_one(".c-preview").get_text()
    assert "Unheard of" in text_of(page)
    assert soup(page).select_one("meta[name=robots]")["content"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "Unheard of" not in index_of(episode_id)
    write = open_page(desk, episode_id)
    assert "frame-src 'self'" in write.headers["Content-Security-Policy"]


def test_the_preview_says_what_keeps_it_from_being_made(desk: FlaskClient):
    episode_id = draft()
    answer = send(desk, open_page(desk, episode_id), {"title": ""}, do="preview")

    page = followed(desk, answer)

    assert heading(page) == "There is no preview yet"
    assert "Title:" in text_of(page)
    assert soup(page).find("a", string="Back to writing")["target"] == "_top"


def test_beside_the_form_a_missing_preview_brings_no_second_masthead(desk: FlaskClient):
    episode_id = draft()
    answer = send(desk, open_page(desk, episode_id), {"title": ""}, do="preview")

    framed = desk.get(answer.location, headers={"Sec-Fetch-Dest": "iframe"})

    assert heading(framed) == "There is no preview yet"
    assert soup(framed).select_one("header") is None
    assert soup(desk.get(answer.location)).select_one("header")
