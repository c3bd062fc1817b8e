"""Fetching from strangers: all of it or a sentence, and never from an inner address."""

import gzip
import io
import ssl
import time
import zlib
from pathlib import Path

import pytest

from tests.transfer.feed_import.feed_server import (
    FeedServer,
    Handler,
    serving,
    write_certificate,
)
from tests.work import bounded_work
from webapp.transfer.feed_import.destinations import FetchRefused
from webapp.transfer.feed_import.fetching import MOST_HOPS, Limits, Rules, fetch

SMALL = Limits(100_000, seconds=5, idle=2)
HERE = Rules(allow_loopback=True)


def fetched(url: str, limits: Limits = SMALL, rules: Rules = HERE):
    return fetch(url, limits=limits, rules=rules)


def refusal(url: str, limits: Limits = SMALL, rules: Rules = HERE) -> str:
    with pytest.raises(FetchRefused) as caught:
        fetched(url, limits, rules)
    return str(caught.value)


def test_what_lies_there_comes_whole_with_what_the_server_says_of_it(server: FeedServer):
    url = server.puts("/rss", b"<rss/>", Content_Type="text/xml; charset=windows-1251")

    found = fetched(url)

    assert (found.body, found.size, found.url, found.moved_to) == (b"<rss/>", 6, url, "")
    assert (found.content_type, found.charset) == ("text/xml", "windows-1251")


def test_the_request_says_who_asks_and_carries_no_cookie(server: FeedServer):
    server.leads("/old", server.puts("/rss", b"x", Set_Cookie="a=b"))
    server.routes["/old"] = lambda handler: handler.answer(
        b"", status=302, headers={"Location": "/rss", "Set-Cookie": "c=d"}
    )

    fetched(server.at("/old"))

    for _path, headers in server.asked:
        assert headers["User-Agent"].startswith("Postbag/")
        assert headers["Host"] == f"127.0.0.1:{server.port}"
        assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


def test_a_file_goes_to_disk_as_it_comes(server: FeedServer):
    url = server.puts("/audio.mp3", b"ID3" * 20_000)
    out = io.BytesIO()

    found = fetch(url, limits=SMALL, rules=HERE, into=out)

    assert (found.size, len(out.getvalue()), found.body) == (60_000, 60_000, b"")
    assert server.asked[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip", lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:])),
    ],
)
def test_what_is_packed_is_unpacked(server: FeedServer, name: str, pack):
    body = b"<rss>" + b"kettle " * 5_000
    url = server.puts("/rss", pack(body), Content_Encoding=name)

    assert fetched(url).body == body


def test_a_bomb_is_refused_before_it_goes_off(server: FeedServer):
    bomb = gzip.compress(bytes(50_000_000))

    with bounded_work(70):
        assert "more than 100,000 bytes" in refusal(
            server.puts("/rss", bomb, Content_Encoding="gzip")
        )


def test_what_is_not_packed_as_it_says_is_refused(server: FeedServer):
    for name, body in (("gzip", b"no gzip"), ("br", b"x"), ("gzip", gzip.compress(b"x" * 99)[:-9])):
        assert "broke off" in refusal(server.puts("/rss", body, Content_Encoding=name))


def test_too_much_is_refused_by_what_it_says_and_by_what_comes(server: FeedServer):
    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 10_000)

    server.routes["/endless"] = endless

    assert "more than 100,000 bytes" in refusal(server.puts("/rss", b"x" * 100_001))
    assert "more than 100,000 bytes" in refusal(server.at("/endless"))


def test_less_than_was_promised_is_refused(server: FeedServer):
    url = server.puts("/rss", b"<rss>", Content_Length="500")

    assert refusal(url) == "127.0.0.1 broke off, or answered what is no HTTP."


def test_a_slow_drip_ends_in_time(server: FeedServer):
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    def drip_headers(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.05)

    server.routes |= {"/drip": drip, "/headers": drip_headers}
    for path in ("/drip", "/headers"):
        started = time.monotonic()

        assert "too long" in refusal(server.at(path), Limits(1_000, seconds=0.4, idle=2))
        assert time.monotonic() - started < 4  # five seconds' worth is dripped


def test_silence_ends_in_time(server: FeedServer):
    server.routes["/silent"] = lambda _handler: time.sleep(1)

    assert "too long" in refusal(server.at("/silent"), Limits(1_000, seconds=9, idle=0.2))


