"""What has been typed into the studio's forms and not saved."""

import sqlalchemy as sa
from alembic import op

from webapp.storage.base import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the table; it goes with the episode that a form is of, and with whoever typed."""
    op.create_table(
        "unsaved_forms",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_unsaved_forms_staff_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name="fk_unsaved_forms_episode_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", "place", name="pk_unsaved_forms"),
    )
    op.create_index("ix_unsaved_forms_episode_id", "unsaved_forms", ["episode_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("unsaved_forms")
