"""The bodies of episodes' pages as finished HTML."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add them; the worker makes them."""
    op.create_table(
        "finished_bodies",
        sa.Column("episode_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_of", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"],
            ["episodes.id"],
            name=op.f("fk_finished_bodies_episode_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("episode_id", name=op.f("pk_finished_bodies")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("finished_bodies")
