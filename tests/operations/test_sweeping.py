"""Files that nothing names go after a day; what is named, young or on its way stays."""

import os
import shutil
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.staff.members import add_staff
from tests.studio.uploads.sending import EDITH, a_draft, jpeg, mp4
from webapp import clock, storage
from webapp.episodes.bundle_files import save_file
from webapp.operations.doctor import examine
from webapp.operations.sweeping import SWEPT, _remove, find_orphans, sweep_files
from webapp.storage.history import Actor
from webapp.studio.models import Upload
from webapp.studio.saving import change_files
from webapp.studio.source import media_store
from webapp.studio.source.stored import media_file
from webapp.studio.unsaved import find_unsaved, keep_unsaved
from webapp.studio.unsaved_forms import drop_typed
from webapp.studio.uploads import receiving
from webapp.studio.uploads.changes import with_poster, without
from webapp.studio.uploads.receiving import place_of
from webapp.transfer.models import Transfer

OLD = timedelta(days=2)


@pytest.fixture
def folder(in_app: Flask, media: Path) -> Path:
    """The folder of media, with nothing in it of other tests."""
    for path in media.rglob("*"):
        if path.is_file():
            path.unlink()
    media.mkdir(exist_ok=True)
    return media


def put(folder: Path, data: bytes, *, age: timedelta = OLD, suffix: str = "") -> Path:
    """Put a file among the media under its hash, so old."""
    place = media_store.place_of(folder, sha256(data).hexdigest())
    path = place.with_name(place.name + suffix)
    path.write_bytes(data)
    make_old(path, age)
    return path


def make_old(path: Path, age: timedelta = OLD) -> None:
    moment = (clock.now() - age).timestamp()
    os.utime(path, (moment, moment))


def sweep() -> Counter[str]:
    """Sweep, and return how much of each kind was removed."""
    swept: Counter[str] = Counter()
    for step in sweep_files(clock.today()):
        swept.update(step)
    return swept


def test_what_nothing_names_goes_after_a_day(folder: Path):
    old, young = put(folder, b"old"), put(folder, b"young", age=timedelta(hours=23))
    half = put(folder, b"half", suffix=".0123456789abcdef0123456789abcdef")

    assert sweep()["media"] == 2

    assert (old.exists(), half.exists(), young.exists()) == (False, False, True)


def test_what_somebody_else_put_there_is_left_alone(folder: Path):
    note = folder / "README"
    other = folder / "ab" / "notes.txt"
    other.parent.mkdir(exist_ok=True)
    for path in (note, other):
        path.write_text("mine")
        make_old(path)

    assert sweep()["media"] == 0
    assert note.exists()
    assert other.exists()


def test_what_a_file_a_medium_the_show_or_an_upload_names_stays(folder: Path, session: Session):
    kept = [put(folder, name) for name in (b"bundle", b"medium", b"artwork", b"upload")]
    hashes = [path.name for path in kept]

    def name_them(session: Session) -> None:
        file = media_file(media_store.keep_picture(folder, "poster.jpg", b"bundle"))
        save_file(session, path="episodes/x/poster.jpg", file=file)
        factories.add_medium(session, factories.add_episode(session), sha256=hashes[1])
        session.execute(factories.Show.__table__.update().values(artwork_sha256=hashes[2]))
        session.add(an_upload(sha256=hashes[3], state="whole"))

    storage.write(name_them)
    for path in kept:
        make_old(path)

    assert sweep()["media"] == 0
    assert all(path.exists() for path in kept)


def test_what_an_older_revision_has_stays(folder: Path):
    draft = a_draft()
    poster = media_file(media_store.keep_picture(folder, "poster.jpg", jpeg()))
    for change in (
        lambda files: with_poster(files, poster),
        lambda files: without(files, "poster.jpg"),
    ):
        change_files(change, episode_id=draft, actor=EDITH, action="file")
    path = folder / poster.sha256[:2] / poster.sha256
    make_old(path)

    sweep()

    assert path.exists()


def test_what_is_kept_once_more_meanwhile_stays(folder: Path, tmp_path: Path):
    path = put(folder, b"again")
    (orphan,) = find_orphans(storage.read(), storage.current_settings())
    source = tmp_path / "source"
    source.write_bytes(b"again")

    media_store.keep_file(folder, source, path.name)  # an import that is about to name it

    assert not _remove(orphan.path)
    assert path.read_bytes() == b"again"
    assert not path.with_suffix(SWEPT).exists()


