"""Before you publish: what is done, what is missing, where to mend it, and what is serious."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Executable, delete, update
from sqlalchemy.orm import Session

from tests.moderation.clustering import stands
from tests.pages import soup
from tests.studio.asked import chosen, start, write
from tests.studio.made import draft, edit, finish_show, look_up, whole
from tests.studio.preflight.looked import checks, missing, serious
from webapp import clock, storage
from webapp.episodes.document import Document
from webapp.episodes.models import Episode, Medium, Person
from webapp.questions.services import withdraw
from webapp.studio.models import UnsavedPage

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_whole_episode_lacks_nothing():
    finish_show()

    assert missing(whole()) == set()


def test_an_empty_draft_lacks_nearly_all_and_only_the_answer_is_serious():
    episode = draft()

    assert missing(episode) == {
        "summary",
        "letter",
        "written",
        "media",
        "poster",
        "transcript",
        "chapters",
        "people",
        "artwork",
        "show-category",
    }
    assert serious(episode) == {"written"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("summary: What to say through a wall.\n", "", "summary"),
        ("Knock quizzically first.\n", "", "short"),
        ("Knock.\n", "![](/episodes/thin-walls/poster.jpg)\n", "pictures"),
        ("Knock.\n", "| one | |\n|---|---|\n| a | b |\n", "tables"),
        ("Knock.\n", "[There](#seven)\n", "links"),
        ("  duration: 3\n", "", "duration"),
        ("parts: [{id", "resources: [{kind: book, title: Walls}]\nparts: [{id", "resources"),
        (
            "parts: [{id",
            "resources: [{kind: book, title: Walls, checked: 2020-01-01}]\nparts: [{id",
            "resources",
        ),
        ("level: note", "level: adult", "explicit"),
        (
            'notes: [{about: video, level: note, text: "Loud knocking."}]\n',
            f'notes: [{{about: video, level: note, text: "{"x" * 4_000}"}}]\n',
            "description",
        ),
    ],
)
def test_what_is_missing_is_found(old: str, new: str, key: str):
    finish_show()
    episode = whole()
    assert edit(episode, old, new)

    assert missing(episode) == {key}
    assert serious(episode) == set()
    assert checks(episode)[key].field


def test_pictures_with_words_and_tables_with_headings_are_done():
    finish_show()
    episode = whole()
    picture, table = "![A wall](/episodes/thin-walls/poster.jpg)", "| one | two |\n|---|---|\n"
    edit(episode, "Knock.\n", f"{picture}\n\n{table}| a | b |\n")

    found = checks(episode)
    assert found["pictures"].is_done
    assert found["tables"].is_done


def test_words_for_a_picture_may_hold_any_character():
    episode = whole()
    edit(episode, "Knock.\n", '![Wall > "fence" & src=](/episodes/thin-walls/poster.jpg)\n')

    assert checks(episode)["pictures"].is_done
    assert checks(episode)["shown"].is_done


def test_one_for_adults_takes_a_note():
    episode = whole()
    edit(episode, 'notes: [{about: video, level: note, text: "Loud knocking."}]\n', "")
    edit(episode, "  duration: 3\n", "  duration: 3\n  explicit: true\n")

    assert serious(episode) == {"notes"}


def set_media(episode_id: int, **values: object) -> None:
    change = update(Medium).where(Medium.episode_id == episode_id, Medium.role == "media")
    storage.write(_run, change=change.values(values))


def test_a_file_that_directories_do_not_take_or_that_is_gone_is_serious():
    odd, empty, gone = whole("One"), draft("Two"), draft("Three")
    assert "enclosure" in checks(odd)
    set_media(odd, content_type="video/webm")
    assert serious(odd) == {"enclosure"}
    set_media(odd, content_type="video/mp4", size=0)
    assert serious(odd) == {"enclosure"}
    set_media(odd, size=10, sha256="0" * 64)
    assert serious(odd) == {"files"}
    assert "video.mp4" in checks(odd)["files"].words
    assert not {"enclosure", "files"} & (checks(empty).keys() | checks(gone).keys())


def test_of_several_files_one_is_the_first():
    episode = whole()
    edit(
        episode,
        "media: [{file: video.mp4, primary: true}]",
        'media: [{file: video.mp4}, {url: "https://video.example/1"}]',
    )
    assert "primary" not in checks(episode)
    edit(episode, "media: [{file: video.mp4}, ", "media: [")
    assert "another house alone" in checks(episode)["media"].words


def test_somebody_without_a_disclosure_is_named():
    episode = whole()
    edit(episode, ', disclosure: "Not a builder."', "")
    assert checks(episode)["people"].is_done  # their own says what to know of them
    change = update(Person).where(Person.slug == "the-host").values(disclosure="")
    storage.write(_run, change=change)

    assert "The Host" in checks(episode)["people"].words


def test_what_somebody_typed_and_did_not_save_is_serious():
    episode = whole()
    page = UnsavedPage(
        episode_id=episode,
        staff_id=7,
        name="Sam",
        revision=2,
        turn=1,
        fields=[],
        saved_at=clock.now(),
    )
    storage.write(lambda session: session.add(page))

    assert serious(episode) == {"unsaved"}
    assert checks(episode)["unsaved"].words.startswith("Sam typed something here")
    storage.write(_run, change=delete(UnsavedPage))
    assert "unsaved" not in checks(episode)


def test_an_asker_who_took_it_back_is_serious():
    question = chosen()
    episode = start(question)
    assert checks(episode)["letter"].is_done
    storage.write(withdraw, question_id=question)

    assert "letter" in serious(episode)


def test_words_that_may_be_paraphrased_only_are_serious_as_they_were_sent():
    question = chosen(consent="paraphrase", text="Is it the wall, or is it me? Both of us?")
    write(question, air="In words of our own.", web="The wall, or me?")
    episode = start(question, web="")
    assert checks(episode)["letter"].is_done
    printed = update(Episode).where(Episode.id == episode)
    storage.write(
        _run, change=printed.values(question_text="Is it the wall, or is it me? Both of us?")
    )

    assert "letter" in serious(episode)
    assert stands(question).state == "ready"


def _run(session: Session, *, change: Executable) -> None:
    session.execute(change)


def test_a_question_without_a_text_for_the_page_is_said_and_not_serious():
    question = chosen()
    episode = start(question, web="")

    assert "letter" in missing(episode)
    assert "letter" not in serious(episode)
    write(question, web="Now there is.")
    assert "letter" not in missing(episode)


def test_each_leads_to_where_it_is_mended(desk: FlaskClient):
    episode = draft()

    page = soup(desk.get(f"/desk/episodes/{episode}"))
    found = {link["href"]: link.get_text() for link in page.find(id="missing").parent.select("a")}

    here = f"/desk/episodes/{episode}"
    assert found[f"{here}/write#f-summary"].startswith("There is no summary")
    assert found[f"{here}/files#f-media"].startswith("There is no video or sound.")
    assert page.find("button", value="now").get("disabled") is None


def test_what_is_serious_takes_a_tick_each(desk: FlaskClient):
    episode = whole()
    set_media(episode, content_type="video/webm")
    emptied = update(Episode).where(Episode.id == episode)
    storage.write(_run, change=emptied.values(document=Document().model_dump_json()))
    here = f"/desk/episodes/{episode}"
    page = soup(desk.get(here))
    form = page.select_one("form.c-publish")
    data = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}

    one = desk.post(f"{here}/publish", data=data | {"when": "now", "although": ["written"]})
    both = desk.post(
        f"{here}/publish", data=data | {"when": "now", "although": ["written", "enclosure"]}
    )

    assert one.status_code == 422
    assert soup(one).select_one(".c-errors a")["href"] == "#although-enclosure"
    assert soup(one).find(id="although-written").has_attr("checked")
    assert both.status_code == 302
    assert look_up(episode).published_at
