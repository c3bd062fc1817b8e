"""Addresses are those that the site has routes for."""

from flask import Flask, url_for

from tests.feeds.made import SITE, a_medium
from webapp.feeds import addresses


def test_every_address_is_that_of_a_route(app: Flask):
    medium, png = a_medium(file="video.mp4"), a_medium(content_type="image/png")
    at = {"slug": "thin-walls"}
    square = {**at, "version": "ab" * 6}
    with app.test_request_context(base_url="https://show.example"):
        expected = {
            SITE.home: url_for("episodes.home"),
            SITE.page("thin-walls"): url_for("episodes.episode", **at),
            SITE.media("thin-walls", medium): url_for("files.media", file="video.mp4", **at),
            SITE.square("thin-walls", medium): url_for("files.square", ending="jpg", **square),
            SITE.square("thin-walls", png): url_for("files.square", ending="png", **square),
            SITE.card("thin-walls", medium): url_for("files.card", version="ab" * 6, **at),
            SITE.artwork(a_medium(file="abc.jpg")): url_for("files.artwork", name="abc.jpg"),
            SITE.person("the-host"): url_for("episodes.person", slug="the-host"),
            SITE.topic("walls"): url_for("episodes.topic", slug="walls"),
            SITE.ask: url_for("questions.ask"),
            SITE.beside("thin-walls", "transcript.vtt"): url_for("files.transcript_vtt", **at),
            SITE.beside("thin-walls", "transcript.srt"): url_for("files.transcript_srt", **at),
            SITE.beside("thin-walls", "transcript.txt"): url_for("files.transcript_txt", **at),
            SITE.beside("thin-walls", "chapters.json"): url_for("files.chapters", **at),
            SITE.beside("thin-walls", "embed"): url_for("episodes.embed", **at),
            SITE.feed(addresses.PODCAST): url_for("feeds.podcast_feed"),
            SITE.feed(addresses.ATOM): url_for("feeds.atom_feed"),
            SITE.feed(addresses.JSON, "a~1"): url_for("feeds.json_feed", before="a~1"),
        }

    assert list(expected) == [f"https://show.example{path}" for path in expected.values()]
