"""A backup is the site at one moment, and comes back whole or not at all."""

import stat
import tarfile
import threading
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import MetaData, select

from tests import factories
from tests.operations.backup.sums import packed
from tests.postgres import temporary_database
from tests.transfer.mailbag.houses import WORDS, settings_of
from webapp import clock, create_app, storage
from webapp.cli import main
from webapp.episodes.models import Episode
from webapp.exceptions import Refused
from webapp.operations.backup.erasures import NAME, note_erasures, read_list
from webapp.operations.backup.restoring import restore
from webapp.operations.backup.writing import back_up
from webapp.operations.doctor import examine
from webapp.questions import services as questions
from webapp.questions.models import Question
from webapp.settings import Settings
from webapp.storage.database import alembic
from webapp.storage.sealing import make_keys


def quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def back_up_of(app: Flask, path: Path) -> Path:
    with app.app_context():
        back_up(path, quietly)
    return path


def put_back(settings: Settings, file: Path, keys: Path) -> Flask:
    restore(settings, file, ask_for_keys=lambda: keys, tell=quietly)
    return create_app(settings)


def rows_of(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables that are ours."""
    with app.app_context():
        tables = MetaData()
        tables.reflect(storage.db.engine)
        found = {
            name: sorted(map(tuple, storage.read().execute(select(table))), key=repr)
            for name, table in tables.tables.items()
            if not name.startswith(("fts_", "sqlite_", "content_revision"))
        }
        storage.read().rollback()
        storage.db.engine.dispose()
    return found


def test_what_comes_back_is_what_there_was(house: Flask, empty: Settings, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")

    back = put_back(empty, file, settings_of(house).keys_path)

    assert rows_of(back) == rows_of(house)
    kept = {path.name: path.read_bytes() for path in empty.media_path.rglob("*") if path.is_file()}
    assert {sha256(words).hexdigest(): words for words in (b"a film", b"a poster")} == kept
    assert [each.words for each in examine(empty) if not each.is_advice] == []
    assert not (empty.instance_path / "restoring").exists()


def test_the_site_goes_on_behind_what_came_back(house: Flask, empty: Settings, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")
    back = put_back(empty, file, settings_of(house).keys_path)
    with back.app_context():
        episode = storage.write(lambda session: factories.add_episode(session, slug="after").id)
        storage.write(factories.add_question)
        storage.db.engine.dispose()

    with house.app_context():
        assert episode not in set(storage.read().scalars(select(Episode.id)))


def test_a_backup_has_no_key_and_no_word_of_a_letter(house: Flask, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")

    data = file.read_bytes()
    for key in settings_of(house).keys_path.glob("*.key"):
        assert key.read_bytes().strip() not in data
    for word in WORDS[:6]:
        assert word.encode() not in data
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert "keys" not in " ".join(tar.getnames())


def test_a_backup_made_while_others_write_is_of_one_moment(
    house: Flask, empty: Settings, tmp_path: Path
):
    ending = threading.Event()

    def write() -> None:
        with house.app_context():
            while not ending.is_set():
                storage.write(factories.add_question)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        file = back_up_of(house, tmp_path / "backup.tar")
    finally:
        ending.set()
        for writer in writers:
            writer.join()
    put_back(empty, file, settings_of(house).keys_path)

    assert [each.words for each in examine(empty) if not each.is_advice] == []


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    house: Flask, empty: Settings, tmp_path: Path
):
    with house.app_context():
        storage.read().rollback()
        alembic.downgrade("0009")
    file = back_up_of(house, tmp_path / "backup.tar")
    with house.app_context():
        storage.migrate()

    back = put_back(empty, file, settings_of(house).keys_path)

    with back.app_context():
        assert storage.is_migrated()
        storage.db.engine.dispose()
    assert [each.words for each in examine(empty) if not each.is_advice] == []


def test_what_was_taken_back_since_is_erased_again(house: Flask, empty: Settings, tmp_path: Path):
    with house.app_context():
        taken = storage.write(factories.add_question)
        stays = storage.write(factories.add_question)
    file = back_up_of(house, tmp_path / "backup.tar")
    with house.app_context():
        storage.write(questions.withdraw, question_id=taken)
        list(note_erasures(clock.today()))

    back = put_back(empty, file, settings_of(house).keys_path)

    with back.app_context():
        session = storage.read()
        assert session.get(Question, taken).state == "erased"
        assert session.get(Question, taken).text_sealed is None
        assert session.get(Question, stays).state == "new"
        session.rollback()
        storage.db.engine.dispose()
    assert read_list(empty.keys_path / NAME) == read_list(settings_of(house).keys_path / NAME)


def test_the_list_has_each_erasure_once_and_none_of_retentions(small: Flask):
    path = settings_of(small).keys_path / NAME
    with small.app_context():
        taken = storage.write(factories.add_question)
        due = storage.write(factories.add_question)
        storage.write(questions.withdraw, question_id=taken)
        question = storage.read().get(Question, due)
        storage.write(
            questions.move,
            question_id=due,
            to="erased",
            seen_version=question.version,
            actor=questions.THE_RETENTION,
        )
        assert list(note_erasures(clock.today())) == [{"erasures": 1}]
        path.write_text(path.read_text(encoding="ascii") + "2026-01-0", encoding="ascii")
        assert list(note_erasures(clock.today())) == []

    assert read_list(path) == {taken: clock.today()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_list_tells_no_order_inside_a_day(small: Flask):
    path = settings_of(small).keys_path / NAME
    with small.app_context():
        for _ in range(8):
            taken = storage.write(factories.add_question)
            storage.write(questions.withdraw, question_id=taken)
            list(note_erasures(clock.today()))

    lines = path.read_text(encoding="ascii").splitlines()
    assert (lines, len(lines)) == (sorted(lines), 8)


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.8, 0.95])
def test_what_was_altered_is_refused(small: Flask, tmp_path: Path, place: float):
    file = back_up_of(small, tmp_path / "backup.tar")
    data = bytearray(file.read_bytes())
    spot = next(at for at in range(int(len(data) * place), len(data)) if data[at])
    data[spot] ^= 1
    file.write_bytes(data)

    _is_refused(tmp_path, file, settings_of(small).keys_path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.99])
def test_what_was_cut_short_is_refused(small: Flask, tmp_path: Path, share: float):
    file = back_up_of(small, tmp_path / "backup.tar")
    data = file.read_bytes()
    with tarfile.open(file) as tar:
        end = max(entry.offset_data + entry.size for entry in tar)
    file.write_bytes(data[: int(end * share)])

    _is_refused(tmp_path, file, settings_of(small).keys_path)


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "../outside"},
        {"name": "/etc/outside"},
        {"name": "media/00/../../../outside"},
        {"name": "keys/seal-1.key"},
        {"name": f"media/00/{'0' * 64}", "type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"name": f"media/00/{'0' * 64}", "type": tarfile.LNKTYPE, "linkname": "backup.json"},
        {"name": "postbag.sqlite3", "type": tarfile.DIRTYPE},
        {"name": "postbag.sqlite3"},
    ],
    ids=lambda entry: f"{entry['name'][:20]}-{entry.get('type', b'').decode()}",
)
def test_what_no_backup_has_is_refused(small: Flask, tmp_path: Path, entry: dict):
    file = packed(back_up_of(small, tmp_path / "backup.tar"), tmp_path / "other.tar", entry)

    _is_refused(tmp_path, file, settings_of(small).keys_path)
    assert not list(tmp_path.rglob("outside"))


def test_a_newer_backup_says_to_install_the_newer_postbag(small: Flask, tmp_path: Path):
    file = back_up_of(small, tmp_path / "backup.tar")
    for change in ({"version": 2}, {"migration": "9999"}, {"more": "x"}):
        other = packed(file, tmp_path / f"{next(iter(change))}.tar", about=change)
        said = _is_refused(tmp_path, other, settings_of(small).keys_path)
        assert "newer Postbag" in said


@pytest.mark.parametrize("data", [b"", b"no backup", b"PK\x03\x04", b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path: Path, data: bytes):
    make_keys(tmp_path / "keys")
    (tmp_path / "file").write_bytes(data)

    assert "no backup" in _is_refused(tmp_path, tmp_path / "file", tmp_path / "keys")


def _is_refused(tmp_path: Path, file: Path, keys: Path) -> str:
    """Return why a backup is refused, after which there is no site and nothing left over."""
    settings = Settings.load(instance=tmp_path / "back")
    with pytest.raises(Refused) as refused:
        put_back(settings, file, keys)
    assert not list(settings.instance_path.rglob("*"))
    return str(refused.value)


def test_other_keys_are_refused_and_leave_nothing(house: Flask, empty: Settings, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")
    make_keys(tmp_path / "other keys")

    with pytest.raises(Refused, match="not the keys of this backup"):
        put_back(empty, file, tmp_path / "other keys")

    assert not list(empty.instance_path.rglob("*"))
    put_back(empty, file, settings_of(house).keys_path)
    assert [each.words for each in examine(empty) if not each.is_advice] == []


def test_no_site_is_written_over(house: Flask, tmp_path: Path):
    file = back_up_of(house, tmp_path / "backup.tar")
    before = rows_of(house)

    with pytest.raises(Refused, match="already"):
        put_back(settings_of(house), file, settings_of(house).keys_path)

    assert rows_of(house) == before
    with pytest.raises(Refused, match="already"), house.app_context():
        back_up(file, quietly)


def test_a_backup_of_another_engine_says_where_it_goes(
    request: pytest.FixtureRequest, small: Flask, tmp_path: Path
):
    file = back_up_of(small, tmp_path / "backup.tar")
    shared = request.getfixturevalue("tmp_path_factory").getbasetemp()
    with ExitStack() as stack:
        url = stack.enter_context(temporary_database(shared))
        settings = Settings.load(instance=tmp_path / "back", database_url=url)
        with pytest.raises(Refused, match="move-database"):
            put_back(settings, file, settings_of(small).keys_path)


def test_media_that_are_not_what_they_were_are_named(small: Flask, tmp_path: Path):
    place = settings_of(small).media_file("0" * 64)
    place.parent.mkdir()
    place.write_bytes(b"not those bytes")
    (place.parent / "a draft.part").write_bytes(b"x")

    with small.app_context():
        done = back_up(tmp_path / "backup.tar", quietly)

    assert (done.files, done.damaged) == (1, ("0" * 64,))


def postbag(instance: Path, *arguments: str, say: str = "") -> Result:
    environment = {"POSTBAG_INSTANCE": str(instance), "POSTBAG_DATABASE_URL": None}
    return CliRunner().invoke(main, list(arguments), env=environment, input=say)


def test_the_commands_say_what_there_is_and_ask_for_the_keys(small: Flask, tmp_path: Path):
    house, file, keys = tmp_path / "house", str(tmp_path / "b.tar"), tmp_path / "house" / "keys"
    made = postbag(house, "backup", file)
    again = postbag(house, "backup", file)
    back = postbag(tmp_path / "back", "restore", file, say=f"{keys}\n")

    assert (made.exit_code, again.exit_code, back.exit_code) == (0, 1, 0), back.output
    assert "The keys are not in it." in made.output
    assert "already" in again.output
    assert "The folder of keys that belongs to it" in back.output
    assert "Nothing is wrong with this instance." in back.output
    third = postbag(tmp_path / "third", "restore", file, "--keys", str(keys))
    assert third.exit_code == 0
