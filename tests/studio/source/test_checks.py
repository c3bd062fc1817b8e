"""What the files of a bundle may not say against each other."""

import pytest

from tests.transfer.conftest import problems_of, write_episode
from webapp.studio.source.checks import find_unknown
from webapp.studio.source.files import Known
from webapp.transfer.bundle import read_bundle

INDEX = "episodes/getting-to-yes/index.md"


def change(path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("slug: getting-to-yes", "slug: other", "line 4: slug: expected the name of the folder"),
        ("season: 1", "season: 2", "line 7: episode.season: expected a season of show.yaml"),
        ("topics: [sex]", "topics: [sex, sox]", "line 6: topics.2: expected a topic"),
        ("person: the-host", "person: a-ghost", "line 10: contributors.1.person: expected"),
        ("part:two", "part:ten", "line 9: notes.1.about: expected the id of a part of the text"),
        ("{id: one,", "{id: ten,", "line 11: parts.1.id: expected the id of a part of the text"),
        ("part: two,", "part: ten,", "line 12: corrections.1.part: expected the id of a part"),
    ],
)
def test_what_an_episode_names_must_be_there(show, episode, old, new, problem):
    change(episode / "index.md", old, new)
    (found,) = problems_of(show)
    assert found.startswith(f"{INDEX}, {problem}")


def test_all_contradictions_are_reported_at_once(show, episode):
    change(episode / "index.md", "season: 1", "season: 9")
    change(episode / "index.md", "topics: [sex]", "topics: [sox]")
    change(episode / "index.md", "person: the-host", "person: a-ghost")
    assert len(problems_of(show)) == 3


def test_what_a_part_of_a_show_does_not_hold_is_left_to_the_import(show, episode):
    change(episode / "index.md", "topics: [sex]", "topics: [sox]")
    (show / "show.yaml").unlink()
    assert read_bundle(show).episodes[0].front.topics == ("sox",)


def test_two_episodes_cannot_share_a_guid(show):
    other = write_episode(show, "other")
    change(other / "index.md", "guid-of-other", "guid-of-getting-to-yes")
    (found,) = problems_of(show)
    assert found.startswith("episodes/other/index.md, line 2: guid: expected one of its own")
    assert INDEX in found


def test_two_episodes_cannot_share_a_slug(show):
    other = write_episode(show, "other")
    change(other / "index.md", "slug: other", "slug: getting-to-yes")
    assert [found.split(": expected")[1][:16] for found in problems_of(show)] == [
        " one of its own;",
        " the name of the",
    ]


def test_two_episodes_cannot_share_an_alias(show, episode):
    other = write_episode(show, "other")
    for index in (episode / "index.md", other / "index.md"):
        change(index, "topics:", 'aliases: ["/old"]\ntopics:')
    (found,) = problems_of(show)
    assert found.startswith("episodes/other/index.md, line 6: aliases: expected one of its own")


def test_addresses_are_the_same_however_they_are_written(show, episode):
    change(episode / "index.md", "topics:", 'aliases: ["/aA", "/a%41"]\ntopics:')
    (found,) = problems_of(show)
    assert found.startswith(f"{INDEX}, line 6: aliases: expected each address once")

    change(episode / "index.md", '"/aA", ', "")
    other = write_episode(show, "other") / "index.md"
    change(other, "topics:", 'aliases: ["/aA"]\ntopics:')
    (found,) = problems_of(show)
    assert "aliases: expected one of its own" in found


@pytest.mark.parametrize("is_saved", [True, False])
def test_an_episode_keeps_the_slug_that_it_is_saved_under(show, episode, is_saved):
    """Whatever else claims it: what is out can always be saved."""
    saved = {"getting-to-yes": "guid-of-getting-to-yes"} if is_saved else {}
    stolen = {"/episodes/getting-to-yes": "guid-of-a-thief"}
    known = Known(frozenset(), {}, {}, guids=saved, aliases=stolen, timezone="UTC")
    found = [problem.expected for problem in find_unknown(read_bundle(show), known)]
    lost = "expected a slug that no other episode had; getting-to-yes leads to one"
    assert found == ([] if is_saved else [lost])
