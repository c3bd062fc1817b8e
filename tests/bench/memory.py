"""What the server holds after few and after many requests of all kinds."""

import http.client
import random
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil

from tests.bench.servers import fetch, ours
from tests.bench.sites import OPEN
from tests.bench.tables import table
from tests.bench.words import Letters
from webapp import storage
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.questions import tokens
from webapp.settings import Settings
from webapp.storage.sealing import Keyring

FEW, MANY = 10_000, 200_000
WANTED = 1.2
ASKERS = 8
PAGES = ("/", "/episodes", "/episodes/getting-to-yes", "/about", "/help", "/feeds/podcast.xml")
KINDS = ("page", "same", "packed", "made-up", "search", "review", "send")
OFTEN = (64, 20, 12, 2, 1, 0.5, 0.5)  # of 100: a thousand questions among 200,000 requests


def bench_memory(folder: Path, most: int) -> str:
    """Return the table of memory; `most` is the most requests, if below MANY."""
    few, many = (FEW, MANY) if most >= MANY else (most // 20, most)
    instance = folder / "memory"
    settings = Settings.load(instance=instance)
    app = make_instance(settings)
    fill_demo(app, settings)
    with app.app_context():
        keyring = storage.current_keyring()
        storage.db.engine.dispose()
    limits = {f"POSTBAG_{name.upper()}": str(figure) for name, figure in OPEN.items()}
    held = []
    with ours(instance, "application", **limits) as site:
        for count in (few, many - few):
            _ask_all(site, keyring, count)
            held.append(_resident())
    ratio = held[1] / held[0]
    sizes = [f"{size / 1024**2:,.0f} MB" for size in held]
    columns = ("", f"after {few:,}", f"after {many:,}", "ratio", "")
    row = ("resident, with its worker", *sizes, f"{ratio:.2f}", "" if ratio <= WANTED else "!")
    return table("Memory of the server, by requests of all kinds", columns, [row])


def _resident() -> int:
    """Return the bytes that the servers started here hold."""
    return sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))


def _ask_all(site: str, keyring: Keyring, count: int) -> None:
    failed: list[Exception] = []
    askers = [
        threading.Thread(target=_ask, args=(site, keyring, count // ASKERS, number, failed))
        for number in range(ASKERS)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    if failed:
        raise failed[0]


def _ask(site: str, keyring: Keyring, count: int, number: int, failed: list[Exception]) -> None:
    """Ask for one thing after the other on one connection, as often as each kind is asked for."""
    rng, letters = random.Random(number), Letters(80)  # noqa: S311 - the same each time
    tags = {path: fetch(site + path)[1] for path in PAGES}
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    try:
        for kind in rng.choices(KINDS, OFTEN, k=count):
            _one(connection, kind, rng, letters, tags, keyring)
    except (OSError, http.client.HTTPException, RuntimeError) as error:
        failed.append(error)
    finally:
        connection.close()


def _one(
    connection: http.client.HTTPConnection,
    kind: str,
    rng: random.Random,
    letters: Letters,
    tags: Mapping[str, str],
    keyring: Keyring,
) -> None:
    path, headers, body = rng.choice(PAGES), {"Sec-Fetch-Site": "same-origin"}, None
    if kind == "same":
        headers["If-None-Match"] = tags[path]
    elif kind == "packed":
        headers["Accept-Encoding"] = rng.choice(("gzip", "br"))
    elif kind == "made-up":
        path = f"/episodes/{rng.getrandbits(60):x}"
    elif kind == "search":
        path = f"/search?{urlencode({'q': letters.write()[:20]})}"
    elif kind in {"review", "send"}:
        path, body = f"/ask/{kind}", _form(kind, letters.write(), keyring)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    wanted: Sequence[int] = {"same": (200, 304), "made-up": (404,)}.get(kind, (200,))
    if answer.status not in wanted:
        raise RuntimeError(f"{kind}: {answer.status}")


def _form(kind: str, letter: str, keyring: Keyring) -> str:
    fields = {"question": letter, "sign_off": "Thin Walls", "consent": "read_aloud"}
    if kind == "send":
        token = tokens.fresh("")
        shown = tokens.Token(token.nonce, token.about, token.shown - 60)
        fields |= {"token": tokens.sign(keyring, shown), "checked": "yes"}
    return urlencode(fields)
