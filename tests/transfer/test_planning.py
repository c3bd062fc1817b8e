"""Three sides of every file: what changed in the bundle, here, and on both sides."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.transfer.conftest import write_episode
from tests.transfer.test_exporting import EDITOR, INDEX, exported
from tests.transfer.test_folders import edit
from webapp import clock, storage
from webapp.episodes import queries
from webapp.episodes.bundle_files import Stored, save_file, save_text, text_file
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.problems import BundleRefused
from webapp.studio.models import Revision, Tombstone
from webapp.studio.saving import change_files
from webapp.transfer.importing import import_bundle
from webapp.transfer.plan import Clashing, Keep, Plan

EPISODE = "episodes/getting-to-yes"
PAGE = f"{EPISODE}/{INDEX}"


def there(show: Path, before: str, after: str, *, file: str = PAGE) -> None:
    """Change a text in the bundle."""
    path = show / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def keeping(keep: Keep):
    """Return what chooses these."""
    return lambda _plan: keep


def stands(path: str = PAGE) -> str:
    """Return a text as it stands on the site."""
    storage.read().rollback()
    return storage.read().get_one(BundleFile, path, populate_existing=True).text


def clashes(show: Path) -> list[tuple[str, str]]:
    """Return the conflicts that refuse an import, by file and field."""
    before = exported()
    with pytest.raises(Clashing) as caught:
        import_bundle(show)
    assert exported() == before
    return [(file, clash.field) for file, clash in caught.value.plan.conflicts]


def test_what_changed_here_alone_stays(session: Session, show: Path):
    import_bundle(show)
    edit(session, "Short answer.", "Ours.")

    plan = import_bundle(show)

    assert (plan.here, plan.does_nothing) == ((EPISODE,), True)
    assert "Ours." in stands()
    assert list(plan.lines())[-1] == "0 new, 0 changed, 4 unchanged, 1 changed only here"


def test_different_fields_of_one_page_are_brought_together(session: Session, show: Path):
    import_bundle(show)
    edit(session, "Short answer.", "Ours.")
    edit(session, "topics: [sex]", "mood: odd\ntopics: [sex]")
    there(show, "Getting to yes", "Getting to maybe")
    there(show, "## Two {#two}", "## Two {#two}\n\nTheirs.")

    plan = import_bundle(show)

    assert plan.merged == (EPISODE,)
    assert all(words in stands() for words in ("Ours.", "mood: odd", "maybe", "Theirs."))
    session.expire_all()
    page = queries.get_published(session, "getting-to-yes")
    assert page.card.title == "Getting to maybe"
    assert "Ours." in page.document.short_answer_html
    revision = session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert (revision.action, revision.author) == ("imported", "the import")
    assert import_bundle(show).here == (EPISODE,)


def test_one_field_that_both_changed_is_a_conflict_and_nothing_is_written(
    session: Session, show: Path
):
    import_bundle(show)
    edit(session, "Getting to yes", "Getting to no")
    there(show, "Getting to yes", "Getting to maybe")
    write_episode(show, "another")

    assert clashes(show) == [(PAGE, "title")]
    assert queries.find_published_id(session, "another") is None
    plan = import_bundle(show, dry_run=True)
    ((_file, clash),) = plan.conflicts
    sides = (clash.before, clash.here, clash.there)
    assert [side.strip() for side in sides] == [
        f'title: "Getting to {word}"' for word in ("yes", "no", "maybe")
    ]


@pytest.mark.parametrize(("side", "title"), [("here", "no"), ("there", "maybe")])
@pytest.mark.parametrize(("file", "field"), [(PAGE, "title"), (PAGE, "*"), ("*", "*")])
def test_somebody_says_which_is_to_stay(
    session: Session, show: Path, side: str, title: str, file: str, field: str
):
    import_bundle(show)
    edit(session, "Getting to yes", "Getting to no")
    there(show, "Getting to yes", "Getting to maybe")
    there(show, "Short answer.", "Theirs.")

    import_bundle(show, choose=keeping({file: {field: side}}))

    assert f"Getting to {title}" in stands()
    assert "Theirs." in stands()
    assert import_bundle(show).does_nothing  # what was kept here is not asked for again


def test_the_same_change_on_both_sides_is_no_conflict(session: Session, show: Path):
    import_bundle(show)
    edit(session, "Short answer.", "The same.")
    there(show, "Short answer.", "The same.")

    plan = import_bundle(show)

    assert (plan.does_nothing, plan.unchanged.count(EPISODE)) == (True, 1)
    edit(session, "The same.", "Ours.")
    assert import_bundle(show).here == (EPISODE,)  # it began with the same on both sides


def test_whole_files_are_kept_or_taken_whole(session: Session, show: Path):
    import_bundle(show)
    edit_file(session, "transcript.en.vtt", text_file("WEBVTT\n\n00:00.000 --> 00:01.000\nOurs.\n"))
    there(show, "Hang on.", "Hold on.", file=f"{EPISODE}/transcript.en.vtt")

    assert clashes(show) == [(f"{EPISODE}/transcript.en.vtt", "file")]
    import_bundle(show, choose=keeping({"*": {"*": "there"}}))
    assert "Hold on." in stands(f"{EPISODE}/transcript.en.vtt")


def test_a_file_added_here_stays_and_one_taken_out_there_goes(session: Session, show: Path):
    import_bundle(show)
    edit_file(session, "notes.txt", Stored("a" * 64, 3, content_type="application/octet-stream"))
    (show / EPISODE / "chapters.json").unlink()

    assert import_bundle(show).merged == (EPISODE,)

    storage.read().rollback()
    paths = set(storage.read().scalars(select(BundleFile.path)))
    assert f"{EPISODE}/notes.txt" in paths
    assert f"{EPISODE}/chapters.json" not in paths


def test_a_file_changed_here_and_taken_out_there_is_a_conflict(session: Session, show: Path):
    import_bundle(show)
    edit_file(session, "chapters.json", text_file('{"version": "1.2.0",  "chapters": []}'))
    (show / EPISODE / "chapters.json").unlink()

    assert clashes(show) == [(f"{EPISODE}/chapters.json", "file")]


def test_people_topics_and_help_are_brought_together_too(session: Session, show: Path):
    topics = "- {slug: sex, name: Sex}\n- {slug: work, name: Work}\n"
    (show / "topics.yaml").write_text(topics)
    import_bundle(show)
    here = {
        "topics.yaml": topics.replace("name: Work", "name: Jobs"),
        "people/the-host.md": "---\nname: Dot\n---\nShe *answers*.\n",
    }
    for path, text in here.items():
        storage.write(save_text, path=path, text=text)
    (show / "topics.yaml").write_text(topics.replace("name: Sex", "name: Love"))
    there(show, "name: Dot", "name: Dorothea", file="people/the-host.md")

    plan = import_bundle(show)

    assert set(plan.merged) == {"topics.yaml", "people/the-host.md"}
    assert stands("topics.yaml") == "- {slug: sex, name: Love}\n- {slug: work, name: Jobs}\n"
    assert stands("people/the-host.md") == "---\nname: Dorothea\n---\nShe *answers*.\n"
    session.expire_all()
    assert queries.get_person(session, "the-host").name == "Dorothea"


def test_what_no_longer_fits_together_is_refused(session: Session, show: Path):
    import_bundle(show)
    edit(session, "parts: [{id: one, at: 4}]", "parts: [{id: one, at: 5}]")
    there(show, "## One {#one}", "## First {#first}")
    there(show, "parts: [{id: one, at: 4}]", "parts: [{id: first, at: 4}]")

    with pytest.raises(BundleRefused, match=r"there is no \{#one\}"):
        import_bundle(show, choose=keeping({"*": {"*": "here"}}))


def test_a_slug_changed_here_is_kept_when_its_old_folder_comes(session: Session, show: Path):
    import_bundle(show)
    edit(session, "slug: getting-to-yes", "slug: moved")
    there(show, "Short answer.", "Theirs.")

    assert import_bundle(show).merged == (EPISODE,)

    assert "Theirs." in stands(f"episodes/moved/{INDEX}")
    assert import_bundle(show).here == (EPISODE,)


def test_an_episode_that_was_out_leads_on_from_its_old_address(session: Session, show: Path):
    import_bundle(show)
    (show / EPISODE).rename(show / "episodes" / "moved")
    there(show, "slug: getting-to-yes", "slug: moved", file=f"episodes/moved/{INDEX}")

    plan = import_bundle(show)

    assert plan.redirects == (("/episodes/getting-to-yes", "/episodes/moved"),)
    session.rollback()
    assert queries.find_moved(session, ["/episodes/getting-to-yes"]) == "moved"
    again = import_bundle(show)
    assert (again.does_nothing, again.redirects) == (True, ())
    session.rollback()
    assert queries.find_moved(session, ["/episodes/getting-to-yes"]) == "moved"


def test_two_episodes_swap_their_slugs(session: Session, show: Path):
    write_episode(show, "other")
    import_bundle(show)
    ids = [queries.find_published_id(session, slug) for slug in ("getting-to-yes", "other")]
    (show / EPISODE).rename(show / "aside")
    (show / "episodes" / "other").rename(show / EPISODE)
    (show / "aside").rename(show / "episodes" / "other")
    there(show, "\nslug: other", "\nslug: getting-to-yes")
    there(show, "\nslug: getting-to-yes", "\nslug: other", file=f"episodes/other/{INDEX}")

    plan = import_bundle(show)

    session.rollback()
    found = [queries.find_published_id(session, slug) for slug in ("other", "getting-to-yes")]
    assert found == ids
    assert plan.redirects == ()
    assert import_bundle(show).does_nothing
    assert "guid-of-other" in stands(PAGE)


def test_what_was_thrown_away_here_and_what_is_no_bundles_is_left_out(session: Session, show: Path):
    write_episode(show, "gone")
    (show / "Makefile").write_text("all:")
    (show / "people" / "photo.jpg").write_bytes(b"x")
    (show / EPISODE / "raw").mkdir()
    storage.write(bury)

    plan = import_bundle(show)

    assert dict(plan.left_out) == {
        "episodes/gone": "it was thrown away here",
        "Makefile": "no part of a bundle",
        "people/photo.jpg": "no part of a bundle",
        f"{EPISODE}/raw": "no part of a bundle",
    }
    assert queries.find_published_id(session, "gone") is None


def test_nobody_else_takes_the_address_of_what_was_thrown_away(session: Session, show: Path):
    write_episode(show, "gone")
    there(show, "guid-of-gone", "guid-of-another", file=f"episodes/gone/{INDEX}")
    storage.write(bury)

    with pytest.raises(BundleRefused, match="one that was thrown away was at this one"):
        import_bundle(show)


def test_an_import_that_others_overtake_looks_again(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    import_bundle(show)
    there(show, "Getting to yes", "Getting to maybe")
    overtaken: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        if done > total // 2 - 1 and not overtaken:
            overtaken.append(done)
            edit(session, "Short answer.", "Ours.")

    import_bundle(show, tell=meanwhile)

    assert overtaken
    assert "Getting to maybe" in stands()
    assert "Ours." in stands()


def test_a_plan_survives_being_kept():
    plan = Plan(new=("a",), left_out=(("b", "why"),), redirects=(("/c", "/d"),))
    assert Plan.of_kept(plan.kept()) == plan


def edit_file(session: Session, name: str, file: Stored) -> None:
    """Put a file into the episode on the site."""
    session.rollback()
    found = session.scalars(select(Episode.id).where(Episode.slug == "getting-to-yes")).one()
    if file.is_text:
        change_files(lambda files: {**files, name: file}, episode_id=found, actor=EDITOR)
    else:
        storage.write(save_file, path=f"{EPISODE}/{name}", file=file)


def bury(session: Session) -> None:
    session.add(Tombstone(guid="guid-of-gone", slug="gone", on=clock.today()))
