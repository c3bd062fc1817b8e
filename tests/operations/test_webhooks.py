"""What is posted is signed as Standard Webhooks has it; what goes wrong is told in words."""

import hmac
import json
import socket
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.operations.smtp_server import make_certificate
from tests.operations.web_server import HOST, Receiver, web_server
from webapp.operations import webhooks
from webapp.operations.sending import Never, NotNow
from webapp.operations.webhooks import Hook, as_body, post, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MOMENT = datetime(2026, 11, 20, 18, 0, 3, tzinfo=UTC)
BODY = as_body("desk.digest", MOMENT, {"urgent": 3, "url": "https://show.example/desk/questions"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with web_server() as receiver:
        yield receiver


def send(url: str) -> None:
    post(Hook(url, SECRET), message_id="6b3f2a9e", body=BODY, now=MOMENT)


def why(kind: type[Exception], url: str) -> str:
    with pytest.raises(kind) as failed:
        send(url)
    words = str(failed.value)
    assert HOST not in words
    assert "hook" not in words.replace("webhook", "")
    return words


def test_a_signature_is_that_of_the_standards_own_example():
    """From https://github.com/standard-webhooks/standard-webhooks, its libraries' tests."""
    body = b'{"test": 2432232314}'

    signed = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_posted_has_figures_and_a_link_and_can_be_checked(receiver: Receiver):
    send(receiver.url)

    [posted] = receiver.posted
    assert posted.path == "/hook?of=desk"
    assert json.loads(posted.body) == {
        "type": "desk.digest",
        "timestamp": "2026-11-20T18:00:03+00:00",
        "data": {"urgent": 3, "url": "https://show.example/desk/questions"},
    }
    told = f"{posted.headers['webhook-id']}.{posted.headers['webhook-timestamp']}.".encode()
    key = b64decode(SECRET.removeprefix("whsec_"))
    expected = b64encode(hmac.digest(key, told + posted.body, "sha256")).decode()
    assert posted.headers["webhook-signature"] == f"v1,{expected}"
    assert posted.headers["webhook-timestamp"] == str(int(MOMENT.timestamp()))
    assert posted.headers["content-type"] == "application/json"


def test_what_is_posted_again_is_the_same_to_its_receiver(receiver: Receiver):
    for _ in range(2):
        send(receiver.url)

    first, second = receiver.posted
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "6b3f2a9e"
    assert first.body == second.body


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_answer_of_success_will_do(receiver: Receiver, status: int):
    receiver.status = status

    send(receiver.url)

    assert len(receiver.posted) == 1


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_any_answer_of_failure_is_tried_again(receiver: Receiver, status: int):
    receiver.status = status

    assert str(status) in why(NotNow, receiver.url)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver: Receiver, status: int):
    with web_server() as elsewhere:
        receiver.status, receiver.location = status, elsewhere.url

        assert str(status) in why(NotNow, receiver.url)

    assert elsewhere.posted == []


def test_an_address_that_is_gone_is_given_up(receiver: Receiver):
    receiver.status = 410

    assert why(Never, receiver.url) == webhooks.GONE


def test_an_address_where_nobody_listens_is_told_in_words():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]

        assert why(NotNow, f"http://{HOST}:{port}/hook") == webhooks.AWAY


def test_a_receiver_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server((HOST, 0)) as silent:
        assert why(NotNow, f"http://{HOST}:{silent.getsockname()[1]}/hook") == webhooks.AWAY


@pytest.mark.parametrize("said", [b"", b"220 mail.example\r\n", b"HTTP/1.1 nonsense\r\n\r\n"])
def test_a_receiver_that_speaks_no_http_is_told_in_words(said: bytes):
    with socket.create_server((HOST, 0)) as odd:

        def answer() -> None:
            connection, _ = odd.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        assert why(NotNow, f"http://{HOST}:{odd.getsockname()[1]}/hook") in {
            webhooks.CUT_OFF,
            webhooks.AWAY,
        }
        thread.join()


def test_what_is_posted_goes_through_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    certificate = make_certificate(tmp_path / "hook.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with web_server(certificate=certificate) as receiver:
        send(receiver.url)

    assert len(receiver.posted) == 1


def test_a_receiver_that_cannot_show_who_it_is_gets_nothing(tmp_path: Path):
    with web_server(certificate=make_certificate(tmp_path / "hook.pem")) as receiver:
        assert why(NotNow, receiver.url) == webhooks.NO_PROOF

    assert receiver.posted == []


def test_neither_address_nor_secret_are_shown():
    assert repr(Hook("https://chat.example/secret", SECRET)) == "Hook()"
