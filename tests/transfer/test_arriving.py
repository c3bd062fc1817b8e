"""What the worker does with a bundle that came: looks at it, takes it in, and may be killed."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.staff.members import add_staff
from tests.transfer.test_exporting import EDITOR, INDEX
from tests.transfer.test_folders import edit
from tests.transfer.test_planning import EPISODE, PAGE, stands, there
from webapp import clock, storage
from webapp.episodes import queries
from webapp.episodes.bundle_files import save_text
from webapp.episodes.models import BundleFile
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff.models import User
from webapp.storage.history import Act, Actor
from webapp.studio.source import media_store
from webapp.transfer import arriving, services, transfers
from webapp.transfer.arriving import carry_on, folder_of
from webapp.transfer.importing import import_bundle
from webapp.transfer.models import Transfer
from webapp.transfer.transfers import BUNDLE, get_transfer


def pack(folder: Path, path: Path) -> None:
    """Pack a folder as a zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))


def come(folder: Path) -> UUID:
    """Have a bundle arrive at the desk."""
    transfer_id = uuid4()
    folder_of(transfer_id).mkdir(parents=True)
    pack(folder, folder_of(transfer_id) / "bundle.zip")
    storage.write(
        transfers.arrive,
        kind=BUNDLE,
        transfer_id=transfer_id,
        source="show.zip",
        actor=EDITOR,
    )
    return transfer_id


def work() -> int:
    """Do a round of the worker; return how many bundles it has worked on."""
    return len(list(carry_on(clock.today())))


def transfer(transfer_id: UUID) -> Transfer:
    storage.read().rollback()
    return get_transfer(storage.read(), BUNDLE, transfer_id)


def take_in(transfer_id: UUID, sides: dict[int, str] | None = None, seen: str = "") -> None:
    """Choose to take a bundle in, as it stands."""
    seen = seen or transfers.version_of(transfer(transfer_id))
    storage.write(
        services.choose, transfer_id=transfer_id, seen=seen, sides=sides or {}, actor=sam()
    )


def sam() -> Actor:
    """Return the editor who has an account here."""
    staff_id = storage.read().scalars(select(User.id).where(User.name == "Sam")).one()
    return Actor("Sam", "editor", staff_id)


def problems(transfer_id: UUID) -> list[str]:
    found = transfer(transfer_id)
    assert found.state == "refused"
    assert not folder_of(transfer_id).exists()
    return list(found.detail["problems"])


@pytest.fixture(autouse=True)
def _sam_and_nothing_left(in_app: Flask, session: Session) -> Iterator[None]:
    add_staff(in_app, name="Sam", role="editor")
    yield
    for folder in folder_of(uuid4()).parent.glob("*"):
        arriving.forget_files(UUID(folder.name))


def test_a_bundle_is_looked_at_and_taken_in_once_somebody_says_so(session: Session, show: Path):
    bundle = come(show)
    assert transfer(bundle).state == "arrived"

    assert work() == 1
    assert transfer(bundle).state == "planned"
    assert EPISODE in transfer(bundle).detail["plan"]["new"]
    assert queries.find_published_id(session, "getting-to-yes") is None
    assert work() == 0

    take_in(bundle)
    assert work() == 1
    assert transfer(bundle).state == "done"
    assert queries.find_published_id(session, "getting-to-yes") is not None
    assert not folder_of(bundle).exists()
    act = session.query(Act).filter_by(action="imported bundle").one()
    assert (act.actor, act.detail) == ("Sam", {"new": 5, "changed": 0})
    assert work() == 0


def test_a_bundle_with_mistakes_is_refused_with_all_of_them(session: Session, show: Path):
    there(show, "season: 1", "season: 7")
    there(show, "Europe/London", "Europe/Nowhere", file="show.yaml")
    bundle = come(show)

    work()

    assert [line.split(":")[0] for line in problems(bundle)] == ["show.yaml, line 3"]


