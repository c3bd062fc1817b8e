"""Rows for tests: a small show, noise around it, and one maker for each thing that tests vary."""

import secrets
from datetime import UTC, datetime, timedelta
from importlib import import_module
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.episodes.document import Document, Part, Resource
from webapp.episodes.models import (
    Contribution,
    Episode,
    HelpCountry,
    Medium,
    Person,
    Season,
    Show,
    Topic,
    episode_topics,
)
from webapp.questions.looking_through import learn_words
from webapp.questions.models import DeclineReason, Question
from webapp.questions.receipts import NONCE_BYTES
from webapp.questions.receiving import SentQuestion, receive
from webapp.storage import current_keyring
from webapp.storage.sealing import seal
from webapp.transcripts import Paragraph

LETTER = "How do I tell my flatmate that I can hear everything through the wall?"
LONG_AGO = datetime(2026, 1, 6, 8, tzinfo=UTC)


def add_reasons(session: Session) -> None:
    """Add the reasons for declining that an instance begins with."""
    first = import_module("webapp.storage.migrations.0006_desk")
    for position, (code, name, asker_words) in enumerate(first.REASONS, start=1):
        session.add(
            DeclineReason(
                code=code, name=name, asker_words=asker_words, position=position, is_offered=True
            )
        )
    session.flush()


def add_show(session: Session) -> None:
    """Add a show with one season, one host, one topic, and help in one country."""
    session.add(
        Show(
            name="The Test Show",
            tagline="Answers, eventually",
            description="A show for tests.",
            language="en-GB",
            timezone="Europe/London",
            email="hello@example.org",
            copyright="© the test show",
            about_html="<p>About the test show.</p>",
            ask_lead="Ask away.",
            ask_who_reads="The producer reads every question.",
            ask_when="Twice a week.",
            sign_offs=["Curious in Kansas"],
            links=[],
            podcast={},
            podcast_guid="",
            rendering=0,
        )
    )
    session.add(Season(number=1, title="One", summary="", field="#8A2B1D", ink="#FFFFFF"))
    session.add(
        Person(
            slug="the-host",
            name="The Host",
            pronounced="the host",
            role="Host",
            disclosure="not a doctor",
            links=[],
            bio_html="<p>Hosts.</p>",
        )
    )
    session.add(Topic(slug="walls", name="Walls", summary="Thin ones.", position=1))
    session.add(
        HelpCountry(
            code="GB",
            name="United Kingdom",
            position=1,
            emergency_number="999",
            emergency_text="Police, fire, ambulance.",
            services=[],
        )
    )
    session.flush()


def add_noise(session: Session) -> None:
    """Add what no public page may show: a draft, and another that is due tomorrow."""
    session.add(Season(number=9, title="Noise", summary="", field="#222222", ink="#FFFFFF"))
    session.add(
        Person(
            slug="nobody",
            name="Noise Person",
            pronounced="",
            role="",
            disclosure="",
            links=[],
            bio_html="",
        )
    )
    session.add(Topic(slug="noise", name="Noise topic", summary="", position=0))
    session.flush()
    future = datetime(2999, 1, 1, tzinfo=UTC)
    for slug, published_at in (("noise-draft", None), ("noise-scheduled", future)):
        episode = add_episode(
            session, slug=slug, title="Noise", season=9, published_at=published_at
        )
        add_topic(session, episode, "noise")
        add_topic(session, episode, "walls")
        add_contribution(session, episode, "nobody")


def add_episode(
    session: Session,
    *,
    slug: str = "thin-walls",
    title: str = "Thin walls",
    season: int = 1,
    number: int = 1,
    published_at: datetime | None = LONG_AGO,
    document: Document | None = None,
) -> Episode:
    """Add an episode, published long ago unless told otherwise."""
    document = document or a_document()
    episode = Episode(
        guid=f"guid-{slug}",
        slug=slug,
        title=title,
        summary="What to say through a wall.",
        season=season,
        number=number,
        kind="full",
        duration=600,
        explicit=False,
        published_at=published_at,
        updated_at=published_at,
        question_text="Can you hear me?",
        question_sign_off="Next Door",
        question_asked="2026-01",
        question_edited=True,
        reading_minutes=4,
        video_note="adult" if document.is_adult("video") else "",
        audio_note="adult" if document.is_adult("audio") else "",
        text_note="adult" if document.is_adult("text") else "",
        document=document.model_dump_json(),
        transcript_vtt="WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v The Host>Hello.\n",
    )
    session.add(episode)
    session.flush()
    return episode


