"""Settings: whatever stands in `postbag.env` is used, or refused in words that do not repeat it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.hostile_values import TEXT, bent, in_utf8
from tests.fuzz.profile import examples
from webapp import create_app, storage
from webapp.operations.instance import make_instance
from webapp.settings import PREFIX, Settings, SettingsRefused
from webapp.storage.sealing import KeyMissing

NAMES = sorted(set(Settings.model_fields) - {"instance"})
WRITTEN = (
    *("postgresql://[", "postgresql://a:b:c@h/d", "postgresql+psycopg://u:p@h:port/d"),
    *("sqlite:///", "sqlite:///:memory:", "sqlite:///x?timeout=a", "sqlite:///x?mode=ro&uri=1"),
    *("sqlite://x", "redis://[", "redis://h:x/0", "redis://h:99999", "redis://"),
    *("rediss://u:p@h/x", "unix://x", "http://[", "http://h:0", '"http://h\ny"', "http://h y"),
    *("smtp://[", "smtp://a:b@c:0", "whsec_=", "9" * 5_000, "1e9", "4 G", "0.5T", "${HOME}"),
    *("'", '"', "\\", "# no", "a\nb", "[", "::1", "en-XX"),
)
FILE = f"# Ours\n{PREFIX}THREADS=4\nexport {PREFIX}SITE_URL='https://show.example'\n".encode()
MARKS = (
    *(name.upper().encode() for name in NAMES),
    *(PREFIX.encode(), b"=", b"'", b'"', b"\\", b"export "),
)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance whose settings file is yet to be written."""
    folder = tmp_path_factory.mktemp("settings") / "instance"
    app = make_instance(Settings.load(instance=folder))
    with app.app_context():
        storage.db.engine.dispose()
    return folder


def use(instance: Path, written: bytes) -> str:
    """Have a site begin with what is written, and return the words in which that is refused."""
    (instance / "postbag.env").write_bytes(written)
    with suppress(KeyMissing, OSError):  # a folder of keys where none can be: said by all commands
        try:
            create_app(Settings.load(instance=instance))
        except SettingsRefused as refused:
            return str(refused)
    return ""


@examples(60)
@given(st.sampled_from(NAMES), st.sampled_from(WRITTEN) | TEXT)
def test_a_value_is_used_or_refused_by_name(instance: Path, name: str, value: str):
    line = in_utf8(f"{PREFIX}{name.upper()}={value}")

    said = use(instance, line)

    assert not said or PREFIX in said or "cannot be read as text" in said


@examples(30)
@given(bent([FILE], MARKS))
def test_a_file_is_used_or_refused_in_words(instance: Path, written: bytes):
    said = use(instance, written)

    assert not said or said.endswith(".") or said.startswith("These settings cannot be used.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://postbag:a-secret@host:port/postbag"),
        ("database_url", "postgresql://postbag:a-secret:with-colons/postbag"),
        ("database_url", "mysql://postbag:a-secret@host/postbag"),
        ("redis_url", "redis://postbag:a-secret@host:port/0"),
        ("redis_url", "redis://postbag:a-secret@[host/0"),
        ("smtp_url", "smtp://desk:a-secret@host:port"),
        ("webhook_url", "https://desk:a-secret@host/"),
        ("webhook_secret", "whsec_a-secret"),
    ],
)
def test_what_is_refused_is_named_and_not_repeated(instance: Path, name: str, value: str):
    said = use(instance, f"{PREFIX}{name.upper()}={value}".encode())

    assert f"{PREFIX}{name.upper()}: " in said
    assert "a-secret" not in said
