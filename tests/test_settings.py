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


def test_origins_are_written_as_browsers_write_them(tmp_path: Path):
    settings = Settings.load(
        instance=tmp_path,
        site_url="https://show.example:443/",
        extra_origins=("http://[::1]:80", "https://shelf.local:8443"),
    )

    assert settings.origins == {
        *("https://show.example", "http://[::1]", "https://shelf.local:8443")
    }


def test_the_desk_is_at_the_sites_address_unless_it_has_one_of_its_own(tmp_path: Path):
    here = Settings.load(instance=tmp_path, site_url="https://show.example/", desk_url="")
    there = Settings.load(
        instance=tmp_path, site_url="https://show.example", desk_url="http://Abc.onion/"
    )

    assert (here.desk_address, here.desk_origins) == ("https://show.example", here.origins)
    assert there.desk_address == "http://Abc.onion"
    assert there.origins == {"https://show.example"}
    assert there.desk_origins == {"https://show.example", "http://abc.onion"}


@pytest.mark.parametrize("name", ["SITE_URL", "DESK_URL", "EXTRA_ORIGINS"])
@pytest.mark.parametrize(
    "url",
    ["abc.onion", "ftp://abc.onion", "http://", "http://a:99999", "http://a:b", "http://[::1"],
)
def test_what_leads_nowhere_is_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, url: str
):
    monkeypatch.setenv(f"POSTBAG_{name}", url)

    with pytest.raises(SettingsRefused, match=f"POSTBAG_{name}: .*https://show.example"):
        Settings.load(instance=tmp_path)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("show.example", "https://show.example"),
        ("SHOW.example:443", "https://show.example"),
        ("show.example:8080", "http://show.example:8080"),
        ("abc.onion", "http://abc.onion"),
        ("shelf.local", "http://shelf.local:8000"),  # a proxy leaves the port out
        ("both.example", "https://both.example"),
        ("elsewhere.example", "https://show.example"),
        ("", "https://show.example"),
        ("[::1", "https://show.example"),
    ],
)
def test_a_host_says_at_which_of_its_addresses_the_desk_is_visited(
    tmp_path: Path, host: str, origin: str
):
    settings = Settings.load(
        instance=tmp_path,
        site_url="https://show.example",
        desk_url="http://abc.onion",
        extra_origins=(
            *("http://shelf.local:8000", "http://both.example", "https://both.example"),
            "http://show.example:8080",
        ),
    )

    assert settings.desk_origin_at(host) == origin


def test_a_desk_apart_is_at_its_own_address_whatever_host_is_named(tmp_path: Path):
    apart = Settings.load(
        instance=tmp_path,
        site_url="https://show.example",
        desk_url="http://abc.onion",
        surface="desk",
    )

    assert apart.own_address == "http://abc.onion"
    assert apart.desk_origin_at("127.0.0.1:8000") == "http://abc.onion"


def test_a_password_in_a_setting_is_not_shown(tmp_path: Path):
    settings = Settings.load(instance=tmp_path, database_url="postgresql://a:hunter2@b/c")

    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("written", "limit"),
    [("4G", 4 * 1024**3), ("500 m", 500 * 1024**2), ("1048576", 1024**2), ("1T", 1024**4)],
)
def test_a_size_is_in_bytes_or_with_a_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, limit: int
):
    monkeypatch.setenv("POSTBAG_UPLOAD_LIMIT", written)

    assert Settings.load(instance=tmp_path).upload_limit == limit


@pytest.mark.parametrize("written", ["", "much", "-1", "4GB", "1K", "9" * 30])
def test_what_is_no_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str):
    monkeypatch.setenv("POSTBAG_UPLOAD_LIMIT", written)

    with pytest.raises(SettingsRefused, match="POSTBAG_UPLOAD_LIMIT"):
        Settings.load(instance=tmp_path)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("METRIC_PORT", "METRICS_PORT"),
        ("MEDIAURL", "MEDIA_URL"),
        ("LOGFORMAT", "LOG_FORMAT"),
        ("LANGUAGE_LOCALE", "LOCALE"),
        ("KEEP_UNDECIDE", "KEEP_UNDECIDED"),
        ("SMTP", "SMTP_URL"),
    ],
)
def test_a_misspelt_name_is_told_the_closest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typo: str, meant: str
):
    monkeypatch.setenv(f"POSTBAG_{typo}", "hunter2")

    with pytest.raises(SettingsRefused) as refused:
        Settings.load(instance=tmp_path)

    assert str(refused.value).endswith(f"The closest one is POSTBAG_{meant}.")
    assert "hunter2" not in str(refused.value)


def test_media_have_an_address_only_where_there_is_another_place(tmp_path: Path):
    here = Settings.load(instance=tmp_path)
    there = Settings.load(instance=tmp_path, media_url="https://media.example:8443/of/us/")

    assert (here.media_address("ab", "a.mp4"), here.media_origin) == ("", "")
    assert there.media_address("ab", "a film.mp4") == (
        "https://media.example:8443/of/us/ab/a%20film.mp4"
    )
    assert there.media_address("", "a.mp4") == ""
    assert there.media_origin == "https://media.example:8443"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "media.example",
        "ftp://media.example",
        "https://",
        "https://user:hunter2@media.example",
        "https://media.example:99999",
        "https://media.example:port",
        "https://[::1",
        "https://media.example/?list",
        "https://media.example; script-src *",
        "https://media.example, https://other.example",
    ],
)
def test_what_cannot_stand_in_a_policy_is_no_place_for_media(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("POSTBAG_MEDIA_URL", url)

    with pytest.raises(SettingsRefused, match="POSTBAG_MEDIA_URL") as refused:
        Settings.load(instance=tmp_path)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "tag"), [("en", "en"), ("en-GB", "en-GB"), ("en_us", "en-US"), ("EN-001", "en-001")]
)
def test_english_is_spoken_in_many_countries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, tag: str
):
    monkeypatch.setenv("POSTBAG_LOCALE", written)

    assert Settings.load(instance=tmp_path).locale == tag


@pytest.mark.parametrize(
    "written", ["de", "de-AT", "english", "en-ZZ", "en-Latn-US", "", "xx", "C"]
)
def test_a_language_without_words_is_refused_and_says_where_the_shows_own_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
):
    monkeypatch.setenv("POSTBAG_LOCALE", written)

    with pytest.raises(SettingsRefused, match=r"POSTBAG_LOCALE.*in no other language.*show\.yaml"):
        Settings.load(instance=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_PORT", "0"),
        ("METRICS_PORT", "65536"),
        ("METRICS_PORT", "yes"),
        ("METRICS_HOST", "here"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_where_figures_and_lines_go_must_be_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
):
    monkeypatch.setenv(f"POSTBAG_{name}", value)

    with pytest.raises(SettingsRefused, match=f"POSTBAG_{name}"):
        Settings.load(instance=tmp_path)
