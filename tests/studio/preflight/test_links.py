"""Before you publish: what links, pictures and resources of an episode lead to."""

from collections.abc import Iterable

import pytest
from flask import Flask

from tests.studio.made import draft, edit, look_up, publish, whole
from tests.studio.preflight.looked import checks, missing
from webapp import storage
from webapp.settings import Settings
from webapp.studio.preflight.following import Page, leads

pytestmark = pytest.mark.usefixtures("in_app")

ELSEWHERE = "https://elsewhere.example"


def put(episode: int, text: str) -> None:
    """Write the short answer of an episode that is empty."""
    assert edit(episode, "---\n\n", f"---\n\n{text}\n")


def lost(episode: int, links: Iterable[str]) -> list[str]:
    """Return those of some links that are said to lead nowhere, with them in the text."""
    put(episode, "\n".join(f"- [x]({link})" for link in links))
    said = checks(episode)["links"]
    if said.is_done:
        return []
    return said.words.removeprefix("These links lead nowhere: ").removesuffix(".").split(", ")


def test_each_link_within_the_site_is_followed():
    publish(whole("Before"))
    episode = draft()
    links = {
        "/episodes/before": True,
        "/episodes/before#part-one": True,
        "/episodes/before/transcript.vtt": True,
        "http://127.0.0.1:8000/episodes/before": True,
        "/old/walls": True,
        "/topics/walls": True,
        "/people/the-host": True,
        "/help": True,
        "/": True,
        "/feeds/podcast.xml": True,
        "https://elsewhere.example/episodes/nowhere": True,
        "//elsewhere.example/nowhere": True,
        "/episodes/noise-draft": False,
        "/episodes/noise-scheduled": False,
        "/episodes/nowhere": False,
        "/episodes/before/nonsense": False,
        "/topics/noise": False,
        "/people/nobody": False,
        "/what/is/this": False,
        "/a%00b": False,
        "/topics/%00": False,
    }
    text = "\n".join(f"- [x]({link})" for link in links)
    edit(episode, "---\n\n", f"---\n\n{text}\n")

    said = checks(episode)["links"].words.removeprefix("These links lead nowhere: ")
    assert said.removesuffix(".").split(", ") == [
        link for link, leads in links.items() if not leads
    ]


def test_links_are_followed_from_the_address_that_the_episode_will_have():
    publish(whole("Before"))
    links = {
        "before": True,
        "before#part-one": True,
        "./before": True,
        "../topics/walls": True,
        "../episodes/before/chapters.json": True,
        "?season=1": True,
        "thin-walls": True,
        "other-episode": False,
        "../topics/nothing": False,
        "before/": True,
        "help": False,
        "../help": True,
    }

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_a_fragment_of_another_episode_names_something_on_its_page():
    before = whole("Before")
    edit(before, "Speak up.\n", "Speak up.[^1]\n\n### Loudly {#loud}\n\nNow.\n\n[^1]: Or not.\n")
    publish(before)
    links = {
        "/episodes/before#part-two": True,
        "/episodes/before#part-two-heading": True,
        "/episodes/before#before.sub-loud": True,
        "/episodes/before#page-transcript": True,
        "/episodes/before#page-footnotes": True,
        "/episodes/before#t=84": True,
        "/episodes/before#top": True,
        "/episodes/before#:~:text=Speak%20up": True,
        "/old/walls#part-two": True,
        "http://127.0.0.1:8000/episodes/before#part-two": True,
        "/episodes/before#part-three": False,
        "/episodes/before#two": False,
        "/episodes/before#loud": False,
        "/episodes/before#page-resources": False,
        "/old/walls#part-three": False,
        "http://127.0.0.1:8000/episodes/before#part-three": False,
    }

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_a_fragment_of_the_page_itself_names_something_on_it():
    episode = whole()
    edit(episode, "Knock quizzically first.\n", "Knock.[^1]\n\n[^1]: Or not.\n")
    edit(episode, "Speak up.\n", "### Loudly {#loud}\n\nSpeak up.[^1] [Here](#loud), [on](#one).\n")
    assert checks(episode)["links"].is_done
    edit(
        episode,
        "Knock.\n\n## Speak",
        "Knock, [a](#part-two) [b](/episodes/thin-walls#part-two) [c](thin-walls#page-transcript) "
        "[d](#seven) [e](thin-walls#part-seven) [f](#page-resources).\n\n## Speak",
    )

    said = checks(episode)["links"]
    assert said.words == (
        "These links lead nowhere: #seven, thin-walls#part-seven, #page-resources."
    )
    assert said.field == "part-one"


