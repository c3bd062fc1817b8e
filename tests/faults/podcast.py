"""A podcast elsewhere, on this machine: two episodes, and one file of them that comes by halves."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from flask import Flask

from tests.faults.readers import seen
from tests.studio.uploads.studio_site import film
from tests.transfer.feed_import.feed_server import FeedServer, Handler, serving
from tests.transfer.feed_import.made_feed import item, rss, serve_files
from webapp.transfer.feed_import.bringing import bring_files
from webapp.transfer.feed_import.taking_in import read_source, take_in

NAMES = ("one", "two")
LONGEST = 60  # seconds of a wait


class Podcast:
    """Its server; the media of an episode are a film of some megabytes each."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.films = {name: b"".join(film(2 + at)) for at, name in enumerate(NAMES)}
        for name in NAMES:
            serve_files(server, name)
            self.mend(name)
        here = server.at("")
        items = (item(here, name, number=at) for at, name in enumerate(NAMES, start=1))
        self.address = server.puts("/rss", rss(here, *items))

    def mend(self, name: str) -> None:
        """Send the film of an episode whole."""
        self.server.puts(f"/{name}.mp3", self.films[name], Content_Type="video/mp4")

    @contextmanager
    def halved(self, name: str) -> Iterator[Event]:
        """Send half of a film, and give what is set then; the rest never comes."""
        sent, over = Event(), Event()

        def send_half(handler: Handler) -> None:
            data = self.films[name]
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            handler.wfile.write(data[: len(data) // 2])
            sent.set()
            over.wait(LONGEST)

        self.server.routes[f"/{name}.mp3"] = send_half
        try:
            yield sent
        finally:
            over.set()
            self.mend(name)

    def bring(self) -> None:
        """Import it here, as `postbag import-feed` does."""
        bring_files(take_in(read_source(self.address), with_artwork=True).feed)

    def check_out(self, app: Flask) -> int:
        """Look whether each episode that readers see has its film whole; return how many those are.

        Every file of it has come by then, and it is where all the others are.
        """
        pages = seen(app)
        out = [name for name in NAMES if f"/episodes/{name}" in pages]
        listed = (path for path in pages if path in {"/episodes", "/feeds/podcast.xml"})
        for text in map(pages.__getitem__, listed):
            assert [name for name in NAMES if f"/episodes/{name}" in text] == out
        for name in out:
            got = app.test_client().get(f"/episodes/{name}/media/audio.mp4")
            assert got.data == self.films[name]
        return len(out)


@contextmanager
def serving_podcast() -> Iterator[Podcast]:
    """Serve it for a while."""
    with serving() as server:
        yield Podcast(server)