def an_upload(**changes: object) -> Upload:
    values = {
        "id": uuid4(),
        "episode_id": None,
        "staff_id": 1,
        "purpose": "medium",
        "name": "film.mp4",
        "size": 10,
        "received": 5,
        "state": "arriving",
        "reason": "",
        "sha256": "",
        "made_at": clock.now(),
        "changed_at": clock.now(),
    }
    return Upload(**(values | changes))


def test_an_upload_that_rests_for_a_week_goes_with_its_bytes(folder: Path):
    draft = a_draft()
    begun = receiving.begin(
        episode_id=draft, actor=EDITH, purpose="medium", name="film.mp4", size=10
    )
    place = place_of(storage.current_settings(), begun.id)

    with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
        sweep()
        assert place.exists()
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert sweep()["uploads"] == 2

    assert not place.exists()
    storage.read().rollback()
    assert storage.read().get(Upload, begun.id) is None


def test_a_whole_upload_waits_however_long(in_app: Flask):
    upload_id = uuid4()
    storage.write(
        lambda session: session.add(
            an_upload(id=upload_id, state="whole", changed_at=clock.now() - timedelta(days=30))
        )
    )

    sweep()

    storage.read().rollback()
    assert storage.read().get(Upload, upload_id) is not None


def test_the_files_of_a_transfer_stay_as_long_as_it_is_under_way(in_app: Flask, media: Path):
    place = media.parent / "transfers"
    for each in place.glob("*"):
        shutil.rmtree(each)
    states = ("arrived", "planned", "running", "done", "refused")
    ids = {state: uuid4() for state in states}

    def add(session: Session) -> None:
        session.add_all(a_transfer(ids[state], state) for state in states)

    storage.write(add)
    killed_long_ago, killed_today = uuid4().hex, uuid4().hex
    for name in (*map(str, ids.values()), killed_long_ago, killed_today):
        (place / name / "bundle").mkdir(parents=True)
        make_old(place / name)
    make_old(place / killed_today, timedelta(hours=1))

    assert sweep()["transfers"] == 3

    stay = {str(ids[state]) for state in ("arrived", "planned", "running")} | {killed_today}
    assert {each.name for each in place.iterdir()} == stay


def a_transfer(transfer_id: UUID, state: str) -> Transfer:
    return Transfer(
        id=transfer_id,
        kind="bundle",
        source="a.zip",
        staff_id=1,
        author="Edith",
        state=state,
        done=0,
        total=0,
        detail={},
        made_at=clock.now(),
        changed_at=clock.now(),
    )


def test_the_doctor_names_a_file_that_is_gone_and_advises_of_what_lies_there(folder: Path):
    draft = a_draft()
    poster = media_file(media_store.keep_picture(folder, "poster.jpg", jpeg()))
    change_files(
        lambda files: with_poster(files, poster), episode_id=draft, actor=EDITH, action="file"
    )

    def only_the_bundle(session: Session) -> None:
        save_file(session, path="episodes/rain/extra.bin", file=gone)

    gone = media_file(media_store.keep_picture(folder, "extra.bin", mp4()))
    storage.write(only_the_bundle)
    (folder / gone.sha256[:2] / gone.sha256).unlink()
    put(folder, b"x" * 2_000)

    found = [each.words for each in examine(storage.current_settings())]

    assert any("1 file of the show (episodes/rain/extra.bin)" in words for words in found)
    assert any("1 file among the media, 2.0 kB" in words for words in found)


def test_what_somebody_typed_and_did_not_save_goes_with_them(app: Flask, in_app: Flask):
    here, gone = add_staff(app, name="Edith", role="editor"), 77
    draft = a_draft()
    for staff_id in (here, gone):
        storage.write(
            keep_unsaved, episode_id=draft, actor=Actor("Edith", "editor", staff_id),
            pairs=[("title", "Half a tit")], revision=1, tab="a", opened=0,
        )  # fmt: skip

    assert sweep()["unsaved"] == 1

    storage.read().rollback()
    assert find_unsaved(storage.read(), episode_id=draft, staff_id=here)
    assert not find_unsaved(storage.read(), episode_id=draft, staff_id=gone)


def test_what_was_saved_leaves_no_trace_of_its_form_after_a_day(app: Flask, in_app: Flask):
    about = {"place": "/desk/show/words", "episode_id": None, "tab": "a", "opened": 0, "turn": 3}
    storage.write(drop_typed, staff_id=add_staff(app, name="Olive"), **about)

    assert sweep()["unsaved"] == 0
    with time_machine.travel(clock.now() + OLD, tick=False):
        assert sweep()["unsaved"] == 1
