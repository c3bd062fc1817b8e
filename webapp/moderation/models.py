"""The desk's own tables: what staff arrange around the mailbag."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.questions.models import Question
from webapp.staff.models import User
from webapp.storage.base import Base, UtcDateTime


class SavedView(Base):
    """The filters and order of the queue under a name: `query` is the address behind the `?`.

    One without a `staff_id` is everybody's.
    """

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    query: Mapped[str]


class Rundown(Base):
    """An ordered list of questions for a recording. `pace` is the host's, in words per minute."""

    __tablename__ = "rundowns"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str]
    recording_on: Mapped[date | None]
    pace: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_closed: Mapped[bool]
    version: Mapped[int]


class RundownItem(Base):
    """A question's place in a rundown; `time_code` is where in the recording, in seconds."""

    __tablename__ = "rundown_items"
    __table_args__ = ({"sqlite_with_rowid": False},)

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey(Question.id, ondelete="CASCADE"), primary_key=True
    )
    rundown_id: Mapped[UUID] = mapped_column(ForeignKey(Rundown.id, ondelete="CASCADE"), index=True)
    position: Mapped[int]
    time_code: Mapped[int | None]