def add_credited_episode(session: Session, **values: object) -> Episode:
    """Add an episode that its topic and its host are found by."""
    episode = add_episode(session, **values)
    add_topic(session, episode, "walls")
    add_contribution(session, episode, "the-host")
    return episode


def add_credited_episodes(session: Session, count: int, **values: object) -> list[Episode]:
    """Add `episode-1` and so on, each a day newer than the one before it."""
    return [
        add_credited_episode(
            session,
            slug=f"episode-{number}",
            number=number,
            published_at=LONG_AGO + timedelta(days=number),
            **values,
        )
        for number in range(1, count + 1)
    ]


def a_document(**changes: object) -> Document:
    """Return a page's document with two parts, a resource and a transcript."""
    values = {
        "short_answer_html": "<p>Knock first.</p>",
        "parts": (
            Part(id="one", number=1, title="Knock", html="<p>Knock.</p>", text="Knock.", at=12),
            Part(id="two", number=2, title="Speak", html="<p>Speak.</p>", text="Speak."),
        ),
        "resources": (
            Resource(
                kind="service",
                title="Samaritans",
                by="",
                url="https://www.samaritans.org",
                country="GB",
                cost="free",
                checked=None,
            ),
        ),
        "transcript": (Paragraph(start=0, voice="The Host", text="Hello."),),
        "transcript_language": "en",
        "words": 900,
        "reading_minutes": 4,
    }
    return Document(**(values | changes))


def add_topic(session: Session, episode: Episode, slug: str) -> None:
    """Put an episode under a topic."""
    topic = session.query(Topic).filter_by(slug=slug).one()
    session.execute(episode_topics.insert().values(episode_id=episode.id, topic_id=topic.id))


def add_contribution(session: Session, episode: Episode, person: str, role: str = "host") -> None:
    """Make a person a contributor to an episode."""
    person_id = session.query(Person).filter_by(slug=person).one().id
    session.add(
        Contribution(
            episode_id=episode.id, position=1, person_id=person_id, role=role, disclosure=""
        )
    )
    session.flush()


def add_medium(session: Session, episode: Episode, **values: object) -> Medium:
    """Add a file to an episode."""
    defaults = {
        "position": 1,
        "role": "media",
        "file": "video.mp4",
        "url": "",
        "label": "",
        "primary": True,
        "content_type": "video/mp4",
        "size": 10,
        "sha256": "0" * 64,
    }
    medium = Medium(episode_id=episode.id, **(defaults | values))
    session.add(medium)
    session.flush()
    return medium


def a_question(**changes: object) -> SentQuestion:
    """Return a question as its form gives it."""
    values = {
        "text": LETTER,
        "sign_off": "Curious in Kansas",
        "consent": "read_aloud",
        "about_id": None,
        "language": "en-GB",
    }
    return SentQuestion(**(values | changes))


def add_question(session: Session, *, nonce: bytes | None = None, **changes: object) -> UUID:
    """Send a question by the way that real ones go, and return its id; its words are known."""
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    sent = a_question(**changes)
    received = receive(session, keyring=current_keyring(), nonce=nonce, sent=sent)
    learn_words(session, session.get_one(Question, received.question_id))
    return received.question_id


def write_air_text(session: Session, *, question_id: UUID, text: str = "In our words.") -> None:
    """Give a question the text that it needs to be ready, as if it had come with it."""
    question = session.get_one(Question, question_id)
    place = "questions.air_text_sealed"
    question.air_text_sealed = seal(current_keyring(), question_id, place, text)
    session.flush()
