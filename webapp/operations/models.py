"""What the worker remembers."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.base import Base


class DoneChore(Base):
    """The day (UTC) on which a chore of the worker was last done to its end."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(primary_key=True)
    done_on: Mapped[date]
