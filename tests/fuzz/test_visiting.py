"""Public addresses: any path, query, method and header."""

from collections.abc import Iterator
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests import hostile
from tests.fuzz.hostile_values import SEARCHES, TEXT, in_percents
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, Header, is_in_order
from webapp.web.headers import SECURITY_HEADERS

METHODS = st.sampled_from(
    [
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "x",
    ]
)
KEYS = st.sampled_from(
    [
        *("season", "topic", "before", "q", "about", "url", "format", "maxwidth", "maxheight"),
        *("next", "lane", "state", "after", "t", "token", "page", "v"),
    ]
)
QUERIES = st.lists(st.tuples(KEYS | TEXT, TEXT), max_size=4).map(
    lambda pairs: "&".join(f"{in_percents(key)}={in_percents(value)}" for key, value in pairs)
) | st.sampled_from(
    ["", "%", "&&==&", "%ff=%fe", "q", "?" * 50, "q=" * 500, "%00=%00", "a" * 9_000]
)
REAL = {"slug": hostile.EPISODE, "file": "video.mp4", "look": "x", "version": "1", "name": "a.jpg"}
PAGES = (
    *("/", "/episodes", "/episodes/hostile", "/episodes/hostile/embed", "/about", "/search?q=www"),
    *("/episodes/hostile/media/video.mp4", "/episodes/hostile/poster.jpg", "/feeds/podcast.xml"),
    *("/episodes/hostile/transcript.vtt", "/my-question", "/ask", "/nowhere", "/desk/questions"),
    *("/sitemap.xml", "/feeds/episodes.json", "/oembed", "/leave", "/healthz", "/desk/sign-in"),
)
NAMES = (
    *("host", "origin", "referer", "sec-fetch-site", "sec-fetch-mode", "cookie", "range", "date"),
    *("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range"),
    *("accept", "accept-encoding", "accept-language", "accept-charset", "x-forwarded-for"),
    *("x-forwarded-host", "x-forwarded-proto", "forwarded", "content-length", "content-type"),
    *("transfer-encoding", "expect", "upgrade", "connection", "te", "user-agent", "via"),
    *("authorization", "x-http-method-override", "cache-control", "x-csrftoken", "upload-offset"),
)
SAID = (
    *("bytes=0-", "bytes=-1", "bytes=5-4", "bytes=0-0,2-3", "bytes=" + "9" * 50 + "-", "items=0-1"),
    *('W/"a"', '"', "*", '"a", "b', "W/", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Nov 0000 GMT"),
    *("Mon, 01 Jan 0001 00:00:00 +9999", "Fri, 31 Dec 9999 23:59:60 GMT", "2026-03-03", "0", "-1"),
    *("text/html;q=2", "*/*;q=nan", "application/json", "application/problem+json;q=0.5,", ";q=;"),
    *("gzip;q=1e9, br;q=inf", "identity;q=0, *;q=0", "br;q=-1", "de;q=0.5, en-", "x-" * 400),
    *("same-origin", "cross-site", "null", "https://show.example", "http://[::1", "//", "a@b:c"),
    *("1.2.3.4, 5.6.7.8:9", "[::1]:80, x", "::ffff:1.2.3.4", "999.1.1.1", "fe80::1%eth0", "unix:"),
    *("postbag_desk=.eJx; postbag_desk=a.b.c", "postbag_known=!!;=;;", "a=b; a=c; \t;", "remember"),
    *("[::1", "a:99999", "a:b", "a b", '"><script>', "chunked", "gzip, chunked", "100-continue"),
    *("Basic Og==", "Bearer a.b.c", "Digest username=", "h2c", "for=_x;by=", "https", "%ff"),
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(SAID) | TEXT), min_size=1, max_size=5
)


def public(site: FuzzedSite) -> list[Rule]:
    rules = site.app.url_map.iter_rules()
    return [rule for rule in rules if not rule.rule.startswith("/desk")]


def pieces(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the parts of an address: text that stands for itself, and names of what varies."""
    for is_name, text in rule._trace:
        yield ("", text.lstrip("|")) if not is_name else (text, "")


@examples(50)
@given(st.data(), METHODS, QUERIES)
def test_any_address_is_answered(fuzzed: FuzzedSite, data: st.DataObject, method: str, query: str):
    rule = data.draw(st.sampled_from(public(fuzzed)))
    path = ""
    for name, text in pieces(rule):
        real = REAL.get(name, str(UUID(int=1)))
        path += text or in_percents(data.draw(st.just(real) | TEXT))

    answer = fuzzed.ask(method, f"{path}?{query}" if query else path)

    assert is_in_order(answer), (method, path, query)
    assert {name.lower() for name in SECURITY_HEADERS} <= answer.headers.keys()


@examples(25)
@given(METHODS, TEXT, QUERIES)
def test_an_address_that_nobody_has_is_answered(
    fuzzed: FuzzedSite, method: str, path: str, query: str
):
    assert is_in_order(fuzzed.ask(method, f"/{in_percents(path)}?{query}"))


@examples(25)
@given(st.sampled_from(SEARCHES) | TEXT, st.sampled_from(SEARCHES) | TEXT)
def test_any_search_is_answered(fuzzed: FuzzedSite, first: str, second: str):
    query = in_percents(f"{first} {second}")

    assert fuzzed.ask("GET", f"/search?q={query}").status in {200, 404}


@examples(50)
@given(st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]), st.sampled_from(PAGES), HEADERS)
def test_any_header_is_answered(fuzzed: FuzzedSite, method: str, page: str, headers: list[Header]):
    for _ in range(2):  # made, and then kept
        assert is_in_order(fuzzed.ask(method, page, headers=headers))
