"""A bundle is read whole, or refused with everything that is wrong with it."""

from pathlib import Path

from tests.transfer.conftest import problems_of, write_episode
from webapp.transfer.bundle import read_bundle

SEEDS = Path(__file__).parents[2] / "seeds" / "show"


def test_a_whole_show_is_read(show):
    bundle = read_bundle(show)
    assert bundle.show is not None
    assert bundle.topics is not None
    assert bundle.help is not None
    assert bundle.show.seasons[0].field == "#B02E1D"
    assert [topic.slug for topic in bundle.topics.topics] == ["sex"]
    assert bundle.help.countries[0].emergency.number == "999"
    assert [(person.slug, person.head.name, person.bio) for person in bundle.people] == [
        ("the-host", "Dot", "She *asks*.\n")
    ]
    assert [episode.slug for episode in bundle.episodes] == ["getting-to-yes"]


def test_every_text_file_is_kept_byte_for_byte(show):
    (show / "people" / "the-host.md").write_bytes(b"---\r\nname: Dot\r\n---\r\nBio\r\n")
    texts = read_bundle(show).texts
    assert {name: (show / name).read_bytes().decode() for name in texts} == texts
    assert sorted(texts) == [
        "episodes/getting-to-yes/chapters.json",
        "episodes/getting-to-yes/index.md",
        "episodes/getting-to-yes/transcript.en.vtt",
        "help.yaml",
        "people/the-host.md",
        "show.yaml",
        "topics.yaml",
    ]


def test_episodes_alone_are_a_bundle(tmp_path):
    write_episode(tmp_path, "alone")
    bundle = read_bundle(tmp_path)
    assert (bundle.show, bundle.topics, bundle.help, bundle.people) == (None, None, None, ())
    assert bundle.episodes[0].front.contributors[0].person == "the-host"


def test_a_folder_without_any_of_it_is_refused(tmp_path):
    (problem,) = problems_of(tmp_path)
    assert "expected show.yaml" in problem
    assert problems_of(tmp_path / "missing")


def test_problems_of_all_files_are_reported_together_by_file_and_line(show, episode):
    (show / "show.yaml").write_text("nme: x\nlanguage: english\n")
    (show / "topics.yaml").write_text("- slug: sex\n- slug: Sex Ed\n  name: x\n")
    (show / "help.yaml").write_text("countries: [{code: gb}]\n")
    (show / "people" / "the-host.md").write_text("Dot\n")
    (episode / "index.md").write_text("---\ntitle: T\n---\n")
    (episode / "transcript.en.vtt").write_text("WEBVTT\n\n00:05.000 --> 00:01.000\nx\n")
    (episode / "chapters.json").write_text("[]")
    (episode / "poster.jpg").write_bytes(b"GIF89a")
    found = problems_of(show)
    files = {problem.split(":")[0].split(",")[0] for problem in found}
    assert files == {
        *("show.yaml", "topics.yaml", "help.yaml", "people/the-host.md"),
        *("episodes/getting-to-yes/index.md", "episodes/getting-to-yes/transcript.en.vtt"),
        *("episodes/getting-to-yes/chapters.json", "episodes/getting-to-yes/poster.jpg"),
    }
    assert "show.yaml, line 1: nme: expected the key “name”" in found
    assert "topics.yaml, line 2: topics.2.slug: expected small letters" in "\n".join(found)
    assert found == sorted(found, key=lambda problem: problem.split(":")[0].split(", line")[0])


def test_names_of_people_and_episodes_are_slugs(show):
    (show / "people" / "The Guest.md").write_text("---\nname: G\n---\n")
    (show / "episodes" / "Getting To No").mkdir()
    assert [problem.split(": ")[0] for problem in problems_of(show)] == [
        "episodes/Getting To No",
        "people/The Guest.md",
    ]


def test_texts_that_cannot_be_rendered_are_refused(show):
    (show / "people" / "the-host.md").write_text(f"---\nname: Dot\n---\n{'a' * 6_000}\n")
    (problem,) = problems_of(show)
    assert problem.startswith("people/the-host.md: A word")


def test_hidden_files_and_strangers_are_left_alone(show, episode):
    for name in (".DS_Store", "notes.txt"):
        (show / name).write_bytes(b"\xff\0")
        (show / "episodes" / name).write_bytes(b"\xff\0")
        (episode / name).write_bytes(b"\xff\0")
    assert len(read_bundle(show).episodes) == 1


def test_the_show_that_postbag_ships_with_is_right():
    bundle = read_bundle(SEEDS)
    assert bundle.show is not None
    assert len(bundle.episodes) >= 5
    for episode in bundle.episodes:
        assert episode.expansion.words >= 1_200
        assert len(episode.cues) >= 40
        assert len({cue.voice for cue in episode.cues}) >= 2
        assert episode.poster is not None
        assert episode.chapters
        assert "checklist" in "".join(part.html for part in episode.expansion.parts)
