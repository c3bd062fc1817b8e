"""Paths of the bundle in the order of their characters, whatever the language of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Sort them by their characters; SQLite does so anyway."""
    _sort_by("C")


def downgrade() -> None:
    """Sort them as the database sorts."""
    _sort_by("default")


def _sort_by(collation: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("bundle_files", "path", type_=sa.String(collation=collation))
