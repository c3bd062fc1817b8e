"""What stands around the mailbag: its keys, the file that it is in, files, proxies, Redis, disk."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.operations.rotating import dispose
from tests.operations.test_doctor import advice, changed, wrong
from tests.redis_server import RedisServer
from webapp.operations import doctor
from webapp.operations.examining import surroundings
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.storage.sealing import PURPOSES


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """An instance on SQLite, for what has nothing to do with the engine."""
    settings = Settings.load(instance=tmp_path / "plain", keys=tmp_path / "keys")
    dispose(make_instance(settings))
    return settings


def test_nothing_wrong_is_said_in_one_sentence(plain: Settings):
    assert list(doctor.in_words(doctor.examine(plain))) == ["Nothing is wrong with this instance."]


def test_an_instance_that_is_not_there_is_said_and_not_made(tmp_path: Path):
    [words] = wrong(Settings.load(instance=tmp_path / "instance"))

    assert words.startswith(f"There is no instance at {tmp_path / 'instance'}.")
    assert not (tmp_path / "instance").exists()


def test_keys_inside_the_instance_are_advised_against(plain: Settings):
    shutil.copytree(plain.keys_path, plain.instance_path / "keys")
    inside = Settings.load(instance=plain.instance)
    (inside.keys_path).chmod(0o700)

    first, second = doctor.in_words(doctor.examine(inside))

    assert first == "Nothing is wrong with this instance."
    assert second.startswith(f"Advice: The keys lie inside the instance, in {inside.keys_path}")


@pytest.mark.parametrize("name", PURPOSES)
def test_a_key_that_is_missing_is_named(plain: Settings, name: str):
    (plain.keys_path / f"{name}.key").unlink()

    assert wrong(plain) == [
        f"The key {name}.key is not in {plain.keys_path}. Put it back: no other fits."
    ]


def test_a_key_that_is_damaged_is_named(plain: Settings):
    (plain.keys_path / "nonce.key").write_text("5eed")

    assert wrong(plain) == [f"The key nonce.key in {plain.keys_path} has not 32 bytes."]


def test_a_folder_of_keys_that_is_gone_is_said(plain: Settings):
    shutil.rmtree(plain.keys_path)

    [words] = wrong(plain)
    assert words.startswith(f"There is no folder of keys at {plain.keys_path}.")


def test_a_folder_without_a_sealing_key_is_said(plain: Settings):
    (plain.keys_path / "seal-1.key").unlink()

    assert wrong(plain) == [
        f"There is no sealing key in {plain.keys_path}. Put back all that there were."
    ]


def test_keys_that_others_can_read_are_said(plain: Settings):
    plain.keys_path.chmod(0o755)
    (plain.keys_path / "seal-1.key").chmod(0o640)

    first, second = wrong(plain)
    assert first.endswith(f"`chmod 700 {plain.keys_path}`.")
    assert second.endswith(f"`chmod 600 {plain.keys_path}/seal-1.key`.")


def test_a_database_that_is_not_there_is_said_and_not_made(plain: Settings):
    path = plain.instance_path / "postbag.sqlite3"
    path.unlink()

    [words] = wrong(plain)

    assert words.startswith(f"There is no database at {path}.")
    assert not path.exists()


def test_a_folder_that_is_not_there_is_said(plain: Settings):
    database, disk = wrong(changed(plain, database_url="sqlite:////nowhere/postbag.sqlite3"))

    assert database.startswith("There is no database at /nowhere/postbag.sqlite3.")
    assert disk == "/nowhere cannot be looked at: No such file or directory."


@pytest.mark.parametrize(
    ("module", "setting", "url"),
    [
        ("psycopg", "database_url", "postgresql+psycopg://postbag@127.0.0.1/postbag"),
        ("redis", "redis_url", "redis://127.0.0.1:6379/0"),
    ],
)
def test_what_is_not_installed_is_said(
    plain: Settings, monkeypatch: pytest.MonkeyPatch, module: str, setting: str, url: str
):
    monkeypatch.setitem(sys.modules, module, None)

    [words] = wrong(changed(plain, **{setting: url}))
    assert "`pip install 'postbag-web[scale]'`" in words


def test_a_database_that_is_none_is_said(plain: Settings):
    path = plain.instance_path / "postbag.sqlite3"
    path.write_bytes(b"this is no database at all " * 100)

    [words] = wrong(plain)
    assert words.startswith(f"The file {path} is no database, or is damaged.")


def test_a_damaged_database_is_said(plain: Settings):
    path = plain.instance_path / "postbag.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 8 : 4096 * 12] = b"\x55" * 4096 * 4
    path.write_bytes(content)

    assert any("damaged" in words for words in wrong(plain))


def test_a_database_without_a_write_ahead_log_is_said(plain: Settings):
    with closing(sqlite3.connect(plain.instance_path / "postbag.sqlite3")) as database:
        database.execute("PRAGMA journal_mode = DELETE")

    [words] = wrong(plain)
    assert "keeps no write-ahead log" in words


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://show.example", 1),
        ("https://show.example", 0),
        ("http://abcdefghijklmnop.onion", 0),
        ("http://127.0.0.1:8000", 0),
    ],
)
def test_a_public_address_without_https_is_said(plain: Settings, url: str, found: int):
    told = wrong(changed(plain, site_url=url))

    assert ["begins with http" in words for words in told] == [True] * found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", 0),
        ("http://desk.internal", 1),
        ("http://10.1.2.3:8000", 1),
        ("https://desk.internal", 0),
        ("http://abcdefghijklmnop.onion", 0),
        ("http://127.0.0.1:8000", 0),
        ("http://localhost:8000", 0),
    ],
)
def test_a_desks_own_address_without_https_is_advised_against(
    plain: Settings, url: str, found: int
):
    told = advice(changed(plain, desk_url=url))

    assert ["POSTBAG_DESK_URL begins with http" in words for words in told] == [True] * found


@pytest.mark.parametrize(("proxies", "found"), [(0, 1), (1, 0)])
def test_a_public_site_without_proxies_is_asked_about_them(
    plain: Settings, proxies: int, found: int
):
    public = changed(plain, site_url="https://show.example", trusted_proxies=proxies)

    assert wrong(public) == []
    assert ["POSTBAG_TRUSTED_PROXIES" in words for words in advice(public)] == [True] * found


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.client.close()
    server.stop()


def test_redis_is_said_when_it_is_away_or_writes_to_disk(plain: Settings, redis: RedisServer):
    shared = changed(plain, redis_url=redis.url)
    assert wrong(shared) == []

    redis.client.config_set("save", "3600 1")
    [persisting] = wrong(shared)
    redis.client.config_set("save", "")
    redis.client.config_set("appendonly", "yes")
    assert wrong(shared) == [persisting]
    assert persisting.startswith("Redis writes what it holds to disk")

    redis.stop()
    [away] = wrong(shared)
    assert away.startswith("Redis does not answer")


def test_a_full_disk_is_said_beforehand(plain: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(surroundings, "LEAST_FREE_MB", 10**12)

    [words] = wrong(plain)
    assert f"MB are free where {plain.instance_path} is" in words


def test_one_thing_that_is_wrong_hides_no_other(plain: Settings):
    shutil.rmtree(plain.keys_path)
    (plain.instance_path / "postbag.sqlite3").unlink()

    told = wrong(changed(plain, site_url="http://show.example", redis_url="redis://127.0.0.1:1/0"))

    assert [words.split(" ", 4)[:4] for words in told] == [
        ["There", "is", "no", "folder"],
        ["There", "is", "no", "database"],
        ["POSTBAG_SITE_URL", "is", "public", "and"],
        ["Redis", "does", "not", "answer,"],
    ]
