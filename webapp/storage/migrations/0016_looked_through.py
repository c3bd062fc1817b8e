"""Which questions have been looked through since they arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Take all that are here for looked through; an index has those that are not."""
    op.add_column(
        "questions",
        sa.Column("is_looked_through", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_index(
        "ix_questions_arrived",
        "questions",
        ["id"],
        sqlite_where=sa.text("is_looked_through = 0"),
        postgresql_where=sa.text("NOT is_looked_through"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_questions_arrived", "questions")
    op.drop_column("questions", "is_looked_through")
