"""The `postbag` command: what it says and how it ends."""

from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner, Result
from flask.cli import FlaskGroup

from tests import factories
from webapp import create_app, storage
from webapp.cli import main
from webapp.settings import Settings
from webapp.storage.sealing import make_keys

SEEDS = Path(__file__).parents[1] / "seeds" / "show"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an instance that is not there yet."""
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    return tmp_path / "instance"


def postbag(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_init_makes_an_instance_and_can_be_repeated(instance: Path):
    first, second = postbag("init"), postbag("init")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "is ready" in first.output
    assert (instance / "postbag.sqlite3").exists()
    assert (instance / "keys" / "seal-1.key").exists()


def test_seed_takes_in_the_seed_show_once(instance: Path):
    postbag("init")

    first, second = postbag("seed"), postbag("seed")

    assert first.output.splitlines()[-1] == "14 new, 0 changed, 0 unchanged"
    assert second.output.splitlines()[-1] == "0 new, 0 changed, 14 unchanged"


def test_import_shows_its_plan_and_changes_nothing_on_a_dry_run(instance: Path):
    postbag("init")

    dry, real = postbag("import", str(SEEDS), "--dry-run"), postbag("import", str(SEEDS))

    plans = [
        [line for line in result.output.splitlines() if not line.startswith("Imported")]
        for result in (dry, real)
    ]
    assert plans[0] == plans[1]
    assert "new: episodes/getting-to-yes" in plans[0]


def test_import_of_a_wrong_bundle_names_the_mistake_and_ends_with_1(instance: Path, tmp_path: Path):
    postbag("init")
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "show.yaml").write_text("nme: A show\n")

    result = postbag("import", str(tmp_path / "bundle"))

    assert result.exit_code == 1
    assert "show.yaml, line 1: nme: expected the key “name”" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "arguments", [["import"], ["import", "/nowhere"], ["nonsense"], ["serve", "--port", "x"]]
)
def test_wrong_usage_ends_with_2(instance: Path, arguments: list[str]):
    assert postbag(*arguments).exit_code == 2


def test_flask_offers_the_same_commands(instance: Path):
    flask = FlaskGroup()

    assert CliRunner().invoke(flask, ["init"]).exit_code == 0
    assert set(main.commands) <= set(flask.list_commands(Context(flask)))


def test_without_keys_it_says_what_makes_them(instance: Path):
    result = postbag("seed")

    assert result.exit_code == 1
    assert "`postbag init` makes" in result.output


def test_a_misspelt_setting_names_the_closest_one(instance: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSTBAG_SITE_ULR", "https://show.example")

    result = postbag("init")

    assert result.exit_code == 1
    assert "POSTBAG_SITE_ULR in the environment is no setting" in result.output
    assert "POSTBAG_SITE_URL" in result.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTBAG_DATABASE_URL", "bogus://user:hunter2@x/y"),
        ("POSTBAG_DATABASE_URL", "hunter2"),
        ("POSTBAG_SITE_URL", "hunter2"),
        ("POSTBAG_THREADS", "0"),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_not_shown(
    instance: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(name, value)

    result = postbag("init")

    assert result.exit_code == 1
    assert name in result.output
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("line", ["postbag_threds=3", "export POSTBAG_THREDS=3"])
def test_a_misspelt_name_in_the_file_is_seen_however_it_is_written(instance: Path, line: str):
    instance.mkdir()
    (instance / "postbag.env").write_text(line)

    assert "POSTBAG_THREADS" in postbag("init").output


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--workers", "0"], ["--threads", "0"]])
def test_serve_takes_only_numbers_that_can_be(instance: Path, arguments: list[str]):
    assert postbag("serve", *arguments).exit_code == 2


def test_serve_on_a_host_that_is_not_here_says_so(instance: Path):
    result = postbag("serve", "--host", "no-such-host.example")

    assert result.exit_code == 1
    assert "is no address of this machine" in result.output


def test_an_instance_that_is_a_file_is_said_in_words(instance: Path):
    instance.write_text("")

    result = postbag("init")

    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_database_that_is_away_is_said_without_its_password(
    instance: Path, monkeypatch: pytest.MonkeyPatch
):
    url = "postgresql+psycopg://postbag:hunter2@127.0.0.1:1/postbag"
    monkeypatch.setenv("POSTBAG_DATABASE_URL", url)

    result = postbag("init")

    assert result.exit_code == 1
    assert "The database does not answer. See that it runs" in result.output
    assert "hunter2" not in result.output


def test_a_database_that_is_none_is_said_in_words(instance: Path):
    postbag("init")
    for file in instance.glob("postbag.sqlite3*"):
        file.unlink()
    (instance / "postbag.sqlite3").write_bytes(b"this is no database at all " * 100)

    result = postbag("init")

    assert result.exit_code == 1
    assert "damaged" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nobody", "--role", "owner"], 1, "nobody is no e-mail address."),
        (["a@example.org", "--role", "king"], 2, "king"),
        (["a@example.org"], 2, "--role"),
    ],
)
def test_staff_that_cannot_be_added_is_said_in_words(
    instance: Path, arguments: list[str], status: int, words: str
):
    postbag("init")

    result = postbag("staff", "add", *arguments)

    assert result.exit_code == status
    assert words in result.output


def test_staff_are_added_once(instance: Path):
    postbag("init")
    postbag("staff", "add", "a@example.org", "--role", "owner")

    result = postbag("staff", "add", "a@example.org", "--role", "owner")

    assert result.exit_code == 1
    assert "is a member of staff already" in result.output


def test_rotate_keys_says_what_it_made_and_what_is_to_be_kept(instance: Path):
    postbag("init")

    result = postbag("rotate-keys")

    assert result.exit_code == 0
    assert result.output == (
        "The new sealing key is seal-2.key. Copy it to where you keep the keys.\n"
        "Sealed again under it: 0 questions.\n"
        "seal-1.key seals nothing any more. "
        "Keep it all the same: backups from before today need it.\n"
    )
    assert (instance / "keys" / "seal-2.key").exists()


def test_rotate_keys_says_how_far_it_has_come_and_what_it_had_to_leave(instance: Path):
    postbag("init")
    with create_app(Settings.load()).app_context():
        storage.write(factories.add_show)
        storage.write(factories.add_question)
    well = postbag("rotate-keys")
    (instance / "keys" / "seal-2.key").write_text("5eed" * 16)  # a key, and not the one

    ill = postbag("rotate-keys")

    assert well.exit_code == 0
    assert well.output.splitlines()[0] == "Sealed again: 1 of 1"
    assert ill.exit_code == 1
    assert "does not open: 1 question. `postbag doctor` says which key is missing." in ill.output


def test_rotate_keys_wants_a_migrated_database(instance: Path):
    make_keys(instance / "keys")

    result = postbag("rotate-keys")

    assert result.exit_code == 1
    assert "Run `postbag init`" in result.output
    assert not (instance / "keys" / "seal-2.key").exists()


def test_doctor_ends_with_0_where_nothing_is_wrong_and_1_where_something_is(instance: Path):
    postbag("init")

    well = postbag("doctor")
    (instance / "keys" / "session.key").unlink()
    ill = postbag("doctor")

    assert well.exit_code == 0
    assert well.output.splitlines()[0] == "Nothing is wrong with this instance."
    assert ill.exit_code == 1
    assert ill.output.splitlines()[0] == (
        f"The key session.key is not in {instance / 'keys'}. Put it back: no other fits."
    )


def test_doctor_says_which_setting_cannot_be(instance: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSTBAG_THREDS", "3")

    result = postbag("doctor")

    assert result.exit_code == 1
    assert "POSTBAG_THREADS" in result.output


def test_purge_of_an_empty_mailbag_says_that_nothing_was_due(instance: Path):
    postbag("init")

    assert postbag("purge").output == "Nothing was due.\n"


@pytest.mark.parametrize("command", ["purge", "worker"])
def test_daily_work_without_keys_says_what_makes_them(instance: Path, command: str):
    result = postbag(command)

    assert result.exit_code == 1
    assert "`postbag init` makes" in result.output


def test_the_worker_tells_nobody_how_serve_starts_it():
    assert "--beside" not in postbag("worker", "--help").output
    assert "--no-worker" in postbag("serve", "--help").output