def test_a_fragment_of_what_is_for_adults_leads_to_its_lid():
    before = whole("Before")
    edit(before, "about: video, level: note", "about: text, level: adult")
    publish(before)
    links = {
        "/episodes/before#part-two": True,
        "/episodes/before#page-resources": True,
        "/episodes/before#part-two-heading": False,
    }

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_pictures_are_looked_for():
    publish(whole("Before"))
    episode = draft()
    put(
        episode,
        "## Knock {#one}\n\n"
        "![a](/episodes/before/poster.jpg) ![b](before/poster.jpg) "
        "![c](/episodes/before/media/wall.jpg) ![d](/what/is/this.png) ![e](/artwork/none.jpg) "
        "![f](/help) ![g](/episodes/before)\n",
    )

    said = checks(episode)["shown"]
    assert said.words == (
        "These pictures are not there: /episodes/before/media/wall.jpg, /what/is/this.png, "
        "/artwork/none.jpg, /help, /episodes/before."
    )
    assert said.field == "part-one"
    assert checks(episode)["links"].is_done


def test_a_picture_that_was_not_sent_yet_is_looked_for():
    episode = draft()
    put(episode, "![A wall](wall.jpg) ![The same](./wall.jpg)")

    said = checks(episode)["shown"]
    assert (said.is_done, said.words) == (False, "These pictures are not there: wall.jpg.")


def test_a_picture_of_another_house_is_a_link_that_nobody_asks_for():
    episode = whole()
    edit(episode, "Knock.\n", f"![a]({ELSEWHERE}/wall.jpg)\n")

    assert "shown" not in checks(episode)
    assert checks(episode)["links"].is_done


def test_what_lies_beside_an_episode_is_looked_for_by_its_name():
    publish(whole("Before"))
    edit(bare := draft("Bare"), "---\n\n", "---\n\nNothing beside it.\n")
    publish(bare)
    links = {
        "/episodes/before/media/video.mp4": True,
        "/episodes/before/media/other.mp4": False,
        "/episodes/before/media/poster.jpg": False,
        "/episodes/before/poster.jpg": True,
        "/episodes/before/embed": True,
        "/episodes/before/transcript.srt": True,
        "/episodes/bare/transcript.srt": False,
        "/episodes/bare/chapters.json": False,
        "/episodes/bare/embed": True,
    }

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_pages_for_staff_and_previews_are_nothing_that_readers_can_open():
    links = {
        "/desk": False,
        "/desk/episodes": False,
        "/preview/0123456789abcdef": False,
        "/ask/send": False,
        "/sitemap.xml": True,
        "/ask?about=before": True,
        "mailto:hello@example.org": True,
        "tel:+441234": True,
    }

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_an_old_address_of_an_episode_leads_to_it():
    before = whole("Before")
    edit(before, "aliases: [/old/walls]", "aliases: [/old/walls, /episodes/walls, '/blog?p=7']")
    publish(before)
    links = {"/old/walls/": True, "/episodes/walls": True, "/blog?p=7": True, "/blog?p=8": False}

    assert lost(draft(), links) == [link for link, is_there in links.items() if not is_there]


def test_each_of_the_sites_own_origins_is_the_site(in_app: Flask):
    page = Page(
        storage.read(),
        Settings(
            site_url="https://show.example/",
            extra_origins=("http://abcdef.onion",),
            desk_url="https://desk.example",
        ),
        look_up(draft()),
    )
    found = {
        link: leads(page, link)
        for link in (
            "https://show.example/help",
            "https://SHOW.example:443/help#GB",
            "http://show.example/help",
            "//show.example/help",
            "http://abcdef.onion/help",
            "https://show.example/nowhere",
            "http://show.example/nowhere",
            "//show.example/nowhere",
            "http://abcdef.onion/nowhere",
            "https://desk.example/desk/episodes",
            "https://show.example.elsewhere.example/nowhere",
            "https://show.example:8443/nowhere",
            "http://[bad/",
        )
    }

    assert [link for link, is_there in found.items() if not is_there] == [
        "https://show.example/nowhere",
        "http://show.example/nowhere",
        "//show.example/nowhere",
        "http://abcdef.onion/nowhere",
        "https://desk.example/desk/episodes",
        "http://[bad/",
    ]


def test_resources_of_this_site_are_looked_for():
    episode = whole()
    shelf = (
        "resources: [{kind: page, title: Helpers, checked: 2999-01-01, "
        'url: "http://127.0.0.1:8000/help"}, {kind: page, title: Gone, checked: 2999-01-01, '
        'url: "http://127.0.0.1:8000/gone"}, {kind: page, title: Theirs, checked: 2999-01-01, '
        f'url: "{ELSEWHERE}/gone"}}]\n'
    )
    edit(episode, "parts: [{id", f"{shelf}parts: [{{id")

    said = checks(episode)["addresses"]
    assert said.words == "The addresses of these resources lead nowhere: Gone."
    assert said.field == "f-resources"


def test_what_looks_like_a_link_in_other_texts_is_words():
    episode = whole()
    edit(episode, "summary: What to say through a wall.", 'summary: "[gone](/gone)"')
    edit(episode, 'text: "Loud knocking."', 'text: "[gone](/gone)"')
    edit(
        episode,
        "parts: [{id",
        'corrections: [{date: 2026-04-01, text: "[gone](/gone)"}]\nparts: [{id',
    )

    assert "links" not in missing(episode)
