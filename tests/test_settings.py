"""Settings come from the environment, then the instance's file, and are never printed."""

from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsRefused


def test_defaults_are_those_of_one_machine(tmp_path: Path):
    settings = Settings.load(instance=tmp_path)

    assert settings.database == f"sqlite:///{tmp_path / 'postbag.sqlite3'}"
    assert settings.keys_path == tmp_path / "keys"
    assert settings.origins == {"http://127.0.0.1:8000"}
    assert not settings.is_https


def test_the_instances_file_is_read_and_the_environment_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "postbag.env").write_text("POSTBAG_THREADS=3\nPOSTBAG_HELP_COUNTRY=IE\n\n# note\n")
    monkeypatch.setenv("POSTBAG_THREADS", "5")

    settings = Settings.load(instance=tmp_path)

    assert (settings.threads, settings.help_country) == (5, "IE")


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path):
    (tmp_path / "postbag.env").write_text("POSTBAG_THREDS=3\n")

    with pytest.raises(SettingsRefused, match="POSTBAG_THREADS"):
        Settings.load(instance=tmp_path)


def test_a_wrong_value_is_named_and_not_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POSTBAG_THREADS", "hunter2")

    with pytest.raises(SettingsRefused) as refused:
        Settings.load(instance=tmp_path)

    assert "POSTBAG_THREADS" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_origins_are_compared_without_path_and_case(tmp_path: Path):
    settings = Settings.load(
        instance=tmp_path,
        site_url="https://Show.Example/",
        extra_origins=("http://abc.onion/x",),
    )

    assert settings.origins == {"https://show.example", "http://abc.onion"}
    assert settings.is_https


def test_origins_in_the_environment_have_commas_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("POSTBAG_EXTRA_ORIGINS", "http://abc.onion, http://shelf.local:8000")

    settings = Settings.load(instance=tmp_path)

    assert settings.extra_origins == ("http://abc.onion", "http://shelf.local:8000")


def test_a_password_in_a_setting_is_not_shown(tmp_path: Path):
    settings = Settings.load(instance=tmp_path, database_url="postgresql://a:hunter2@b/c")

    assert "hunter2" not in repr(settings)
