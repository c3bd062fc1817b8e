"""As of when the public pages are: what tells one state of the show from the next."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.episodes.archive import now
from webapp.episodes.models import ContentRevision, Episode
from webapp.web.epochs import Epoch

REVISION = select(ContentRevision.revision).scalar_subquery()
LAST_OUT = (
    select(func.max(Episode.published_at)).where(Episode.published_at <= now()).scalar_subquery()
)
_NEXT_OUT = (
    select(func.min(Episode.published_at)).where(Episode.published_at > now()).scalar_subquery()
)
_EPOCH = select(REVISION, LAST_OUT, _NEXT_OUT)


def read_epoch(session: Session) -> Epoch:
    """Return the epoch at this moment, in one statement."""
    return Epoch(*session.execute(_EPOCH).one())
