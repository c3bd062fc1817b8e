"""What stands around the bodies of episodes' pages, as finished HTML."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add it; the worker makes it. Without its body it is nothing."""
    op.create_table(
        "finished_pages",
        sa.Column("episode_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("behind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["finished_bodies.episode_id"],
            name=op.f("fk_finished_pages_episode_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_finished_pages")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("finished_pages")