@pytest.mark.parametrize(
    ("code", "says"), [(404, "nothing at"), (410, "nothing at"), (401, "password"), (500, "500")]
)
def test_an_answer_that_is_none_is_said(server: FeedServer, code: int, says: str):
    server.routes["/rss"] = lambda handler: handler.answer(b"", status=code)

    assert says in refusal(server.at("/rss?key=very-secret").replace("?key=very-secret", ""))


def test_what_is_refused_names_a_host_and_no_path(server: FeedServer):
    assert refusal(server.at("/private/very-secret")) == (
        "127.0.0.1 has nothing at that address (404)."
    )


def test_redirects_are_followed_and_moves_for_good_remembered(server: FeedServer):
    end = server.puts("/3", b"<rss/>")
    server.leads("/2", "/3")
    server.leads("/1", server.at("/2"), status=301)

    found = fetched(server.at("/1"))

    assert (found.url, found.moved_to, found.body) == (end, server.at("/2"), b"<rss/>")


def test_a_loop_of_redirects_ends(server: FeedServer):
    server.leads("/a", "/b")
    server.leads("/b", "/a")

    assert f"more than {MOST_HOPS} times" in refusal(server.at("/a"))
    assert len(server.asked) == MOST_HOPS + 1


@pytest.mark.parametrize(
    "inner",
    [
        *("http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://0x7f.1:1/"),
        *("http://2852039166/", "http://10.0.0.1/", "https://127.0.0.2/", "http://localhost.:1/"),
    ],
)
def test_a_redirect_to_an_inner_address_is_refused(server: FeedServer, inner: str):
    rules = Rules(allow_loopback=True, resolve=_names)
    server.leads("/rss", inner)

    assert "not on the public internet" in refusal(server.at("/rss"), rules=rules)


def _names(host: str, _port: int) -> list[str]:
    """The names of this test: odd numbers as the system reads them, others far inside."""
    known = {"127.0.0.1": "127.0.0.1", "0x7f.1": "127.0.0.9", "2852039166": "169.254.169.254"}
    return [known.get(host, host if host[0].isdigit() or ":" in host else "192.168.7.7")]


@pytest.mark.parametrize("to", ["ftp://feeds.example/", "file:///etc/passwd", "", "data:,x"])
def test_a_redirect_to_nowhere_is_refused(server: FeedServer, to: str):
    assert "does not say where to" in refusal(server.leads("/rss", to))


def test_a_name_that_changes_its_mind_is_asked_once_for_each_hop(server: FeedServer):
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    rules = Rules(allow_loopback=True, resolve=lambda _host, _port: answers.pop(0))
    server.puts("/rss", b"<rss/>")

    assert fetched(f"http://rebind.example:{server.port}/rss", rules=rules).body == b"<rss/>"
    assert server.asked[0][1]["Host"] == f"rebind.example:{server.port}"
    assert "not on the public" in refusal(f"http://rebind.example:{server.port}/", rules=rules)


def test_a_certificate_must_name_the_host_that_was_asked_for(tmp_path: Path):
    certificate = write_certificate(tmp_path / "feeds.pem", "feeds.example")
    trusted = ssl.create_default_context(cafile=str(certificate))
    here = lambda _host, _port: ["127.0.0.1"]  # noqa: E731 - a name server in a line
    with serving(certificate) as server:
        server.puts("/rss", b"<rss/>")
        rules = Rules(allow_loopback=True, resolve=here, tls=trusted)
        right = f"https://feeds.example:{server.port}/rss"

        assert fetched(right, rules=rules).body == b"<rss/>"
        assert server.named == ["feeds.example"]
        wrong = right.replace("feeds.", "other.")
        assert "does not show" in refusal(wrong, rules=rules)
        stranger = Rules(allow_loopback=True, resolve=here)
        assert "does not show" in refusal(right, rules=stranger)


def test_a_server_that_is_away_is_said_to_be(server: FeedServer):
    server.server_close()

    assert refusal(server.at("/rss")) == "127.0.0.1 cannot be reached."


def test_what_is_no_http_is_refused(server: FeedServer):
    server.routes["/rss"] = lambda handler: handler.wfile.write(b"220 mail.example ESMTP\r\n\r\n")

    assert "no HTTP" in refusal(server.at("/rss"))
