"""nginx and Caddy as `deploy/` has them: baked pages from the disk, the rest from the site."""

import gzip
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.left_out import leave_out
from tests.proxies import PROXIES, find_proxy
from tests.serving import NO_LIMITS, free_port, start_demo
from webapp.web.headers import SECURITY_HEADERS

DEPLOY = Path(__file__).parents[2] / "deploy"
PAGES = ("/", "/episodes/getting-to-yes", "/ask", "/about")

ONION = "http://youraddress.onion"

pytestmark = pytest.mark.xdist_group("proxies")


class Site:
    """The demonstration, its baked pages, and a way to ask at any port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.baked = folder / "baked"
        self.port = free_port()
        self.server = start_demo(
            folder / "instance",
            self.port,
            **NO_LIMITS,
            POSTBAG_BAKED=str(self.baked),
            POSTBAG_EXTRA_ORIGINS=ONION,
        )
        for path in PAGES:
            wait_for(self.file_of(path))

    def file_of(self, path: str) -> Path:
        return self.baked / "now" / path.strip("/") / "index.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("proxied")
    made = Site(folder)
    yield made
    made.server.terminate()
    made.server.communicate(timeout=40)


def wait_for(file: Path) -> None:
    for _ in range(600):
        if file.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{file.name} was not baked")


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        return answer, answer.read()


class Onion(HTTPConnection):
    """A connection by the socket that Tor speaks to."""

    def __init__(self, path: Path) -> None:
        super().__init__("youraddress.onion", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(str(self._path))


@pytest.fixture(scope="module", params=PROXIES)
def proxied(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    """The port of a proxy in front of the site, and its socket for the onion service."""
    folder, port = tmp_path_factory.mktemp(request.param), free_port()
    start = {"nginx": start_nginx, "caddy": start_caddy}[request.param]
    with start(required(request.param), folder, port, site):
        yield port, folder / "http.sock"


@pytest.fixture
def proxy(proxied: tuple[int, Path]) -> int:
    """The port of a proxy in front of the site."""
    return proxied[0]


def required(name: str) -> str:
    """Return where a web server is; without it the test is left out, where it may be."""
    binary = find_proxy(name)
    if binary is None:
        leave_out(f"{name} is not on this machine", unless="TEST_PROXIES")
    return binary


@contextmanager
def start_nginx(binary: str, folder: Path, port: int, site: Site) -> Iterator[None]:
    """Run nginx with our file, but for its certificates, its account and its places."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    redirecting = text[text.index("    server {") : text.index("    server {\n        listen 443")]
    text = text.replace(redirecting, "")
    dropped = ("user ", "pid ", "error_log /var", "listen [::]", "ssl_", "server_name")
    lines = [line for line in text.splitlines() if not line.strip().startswith(dropped)]
    text = "\n".join(lines)
    for ours, here in (
        ("listen 443 ssl http2 default_server;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{site.port}"),
        ("/srv/postbag/baked", str(site.baked)),
        ("# listen unix:/run/postbag-onion", f"listen unix:{folder}"),
    ):
        assert ours in text
        text = text.replace(ours, here)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("http {", f"http {{ {temporary}", 1)
    account = "user root;" if os.geteuid() == 0 else ""  # the folders of tests are nobody else's
    (folder / "nginx.conf").write_text(
        f"{account}daemon off; pid {folder}/pid; error_log stderr crit;\n{text}", encoding="utf-8"
    )
    with running([binary, "-c", str(folder / "nginx.conf"), "-p", str(folder)], port):
        yield


@contextmanager
def start_caddy(binary: str, folder: Path, port: int, site: Site) -> Iterator[None]:
    """Run Caddy with our file, but for its certificate and its places."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    for ours, here in (
        ("# " + ONION, ONION),
        ("# \tbind unix//run/postbag-onion", f"\tbind unix/{folder}"),
        ("# \timport", "\timport"),
        ("# }", "}"),
        ("/srv/postbag/baked", str(site.baked)),
        ("{\n\t#", "{\n\tadmin off\n\t#"),
    ):
        assert ours in text
        text = text.replace(ours, here, 1 if ours.startswith("{") else -1)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    told = {
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
        "UPSTREAMS": f"127.0.0.1:{free_port()} 127.0.0.1:{site.port}",  # the first is away
    }
    with running(
        [binary, "run", "--config", str(folder / "Caddyfile")], port, **at_home(folder), **told
    ):
        yield


def at_home(folder: Path) -> dict[str, str]:
    """Return the environment in which Caddy writes nothing but there."""
    return {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=os.environ | environment, stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(200):
            assert process.poll() is None, process.communicate()[1]
            with suppress(OSError):
                ask(port, "/about")
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_page_from_the_disk_is_the_page_of_the_site(
    site: Site, proxy: int, path: str, encoding: str
):
    mark(site.file_of(path), encoding)
    try:
        theirs, body = ask(proxy, path, Accept_Encoding=encoding)
    finally:
        mark(site.file_of(path), encoding, undo=True)
    ours, same = ask(site.port, path, Accept_Encoding=encoding)

    assert (theirs.status, body) == (200, same + MARK)
    for name in (*SECURITY_HEADERS, "Content-Type", "Cache-Control", "Vary", "Content-Encoding"):
        assert theirs.getheader(name) == ours.getheader(name), name


MARK = b"baked"


def mark(file: Path, encoding: str, *, undo: bool = False) -> None:
    """Make a baked page another than the site's, so that it can be told where it came from."""
    file = file.with_name(file.name + (".gz" if encoding == "gzip" else ""))
    body = file.read_bytes()
    file.write_bytes(body.removesuffix(MARK) if undo else body + MARK)


@pytest.mark.parametrize(
    "path",
    ["/?utm_source=x", "/episodes?season=1", "/search?q=yes", "/feeds/podcast.xml", "/nowhere"],
)
def test_what_is_not_baked_is_asked_of_the_site(site: Site, proxy: int, path: str):
    theirs, body = ask(proxy, path)
    ours, same = ask(site.port, path)

    assert (theirs.status, body) == (ours.status, same)
    assert (
        theirs.getheader("Content-Security-Policy") == SECURITY_HEADERS["Content-Security-Policy"]
    )


def test_a_feed_comes_packed_as_postbag_has_packed_it(site: Site, proxy: int):
    theirs, body = ask(proxy, "/feeds/podcast.xml", Accept_Encoding="gzip")

    assert theirs.getheader("Content-Encoding") == "gzip"
    assert body == ask(site.port, "/feeds/podcast.xml", Accept_Encoding="gzip")[1]
    assert 3 * len(body) < len(gzip.decompress(body))


def test_what_is_sent_reaches_the_site(site: Site, proxy: int):
    refused, body = ask(proxy, "/ask/review", method="POST", Content_Length="0")

    assert refused.status == ask(site.port, "/ask/review", method="POST")[0].status
    assert b"<form" in body
    assert ask(proxy, "/", method="POST", Content_Length="0")[0].status == 405


def test_head_is_get_without_its_body(proxy: int):
    head, body = ask(proxy, "/about", method="HEAD")
    got, whole = ask(proxy, "/about")

    assert (head.status, body) == (200, b"")
    assert head.getheader("Content-Length") == got.getheader("Content-Length") == str(len(whole))


def test_the_desk_and_what_lies_beside_the_pages_are_not_read_from_the_disk(site: Site, proxy: int):
    (site.baked / "secret.txt").write_text("no", encoding="utf-8")
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/desk", "/index.html.gz"):
        answer, body = ask(proxy, path)
        assert (answer.status in {301, 302, 303, 400, 404}, body == b"no") == (True, False), path


def test_one_who_is_away_is_no_reason_to_turn_anybody_away(proxy: int):
    for _ in range(6):
        assert ask(proxy, "/search?q=yes")[0].status == 200


@pytest.mark.parametrize(("origin", "status"), [(ONION, 200), ("http://other.onion", 403)])
def test_the_form_comes_from_the_onion_service_and_from_no_other(
    proxied: tuple[int, Path], origin: str, status: int
):
    question = "Is it me, or is it the wall between us?"
    form = urlencode({"question": question, "consent": "private"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    with closing(Onion(proxied[1])) as connection:
        connection.request("POST", "/ask/review", form, headers)
        answer = connection.getresponse()
        page = answer.read().decode()

    assert answer.status == status
    assert question in page


def test_the_onion_service_shows_the_pages_of_the_site(site: Site, proxied: tuple[int, Path]):
    for path in ("/", "/desk/sign-in", "/search?q=yes"):
        with closing(Onion(proxied[1])) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert (answer.status, b"<h1" in answer.read()) == (200, True)


def test_nginx_reads_the_whole_of_our_file(tmp_path: Path):
    binary, text = required("nginx"), (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=show.example"]
    written = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *written], check=True, capture_output=True)
    for ours, here in (
        ("/etc/letsencrypt/live/show.example/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/show.example/privkey.pem", str(key)),
        ("/run/nginx.pid", str(tmp_path / "pid")),
        ("/var/log/nginx/error.log", str(tmp_path / "error.log")),
        ("user www-data;", ""),
        ("# listen unix:/run/postbag-onion", f"listen unix:{tmp_path}"),
        ("# server 10.", "server 10."),
    ):
        assert ours in text
        text = text.replace(ours, here)
    for listening in ("80", "[::]:80", "443", "[::]:443"):
        text = text.replace(f"listen {listening} ", f"listen 127.0.0.1:{free_port()} ")
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")

    told = subprocess.run(
        [binary, "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_caddy_reads_the_whole_of_our_file(tmp_path: Path):
    told = subprocess.run(
        [required("caddy"), "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        env=os.environ | at_home(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
