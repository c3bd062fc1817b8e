"""The pictures that are drawn of an episode: what is for adults is on none that others show."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.transfer.conftest import INDEX
from webapp.episodes import queries
from webapp.studio.source.pictures import draw_pictures
from webapp.transfer.bundle import read_bundle
from webapp.transfer.importing import import_bundle

QUESTION = 'question: {text: "What is so bad about it?", sign_off: "Me"}\ntopics:'


def drawn(show: Path, *, notes: str, question: bool = True) -> dict[str, bytes]:
    """Return the pictures of the show's episode, with notes and with or without its question."""
    index = show / "episodes" / "getting-to-yes" / "index.md"
    text = INDEX.format(slug="getting-to-yes").replace('[{about: "part:two", level: note', notes)
    index.write_text(text.replace("topics:", QUESTION) if question else text)
    (show / "episodes" / "getting-to-yes" / "poster.jpg").unlink(missing_ok=True)
    bundle = read_bundle(show)
    return dict(draw_pictures(bundle.episodes[0], bundle.show.name, bundle.show.seasons[0]))


def test_an_episode_has_a_poster_and_a_square_with_its_question(show: Path):
    with_question = drawn(show, notes="[{about: video, level: note")
    without = drawn(show, notes="[{about: video, level: note", question=False)

    assert set(with_question) == {"poster", "square"}
    assert with_question["poster"] != without["poster"]
    assert with_question["square"] != without["square"]


@pytest.mark.parametrize("about", ["video", "audio", "pictures", "text", '"part:two"'])
def test_what_others_show_of_an_episode_for_adults_is_neutral(show: Path, about: str):
    notes = f"[{{about: {about}, level: adult"
    with_question, without = drawn(show, notes=notes), drawn(show, notes=notes, question=False)

    assert with_question["card"] == without["card"]
    assert with_question["square"] == without["square"]
    assert (with_question["poster"] == without["poster"]) == (about == "text")


def test_the_picture_to_share_is_the_poster_unless_something_is_for_adults(
    session: Session, show: Path
):
    import_bundle(show)
    plain = queries.get_published(session, "getting-to-yes")
    assert plain.share == plain.poster

    index = show / "episodes" / "getting-to-yes" / "index.md"
    index.write_text(index.read_text().replace("level: note", "level: adult"))
    import_bundle(show)
    session.rollback()
    adult = queries.get_published(session, "getting-to-yes")
    assert adult.share == adult.picture("card")
