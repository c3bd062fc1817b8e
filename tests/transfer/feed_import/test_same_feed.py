"""Our feed of an imported show equals its source on every tag that has a place here."""

from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.feeds.reading import channel_of, texts
from tests.transfer.feed_import.feed_server import FeedServer
from tests.transfer.feed_import.made_feed import item, rss, serve_files
from tests.transfer.feed_import.same_feed import ON_PURPOSE, assert_same, said
from tests.transfer.made_media import picture
from webapp.transfer.feed_import.bringing import bring_files
from webapp.transfer.feed_import.fetching import Rules
from webapp.transfer.feed_import.taking_in import read_source, take_in

RULES = Rules(allow_loopback=True)
MORE = """<itunes:author>Ada and the Leaves</itunes:author>
<podcast:episode display="1½">1.5</podcast:episode>
<podcast:person role="guest" group="Regulars" href="https://cleo.example/me"
img="https://cleo.example/face.jpg">Cleo Kettle</podcast:person>
<podcast:person role="Tea taster" href="https://cleo.example/me">Cleo Kettle</podcast:person>
<podcast:person>Ada Brew</podcast:person>"""


def fetched(address: str) -> bytes:
    with urlopen(address) as answer:  # noqa: S310 - of the server of this test
        return answer.read()


@pytest.fixture
def source(in_app: Flask, server: FeedServer) -> bytes:
    """A feed of two items, one of which says all that a feed of ours can say."""
    for name, kind in (("one", "PNG"), ("two", "JPEG")):
        serve_files(server, name)
        server.puts(f"/{name}.jpg", picture(kind))
    server.puts("/show.png", picture("PNG", size=(1500, 1500)))
    site = server.at("")
    items = (item(site, "two", number=2), item(site, "one", more=MORE))
    image = f'<itunes:image href="{site}/show.png"/>'
    feed = rss(site, *items).replace(b"<item>", f"{image}<item>".encode(), 1)
    server.puts("/rss", feed)
    return feed


def test_our_feed_of_an_imported_show_equals_its_source(
    source: bytes, server: FeedServer, client: FlaskClient
):
    done = take_in(read_source(server.at("/rss"), rules=RULES), with_artwork=True, rules=RULES)
    assert bring_files(done.feed, rules=RULES).waiting == ()

    ours = client.get("/feeds/podcast.xml").data

    assert_same(ours, source, here=lambda url: client.get(url).data, there=fetched)
    assert texts(channel_of(ours), "itunes:explicit") == ["true"]
    assert done.plan.unmapped == {"podcast:person@img": 1}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1½", "1.5"), ("Regulars", "cast"), ("https://cleo.example/me", "https://cleo.example"),
        ("Ada and the Leaves", "Ada Brew"), ("Tea taster", "guest"), ("bonus", "full"),
        ("754", "755"), ("06:00:00 +0100", "06:00:00 +0200"), ("Steam", "Season 2"),
    ],
)  # fmt: skip
def test_a_tag_that_is_not_the_same_is_seen(source: bytes, right: str, wrong: str):
    """What compares feeds would see what it is there for."""
    (_two, theirs), (_other, changed) = (
        channel_of(feed).findall("item")
        for feed in (source, source.decode().replace(right, wrong).encode())
    )

    assert said(theirs, ON_PURPOSE) != said(changed, ON_PURPOSE)
