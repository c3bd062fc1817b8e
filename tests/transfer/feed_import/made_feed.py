"""A feed of a show that is served on this machine, with everything that its items name."""

import json

from tests.transfer.feed_import.feed_server import FeedServer
from tests.transfer.made_media import jpeg, mp3, mp4

CHAPTERS = {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}
VTT = "WEBVTT\n\n00:00.000 --> 00:00.400\n<v Ada Brew>Hang on.\n"
NAMES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)
CHANNEL = """<title>The Second Kettle</title><link>{site}</link>
<atom:link rel="self" href="{site}/rss"/><language>en-GB</language>
<description>What the first cup left out.</description><copyright>Kettle and Co</copyright>
<itunes:author>Ada Brew</itunes:author><itunes:type>serial</itunes:type>
<itunes:explicit>false</itunes:explicit>
<itunes:owner><itunes:name>Ada Brew</itunes:name><itunes:email>post@kettle.example</itunes:email>
</itunes:owner><itunes:category text="Society &amp; Culture">
<itunes:category text="Relationships"/></itunes:category><itunes:category text="Comedy"/>
<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
<podcast:locked owner="post@kettle.example">{locked}</podcast:locked>
<podcast:medium>podcast</podcast:medium>
<podcast:license url="https://kettle.example/licence">kettle-1</podcast:license>
<podcast:funding url="https://give.example/kettle">Buy us tea</podcast:funding>
<podcast:txt purpose="verify">kettle</podcast:txt>
<podcast:updateFrequency rrule="FREQ=WEEKLY;BYDAY=TU">Weekly</podcast:updateFrequency>"""


def item(
    site: str, name: str, *, title: str = "", number: int = 1, date: str = "", more: str = ""
) -> str:
    """Return an item with its media, and with what is beside it."""
    return f"""<item><title>{title or name.title()}</title><guid>guid-of-{name}</guid>
<link>{site}/old/{name}</link><pubDate>{date or f"Tue, 0{number} Sep 2020 06:00:00 +0100"}</pubDate>
<description>About {name}.</description><content:encoded><![CDATA[<p>About <b>{name}</b>.</p>
<h2 id="more">More</h2><ul><li>one</li><li>two</li></ul>]]></content:encoded>
<enclosure url="{site}/{name}.mp3" length="{len(mp3())}" type="audio/mpeg"/>
<category>Tea</category><itunes:duration>754</itunes:duration>
<itunes:explicit>true</itunes:explicit><itunes:season>2</itunes:season>
<podcast:season name="Steam">2</podcast:season><itunes:episode>{number}</itunes:episode>
<itunes:episodeType>bonus</itunes:episodeType><itunes:image href="{site}/{name}.jpg"/>
<podcast:person role="guest">Bo Leaf</podcast:person>
<podcast:transcript url="{site}/{name}.vtt" type="text/vtt" language="en"/>
<podcast:chapters url="{site}/{name}.json" type="application/json+chapters"/>{more}</item>"""


def rss(site: str, *items: str, locked: str = "no") -> bytes:
    """Return the feed with these items."""
    channel = CHANNEL.format(site=site, locked=locked)
    body = f"{channel}{''.join(items)}"
    return (
        f'<?xml version="1.0"?><rss version="2.0" {NAMES}><channel>{body}</channel></rss>'.encode()
    )


def serve_files(server: FeedServer, name: str) -> None:
    """Serve everything that an item of that name has."""
    server.puts(f"/{name}.mp3", mp3(), Content_Type="audio/mpeg")
    server.puts(f"/{name}.mp4", mp4(), Content_Type="video/mp4")
    server.puts(f"/{name}.jpg", jpeg(), Content_Type="image/jpeg")
    server.puts(f"/{name}.vtt", VTT.encode(), Content_Type="text/vtt")
    server.puts(f"/{name}.json", json.dumps(CHAPTERS).encode())
