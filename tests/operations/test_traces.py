"""A thousand questions from a thousand networks, and what is left of those networks: nothing."""

import hmac
import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.operations.asking import Asker
from tests.serving import free_port, start_demo
from webapp.web.client import network_of

SENDS = 1_000
AGENT = "TracedAgent/7.7"
REFERRER = "https://came-from.example/traced-page"
MARK = "tracedword"


def address(number: int) -> str:
    """Return an address of a network of its own: a /24, or a /56."""
    if number % 2:
        return f"198.{18 + number // 512}.{number // 2 % 256}.77"
    return f"2001:db8:{number:x}:ff00::77"


def ask(port: int, number: int) -> str:
    """Send a question from a network of its own and return its receipt."""
    text = f"{MARK} {secrets.token_hex(16)} is on my mind, number {number}, and on the wall."
    with closing(Asker(port, address(number), User_Agent=AGENT, Referer=REFERRER)) as asker:
        page = asker.review(text)
        received = asker.send(text, page, **page.solved)
        if received.status == 429:  # others have filled the hour since the check page was shown
            received = asker.send(text, received, **received.solved)
        assert received.status == 200, received.status
        if number % 50 == 0:
            assert asker.post("/my-question", receipt=received.receipt).status == 200
        if number % 100 == 0:
            asker.post("/my-question", receipt="one two three four five six")
            asker.post("/nowhere", question=text)
            asker.post("/my-question/withdraw", receipt=received.receipt, confirm="yes")
    return received.receipt


def files_of(instance: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in instance.rglob("*") if path.is_file()}


def keyed(instance: Path) -> list[bytes]:
    """Return what each key that is kept would make of some of the networks."""
    keys = [bytes.fromhex(path.read_text()) for path in instance.rglob("*.key")]
    known = (*map(address, range(40)), *(network_of(address(n), None, 0) for n in range(40)))
    named = [each.encode() if isinstance(each, str) else each for each in known]
    return [hmac.digest(key, each, "sha256")[:8] for key in keys for each in named]


def stop(server: subprocess.Popen[str]) -> str:
    server.terminate()
    return server.communicate(timeout=40)[0]


def test_a_thousand_questions_leave_no_address_agent_receipt_or_text(tmp_path: Path):
    port = free_port()
    server = start_demo(tmp_path / "instance", port, POSTBAG_TRUSTED_PROXIES="1")
    try:
        with ThreadPoolExecutor(4) as pool:
            receipts = list(pool.map(lambda number: ask(port, number), range(SENDS)))
        running = files_of(tmp_path)  # with its write-ahead log
    finally:
        log = stop(server)

    assert len(set(receipts)) == SENDS
    forms = (str.encode, lambda words: words.replace(" ", "-").encode())
    said = [form(words) for words in receipts for form in forms]
    traces = [
        b"198.18.",
        b"198.19.",
        b"2001:db8",
        AGENT.encode(),
        b"came-from.example",
        MARK.encode(),
    ]
    for name, data in {**running, **files_of(tmp_path), "log": log.encode()}.items():
        found = [trace for trace in (*traces, *keyed(tmp_path)) if trace in data]
        assert found == [], name
        assert not any(words in data for words in said), name
