"""What an episode's page says of itself to machines, as JSON-LD (https://schema.org).

An episode, its video with a clip for each chapter, and the article with its corrections. The
question stands under the article: `QAPage` is for pages where anybody may answer.
"""

from html import unescape
from typing import Any
from urllib.parse import quote

import nh3

from webapp.episodes.document import Document
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.pages import MediumLine, ShowPage

Thing = dict[str, Any]


def describe(
    page: EpisodePage, show: ShowPage, *, url: str, home: str, picture: str, recording: str = ""
) -> Thing:
    """Return an episode as a graph of things; addresses are absolute, `picture` may be empty.

    `recording` is where what the player plays is served, empty where that is the site itself. What
    is for adults is named, and not quoted.
    """
    common: Thing = {
        "name": page.card.title,
        "description": page.card.summary,
        "inLanguage": show.language,
        "isFamilyFriendly": not (page.explicit or page.document.has_adult),
    }
    common |= {"thumbnailUrl": picture} if picture else {}
    things = [_episode(page, show, url, home) | common, _article(page, show, url) | common]
    if page.player is not None:
        place = recording or f"{url}/media/{quote(page.player.file)}"
        things.append(_recording(page, page.player, url, place) | common)
    return {"@context": "https://schema.org", "@graph": things}


def _episode(page: EpisodePage, show: ShowPage, url: str, home: str) -> Thing:
    card = page.card
    return {
        "@type": "PodcastEpisode",
        "@id": f"{url}#episode",
        "url": url,
        "datePublished": card.published_at.isoformat(),
        "episodeNumber": card.number,
        "partOfSeason": {
            "@type": "PodcastSeason",
            "seasonNumber": card.season,
            "name": page.season.title,
        },
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": show.name,
            "url": home,
            **({"sameAs": [link["url"] for link in show.links]} if show.links else {}),
        },
    }


def _recording(page: EpisodePage, player: MediumLine, url: str, place: str) -> Thing:
    """Return the file that the player plays; its clips are the chapters."""
    card = page.card
    return {
        "@type": "VideoObject" if player.is_video else "AudioObject",
        "@id": f"{url}#recording",
        "uploadDate": card.published_at.isoformat(),
        **({"duration": f"PT{card.duration}S"} if card.duration else {}),
        "contentUrl": place,
        "embedUrl": f"{url}/embed",
        "encodingFormat": player.content_type,
        "hasPart": [] if card.is_closed else _clips(page.document, url, card.duration),
    }


def _clips(document: Document, url: str, duration: int) -> list[Thing]:
    starts = [int(chapter.start) for chapter in document.chapters]
    ends = [*starts[1:], max([duration, *starts])]
    return [
        {
            "@type": "Clip",
            "name": chapter.title,
            "startOffset": start,
            "endOffset": end,
            "url": f"{url}#t={start}",
        }
        for chapter, start, end in zip(document.chapters, starts, ends, strict=False)
        if end > start
    ]


def _article(page: EpisodePage, show: ShowPage, url: str) -> Thing:
    card = page.card
    article: Thing = {
        "@type": "Article",
        "@id": f"{url}#article",
        "headline": card.title,
        "mainEntityOfPage": url,
        "datePublished": card.published_at.isoformat(),
        "dateModified": page.updated_at.isoformat(),
        "wordCount": page.document.words,
        "author": [{"@type": "Person", "name": line.name} for line in page.contributors],
        "publisher": {"@type": "Organization", "name": show.name},
        "correction": [
            {
                "@type": "CorrectionComment",
                "datePublished": (item.at or item.date).isoformat(),
                "text": item.text,
            }
            for item in page.document.open_corrections
        ],
    }
    if card.question_text and not card.is_closed:
        article["mainEntity"] = _question(page, url)
    return article


def _question(page: EpisodePage, url: str) -> Thing:
    answer = unescape(nh3.clean(page.document.short_answer_html, tags=set()))
    return {
        "@type": "Question",
        "name": page.card.title,
        "text": page.card.question_text,
        "acceptedAnswer": {
            "@type": "Answer",
            "text": " ".join(answer.split()),
            "url": f"{url}#page-short-answer",
        },
    }
