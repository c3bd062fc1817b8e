"""Pages of episodes as finished HTML: made by the worker, read instead of made on the spot.

Of each there is the body, and what stands before and behind it. A finished body is used only for
what it was made of: the rows that it shows, the show's language and time zone, the site's settings
and our own code. What stands around it names other episodes too, so a whole page is used only as of
the one state of the show in which it was made. Where anything of that has changed, templates make
the page on the spot until the worker has made it anew. So it is never old.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import current_app, url_for
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from webapp import storage
from webapp.episodes.archive import newest_first, published
from webapp.episodes.episode_page import EpisodePage
from webapp.episodes.freshness import LAST_OUT, REVISION, read_epoch
from webapp.episodes.models import Episode, FinishedBody, FinishedPage
from webapp.episodes.pages import ShowPage
from webapp.episodes.queries import find_show, get_published
from webapp.exceptions import NotFound
from webapp.settings import PACKAGE, package_folder
from webapp.storage import take_turn
from webapp.web.epochs import Epoch

BATCH = 100  # a round of the worker
TEMPLATE = "episodes/_body.html"
_WHOLE = (
    select(
        REVISION.label("revision"),
        LAST_OUT.label("last_out"),
        FinishedPage.as_of,
        FinishedPage.before,
        FinishedBody.html,
        FinishedPage.behind,
    )
    .join(FinishedBody, FinishedBody.episode_id == FinishedPage.episode_id)
    .join(Episode, Episode.id == FinishedPage.episode_id)
    .where(Episode.slug == bindparam("slug"), published())
)


@dataclass(frozen=True, slots=True)
class _Made:
    """A page that has just been made: its body, and what stands before and behind it."""

    page: EpisodePage
    before: str
    body: str
    behind: str


def find_whole(session: Session, slug: str) -> str:
    """Return the finished page of a published episode, or an empty text where there is none."""
    row = session.execute(_WHOLE, {"slug": slug}).one_or_none()
    if row is None or row.as_of != _as_of(Epoch(row.revision, row.last_out, None)):
        return ""
    return f"{row.before}{row.html}{row.behind}"


def body_of(page: EpisodePage, show: ShowPage) -> str:
    """Return the finished body of a page, or an empty text where none was made of just that."""
    body = page.finished
    fits = body and body.made_of == page.made_of and body.made_by == made_by(show)
    return body.html if body and fits else ""


def made_by(show: ShowPage) -> str:
    """Return a hash of everything outside an episode that its body depends on."""
    return _hash_of(show.language, show.timezone, *_outside())


def finish_some() -> int:
    """Make pages of published episodes that have none as of now; return how many."""
    session = storage.read()
    as_of = _as_of(read_epoch(session))  # first: what comes out meanwhile makes another state
    show = find_show(session)
    if show is None:
        return 0
    slugs = session.scalars(
        select(Episode.slug)
        .outerjoin(FinishedPage, FinishedPage.episode_id == Episode.id)
        .where(published(), func.coalesce(FinishedPage.as_of, "") != as_of)
        .order_by(*newest_first())
        .limit(BATCH)
    ).all()
    made = [page for slug in slugs if (page := _make(slug, show))]
    storage.write(_keep, made=made, made_by=made_by(show), as_of=as_of)
    return len(made)


def _make(slug: str, show: ShowPage) -> _Made | None:
    try:
        page = get_published(storage.read(), slug)
    except NotFound:  # taken off meanwhile
        return None
    with current_app.test_request_context():
        path = url_for("episodes.episode", slug=slug)
        body = current_app.jinja_env.get_template(TEMPLATE).render(episode=page, show=show)
    with current_app.test_request_context(path):
        whole = current_app.make_response(current_app.dispatch_request()).get_data(as_text=True)
    before, found, behind = whole.partition(body)
    return _Made(page, before, body, behind) if found else None  # changed in between


def _keep(session: Session, *, made: list[_Made], made_by: str, as_of: str) -> None:
    take_turn(session)
    if _as_of(read_epoch(session)) != as_of:
        return  # what was taken out meanwhile must not be put back
    for each in made:
        episode_id = each.page.card.id
        session.execute(delete(FinishedBody).where(FinishedBody.episode_id == episode_id))
        if session.get(Episode, episode_id) is None:
            continue
        session.add(
            FinishedBody(
                episode_id=episode_id, made_of=each.page.made_of, made_by=made_by, html=each.body
            )
        )
        session.flush()
        session.add(
            FinishedPage(episode_id=episode_id, as_of=as_of, before=each.before, behind=each.behind)
        )


def _as_of(epoch: Epoch) -> str:
    """Return a hash of everything that a whole page depends on: the show's state, and the rest."""
    last_out = epoch.last_out.isoformat() if epoch.last_out else ""
    return _hash_of(epoch.revision, last_out, storage.current_settings().site_url, *_outside())


def _outside() -> tuple[str | None, ...]:
    settings = storage.current_settings()
    return _code(), settings.media_url, settings.locale


def _hash_of(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()


@cache
def _code() -> str:
    """Return a hash of what makes pages: our templates and modules, and what they name."""
    digest = sha256()
    makers = (package_folder("templates"), "*.html"), (PACKAGE, "*.py"), (PACKAGE / "static", "*")
    for folder, kind in makers:
        for path in sorted(filter(Path.is_file, folder.rglob(kind))):
            digest.update(path.read_bytes())
    return digest.hexdigest()
