"""What notifications are set up with: whole or not at all, and never printed."""

from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsRefused

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def refusal(tmp_path: Path, **given: str) -> str:
    with pytest.raises(SettingsRefused) as refused:
        Settings.load(instance=tmp_path, **given)
    words = str(refused.value)
    assert "hunter2" not in words
    return words


@pytest.mark.parametrize(
    "url",
    [
        "mail.example:25",
        "http://mail.example",
        "smtp://",
        "smtp://user:hunter2@mail.example:port",
        "smtp://mail.example:99999",
        "smtp://mail.example/inbox",
        "smtp://mail.example?tls=maybe",
    ],
)
def test_a_mail_server_that_is_none_is_refused(tmp_path: Path, url: str):
    words = refusal(tmp_path, smtp_url=url, mail_from="desk@show.example")

    assert "POSTBAG_SMTP_URL" in words
    assert "such as smtp://user:password@host:587" in words


@pytest.mark.parametrize(
    "url",
    ["smtp://mail.example", "smtps://a%40b:c@mail.example:465/", "smtp://[::1]:25?tls=no"],
)
def test_a_mail_server_and_who_mails_come_from_are_taken(tmp_path: Path, url: str):
    settings = Settings.load(instance=tmp_path, smtp_url=url, mail_from="desk@show.example")

    assert url not in repr(settings)


def test_mails_need_an_address_to_come_from(tmp_path: Path):
    assert "set POSTBAG_MAIL_FROM too" in refusal(tmp_path, smtp_url="smtp://mail.example")


@pytest.mark.parametrize("address", ["desk", "a@b, c@d", "Desk <a@b>", "a@b\nBcc: c@d", "@b", "a@"])
def test_what_is_no_address_is_refused(tmp_path: Path, address: str):
    assert "POSTBAG_MAIL_FROM" in refusal(tmp_path, mail_from=address)


def test_what_is_posted_must_be_signed(tmp_path: Path):
    assert "set POSTBAG_WEBHOOK_SECRET too" in refusal(tmp_path, webhook_url="https://chat.example")


@pytest.mark.parametrize("secret", ["hunter2", "whsec_aHVudGVyMg==", "whsec_???", SECRET[:-1]])
def test_a_secret_that_is_none_or_too_short_is_refused(tmp_path: Path, secret: str):
    words = refusal(tmp_path, webhook_url="https://chat.example", webhook_secret=secret)

    assert "POSTBAG_WEBHOOK_SECRET: Value error, expected whsec_" in words


@pytest.mark.parametrize("url", ["chat.example", "ftp://chat.example", "https://a:b@chat.example"])
def test_an_address_that_nothing_can_be_posted_to_is_refused(tmp_path: Path, url: str):
    assert "POSTBAG_WEBHOOK_URL" in refusal(tmp_path, webhook_url=url, webhook_secret=SECRET)


@pytest.mark.parametrize(
    ("hours", "read"), [("8,18", (8, 18)), ("", ()), ("18 8, 8", (8, 18)), ("0", (0,))]
)
def test_hours_have_commas_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: str, read: tuple[int, ...]
):
    monkeypatch.setenv("POSTBAG_NOTIFY_HOURS", hours)

    assert Settings.load(instance=tmp_path).notify_hours == read


@pytest.mark.parametrize("hours", ["24", "-1", "8.5", "eight"])
def test_what_is_no_full_hour_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: str
):
    monkeypatch.setenv("POSTBAG_NOTIFY_HOURS", hours)

    with pytest.raises(SettingsRefused, match=r"POSTBAG_NOTIFY_HOURS: .* full hours from 0 to 23"):
        Settings.load(instance=tmp_path)
