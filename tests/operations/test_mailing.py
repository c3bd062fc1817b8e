"""One mail to one person, with TLS; what goes wrong in words without an address."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.operations.smtp_server import HOST, Mailbox, mail_server, make_certificate
from webapp.operations import mailing
from webapp.operations.mailing import Letter, MailServer, read_mail_server, send
from webapp.operations.sending import Never, NotNow

RECEIVER = "kit@example.org"
MOMENT = datetime(2026, 11, 20, 18, 0, 3, tzinfo=UTC)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def letter(**changes: str) -> Letter:
    values = {
        "id": "6b3f2a9e",
        "to": RECEIVER,
        "sender": "desk@show.example",
        "sender_name": "The desk of The Test Show",
        "subject": "The Test Show: 3 in the urgent lane",
        "text": "3 in the urgent lane.\n",
        "at": MOMENT,
        "site": "show.example",
    }
    return Letter(**(values | changes))


def why(kind: type[Exception], url: str, **changes: str) -> str:
    with pytest.raises(kind) as failed:
        send(read_mail_server(url), letter(**changes))
    words = str(failed.value)
    assert "@" not in words
    assert "hunter2" not in words
    return words


def test_a_mail_is_plain_and_says_that_nobody_need_answer(box: Mailbox):
    send(read_mail_server(box.url), letter())

    [mail] = box.mails
    assert mail["From"] == "The desk of The Test Show <desk@show.example>"
    assert mail["To"] == RECEIVER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Fri, 20 Nov 2026 18:00:03 +0000"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == "3 in the urgent lane.\n"


def test_a_mail_that_is_sent_again_is_the_same_to_its_receiver(box: Mailbox):
    for _ in range(2):
        send(read_mail_server(box.url), letter())

    assert [mail["Message-ID"] for mail in box.mails] == ["<6b3f2a9e@show.example>"] * 2


def test_the_machine_calls_itself_by_the_sites_name(box: Mailbox):
    named: list[str] = []
    original = mailing.smtplib.SMTP.ehlo

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            mailing.smtplib.SMTP,
            "ehlo",
            lambda self, name="": named.append(self.local_hostname) or original(self, name),
        )
        send(read_mail_server(box.url), letter())
        send(read_mail_server(box.url), letter(site=HOST))

    assert set(named) == {"show.example", "[127.0.0.1]"}


def test_a_show_may_have_any_name_and_an_address_any_domain(box: Mailbox):
    send(
        read_mail_server(box.url),
        letter(sender_name="The desk of “Är det du?”", to="kit@bücher.example"),
    )

    [mail] = box.mails
    assert mail["From"].addresses[0].display_name == "The desk of “Är det du?”"
    assert box.receivers == ["kit@xn--bcher-kva.example"]


def test_a_line_feed_in_a_name_adds_no_header(box: Mailbox):
    words = why(Never, box.url, sender_name="The desk\nBcc: all@example.org")

    assert words == mailing.NO_ADDRESS
    assert box.commands == []


@pytest.mark.parametrize(
    ("url", "port", "tls", "from_start"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtps://mail.example", 465, True, True),
        ("smtp://mail.example:25", 25, True, False),
        ("smtp://mail.example:25?tls=no", 25, False, False),
        ("smtp://localhost:25", 25, False, False),
        ("smtp://[::1]:25", 25, False, False),
        ("smtp://127.0.0.1:25?tls=yes", 25, True, False),
    ],
)
def test_tls_is_needed_but_on_this_machine(url: str, port: int, *, tls: bool, from_start: bool):
    server = read_mail_server(url)

    assert (server.port, server.tls, server.tls_from_start) == (port, tls, from_start)


def test_name_and_password_may_have_any_letters_and_are_not_shown():
    server = read_mail_server("smtp://desk%40show.example:hunter2%2F@mail.example")

    assert (server.user, server.password) == ("desk@show.example", "hunter2/")
    assert "hunter2" not in repr(server)


def test_a_server_with_a_password_lets_in_who_has_it():
    with mail_server(password="hunter2") as box:
        send(read_mail_server(f"smtp://desk:hunter2@{HOST}:{box.port}"), letter())
        assert len(box.mails) == 1

        assert why(NotNow, f"smtp://desk:wrong@{HOST}:{box.port}") == mailing.LOGIN


def test_a_password_goes_to_no_other_machine_without_tls():
    with mail_server(password="hunter2") as box:
        elsewhere = MailServer(HOST, box.port, user="desk", password="hunter2", tls=False)

        with pytest.raises(NotNow, match="A password is not sent"):
            send(elsewhere, letter())

    assert "AUTH" not in box.commands


def test_a_server_without_tls_gets_no_mail_where_tls_is_needed(box: Mailbox):
    assert why(NotNow, f"{box.url}?tls=yes") == mailing.NO_TLS
    assert "MAIL" not in box.commands


def test_a_mail_goes_through_tls_where_it_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    certificate = make_certificate(tmp_path / "mail.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(certificate=certificate, password="hunter2") as box:
        send(read_mail_server(f"smtp://desk:hunter2@{HOST}:{box.port}?tls=yes"), letter())

    assert box.was_sealed
    assert len(box.mails) == 1


def test_a_server_that_cannot_show_who_it_is_gets_no_mail(tmp_path: Path):
    with mail_server(certificate=make_certificate(tmp_path / "mail.pem")) as box:
        assert why(NotNow, f"{box.url}?tls=yes") == mailing.NO_PROOF

    assert box.mails == []


@pytest.mark.parametrize(
    ("command", "answer", "kind", "words"),
    [
        ("RCPT", "550 no such user kit@example.org", Never, "refused it for good (550)"),
        ("RCPT", "450 mailbox busy", NotNow, "refused it for now (450)"),
        ("DATA", "554 kit@example.org does not like it", Never, "refused it for good (554)"),
        ("DATA", "451 try later", NotNow, "refused it for now (451)"),
        ("MAIL", "550 not you", NotNow, "POSTBAG_MAIL_FROM (550)"),
        ("CONNECT", "554 no service", NotNow, "broke off"),
        ("CONNECT", "", NotNow, "broke off"),
        ("EHLO", "", NotNow, "broke off"),
        ("DATA", "", NotNow, "broke off"),
        ("CONNECT", "HTTP/1.1 200 OK", NotNow, "broke off"),
    ],
)
def test_what_a_server_says_no_with_is_told_in_words(
    command: str, answer: str, kind: type[Exception], words: str
):
    with mail_server(says={command: answer}) as box:
        assert words in why(kind, box.url)


def test_a_server_that_is_away_is_told_in_words():
    with socket.socket() as taken:
        taken.bind((HOST, 0))  # and nobody listens
        assert why(NotNow, f"smtp://{HOST}:{taken.getsockname()[1]}") == mailing.AWAY


def test_a_name_that_nobody_knows_is_told_in_words():
    assert why(NotNow, "smtp://no-such-host.invalid") == mailing.AWAY


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mailing, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server((HOST, 0)) as silent:
        assert why(NotNow, f"smtp://{HOST}:{silent.getsockname()[1]}") == mailing.CUT_OFF