def test_what_is_no_bundle_is_refused(session: Session, tmp_path: Path):
    (tmp_path / "holiday.txt").write_text("sun")
    bundle = come(tmp_path)

    work()

    assert problems(bundle) == [
        "There is no bundle in the zip: expected show.yaml, people or episodes in it."
    ]


def test_conflicts_wait_for_somebody_to_choose(session: Session, show: Path):
    import_bundle(show)
    edit(session, "Getting to yes", "Getting to no")
    there(show, "Getting to yes", "Getting to maybe")
    bundle = come(show)
    work()
    ((file, clash),) = transfer(bundle).detail["plan"]["conflicts"]
    assert (file, clash["field"]) == (PAGE, "title")

    with pytest.raises(Refused, match="Choose a side"):
        take_in(bundle)
    take_in(bundle, {0: "there"})
    work()

    assert transfer(bundle).state == "done"
    assert "Getting to maybe" in stands()


def test_what_was_chosen_holds_only_for_what_was_seen(session: Session, show: Path):
    import_bundle(show)
    edit(session, "Getting to yes", "Getting to no")
    there(show, "Getting to yes", "Getting to maybe")
    bundle = come(show)
    work()
    take_in(bundle, {0: "there"})
    edit(session, "Getting to no", "Getting to never")

    work()

    found = transfer(bundle)
    assert (found.state, found.detail["said"]) == ("planned", arriving.GONE_MEANWHILE)
    assert "never" in found.detail["plan"]["conflicts"][0][1]["here"]
    assert "Getting to never" in stands()
    take_in(bundle, {0: "there"})
    work()
    assert "Getting to maybe" in stands()


def test_an_old_page_of_a_plan_takes_nothing_in(session: Session, show: Path):
    bundle = come(show)
    work()

    with pytest.raises(Conflict):
        take_in(bundle, seen="2026-01-01T00:00:00+00:00")
    take_in(bundle)
    with pytest.raises(Conflict):
        take_in(bundle)


@pytest.mark.parametrize("at", ["unpack", "read", "draw", "apply"])
def test_a_worker_that_is_killed_leaves_nothing_half_done_and_goes_on(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch, at: str
):
    bundle = come(show)
    places = {
        "unpack": "webapp.transfer.unpacking._extract",
        "read": "webapp.transfer.importing.read_bundle",
        "draw": "webapp.transfer.preparing.keep_pictures",
        "apply": "webapp.transfer.importing.add_revision",
    }

    def die(*_given: object, **_named: object) -> None:
        raise SystemExit

    if at in {"draw", "apply"}:
        work()
        take_in(bundle)
    with monkeypatch.context() as broken:
        broken.setattr(places[at], die)
        with pytest.raises(SystemExit):
            work()
    session.rollback()
    assert queries.find_published_id(session, "getting-to-yes") is None

    work()
    if at not in {"draw", "apply"}:
        take_in(bundle)
        work()

    session.rollback()
    assert transfer(bundle).state == "done"
    assert queries.find_published_id(session, "getting-to-yes") is not None


