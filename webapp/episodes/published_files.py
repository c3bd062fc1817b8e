"""The files of published episodes: nothing of any other is found here."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.archive import published
from webapp.episodes.belongings import line_of, media_of
from webapp.episodes.document import Document
from webapp.episodes.models import Episode, Medium, Show
from webapp.episodes.pages import MediumLine, shared_picture
from webapp.exceptions import NotFound


def get_transcript(session: Session, slug: str) -> str:
    """Return the transcript of a published episode, as WebVTT. Raises NotFound without one."""
    query = select(Episode.transcript_vtt).where(Episode.slug == slug, published())
    transcript = session.scalar(query)
    if not transcript:
        raise NotFound
    return transcript


def get_shared_picture(session: Session, slug: str) -> MediumLine:
    """Return the picture of a published episode that other sites may show. Raises NotFound."""
    row = session.execute(
        select(Episode.id, Episode.document).where(Episode.slug == slug, published())
    ).one_or_none()
    if row is None:
        raise NotFound
    has_adult = Document.model_validate_json(row.document).has_adult
    picture = shared_picture(media_of(session, [row.id])[row.id], has_adult=has_adult)
    if picture is None:
        raise NotFound
    return picture


def get_document(session: Session, slug: str) -> Document:
    """Return the finished page of a published episode. Raises NotFound."""
    document = session.scalar(select(Episode.document).where(Episode.slug == slug, published()))
    if document is None:
        raise NotFound
    return Document.model_validate_json(document)


def get_artwork(session: Session, name: str) -> MediumLine:
    """Return the show's artwork by its file name. Raises NotFound for any other name."""
    show = session.scalars(select(Show)).first()
    if show is None or not name or artwork_of(show).file != name:
        raise NotFound
    return artwork_of(show)


def find_artwork(session: Session) -> MediumLine | None:
    """Return the show's artwork, None without any."""
    show = session.scalars(select(Show)).first()
    return artwork_of(show) if show is not None and show.artwork_sha256 else None


def list_published_files(session: Session) -> Iterator[tuple[str, MediumLine]]:
    """Yield the files and pictures of all published episodes, each with its episode's slug."""
    query = (
        select(Episode.slug, Medium)
        .join(Medium)
        .where(published())
        .order_by(Medium.episode_id, Medium.position)
    )
    for slug, medium in session.execute(query):
        if medium.sha256:
            yield slug, line_of(medium)


def artwork_of(show: Show) -> MediumLine:
    """Return a show's artwork; its file name, empty without any, changes with its bytes."""
    suffix = "png" if show.artwork_type == "image/png" else "jpg"
    return MediumLine(
        role="artwork",
        file=f"{show.artwork_sha256[:12]}.{suffix}" if show.artwork_sha256 else "",
        url="",
        label="",
        primary=False,
        content_type=show.artwork_type,
        size=0,
        sha256=show.artwork_sha256,
    )


def get_published_medium(
    session: Session, slug: str, *, file: str = "", role: str = ""
) -> MediumLine:
    """Return one file of a published episode, by its name or its role. Raises NotFound.

    By name that is what plays, or a picture in the written answer.
    """
    query = select(Medium).join(Episode).where(Episode.slug == slug, published())
    if role:
        query = query.where(Medium.role == role)
    else:
        query = query.where(Medium.role.in_(("media", "picture")), Medium.file == file)
    medium = session.scalars(query.order_by(Medium.position).limit(1)).one_or_none()
    if medium is None:
        raise NotFound
    return line_of(medium)