def test_what_kills_the_worker_again_and_again_is_given_up(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle = come(show)

    def die(*_given: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(arriving, "unpack", die)
        for _ in range(3):
            with pytest.raises(SystemExit):
                work()
    work()

    assert problems(bundle) == [arriving.BROKEN_OFF]


def test_a_fault_is_told_without_its_words(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    bundle = come(show)

    def fail(*_given: object, **_named: object) -> None:
        raise KeyError("a walrus")

    monkeypatch.setattr(arriving, "import_bundle", fail)
    work()

    assert "KeyError" in problems(bundle)[0]
    assert "walrus" not in caplog.text + str(problems(bundle))


def test_a_full_disk_is_said(session: Session, show: Path, monkeypatch: pytest.MonkeyPatch):
    bundle = come(show)
    work()
    take_in(bundle)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(media_store, "keep_file", full)
    work()

    assert "No space left on device" in problems(bundle)[0]


def test_a_bundle_may_be_discarded_at_any_time(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle = come(show)
    work()
    take_in(bundle)
    prepared = arriving.import_bundle

    def discarded_meanwhile(*given: object, **named: object) -> object:
        storage.write(transfers.discard, kind=BUNDLE, transfer_id=bundle, actor=EDITOR)
        return prepared(*given, **named)

    monkeypatch.setattr(arriving, "import_bundle", discarded_meanwhile)
    work()

    session.rollback()
    assert queries.find_published_id(session, "getting-to-yes") is None
    assert not folder_of(bundle).exists()
    with pytest.raises(NotFound):
        transfer(bundle)


def test_progress_is_noted_and_old_bundles_are_forgotten(session: Session, show: Path):
    bundle = come(show)
    work()
    assert transfer(bundle).total > 0
    list(arriving.forget_old(clock.today()))
    assert transfer(bundle).state == "planned"

    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        list(arriving.forget_old(clock.today()))

    with pytest.raises(NotFound):
        transfer(bundle)


def test_no_moderator_brings_one_in(session: Session, show: Path):
    moderator = Actor("Mo", "moderator", 2)

    with pytest.raises(Refused, match="takes an editor"):
        storage.write(
            transfers.arrive, kind=BUNDLE, transfer_id=uuid4(), source=INDEX, actor=moderator
        )


PERSON = "people/the-host.md"


@pytest.mark.parametrize("file", ["show.yaml", "help.yaml", "topics.yaml", PERSON])
def test_what_an_owner_sets_is_changed_by_no_editors_bundle(
    session: Session, show: Path, file: str
):
    import_bundle(show)
    path = show / file
    path.write_text(f"{path.read_text()}\n# changed\n")
    bundle = come(show)
    work()
    assert file in transfer(bundle).detail["plan"]["changed"]

    with pytest.raises(Refused, match=f"changes {file}, which takes an owner"):
        take_in(bundle)

    assert transfer(bundle).state == "planned"


def test_what_an_owner_sets_is_begun_by_no_editors_bundle(session: Session, show: Path):
    path = show / "help.yaml"
    text = path.read_text()
    path.unlink()
    import_bundle(show)
    path.write_text(text)
    bundle = come(show)
    work()
    assert "help.yaml" in transfer(bundle).detail["plan"]["new"]

    with pytest.raises(Refused, match="takes an owner"):
        take_in(bundle)


def test_an_editors_bundle_may_bring_somebody_new(session: Session, show: Path):
    import_bundle(show)
    (show / "people" / "new-guest.md").write_text("---\nname: New Guest\n---\n")
    bundle = come(show)
    work()
    take_in(bundle)
    work()

    assert transfer(bundle).state == "done"


def test_what_the_plan_that_was_seen_does_not_name_is_not_changed(
    session: Session, show: Path, monkeypatch: pytest.MonkeyPatch
):
    import_bundle(show)
    path = show / "episodes" / "getting-to-yes" / "index.md"
    path.write_text(path.read_text().replace("Getting to yes", "Getting to maybe"))
    bundle = come(show)
    work()
    take_in(bundle)
    erase_help(session)  # so that the bundle would bring it anew
    work()

    found = transfer(bundle)
    assert found.state == "planned"
    assert found.detail["said"] == arriving.GONE_MEANWHILE
    assert "help.yaml" in found.detail["plan"]["new"]


def test_what_takes_an_owner_is_not_changed_beside_a_conflict(session: Session, show: Path):
    import_bundle(show)
    ours = (show / "show.yaml").read_text().replace("It's Probably You", "Our Show")
    storage.write(save_text, path="show.yaml", text=ours)
    there(show, "It's Probably You", "Their Show", file="show.yaml")
    there(show, "hello@", "their@", file="show.yaml")
    bundle = come(show)
    work()
    take_in(bundle, {0: "here"})
    work()

    assert "changes show.yaml, which takes an owner" in problems(bundle)[0]
    session.rollback()
    assert session.get_one(BundleFile, "show.yaml").text == ours


def erase_help(session: Session) -> None:
    """Take the help lines away behind everybody's back."""
    session.execute(delete(BundleFile).where(BundleFile.path == "help.yaml"))
    session.commit()
