"""What else the queue is read by: what goes soonest, is answered back, snoozed, or about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NAMES = ("leaving", "replied", "snoozed_until", "about_id")


def upgrade() -> None:
    """Add the indexes."""
    op.create_index(
        "ix_questions_leaving",
        "questions",
        ["lane", "state", "texts_until", "sort_key", "id"],
    )
    op.create_index(
        "ix_questions_replied",
        "questions",
        ["received_on", "sort_key", "id"],
        sqlite_where=sa.text("reply_sealed IS NOT NULL"),
        postgresql_where=sa.text("reply_sealed IS NOT NULL"),
    )
    op.create_index(
        "ix_questions_snoozed_until",
        "questions",
        ["snoozed_until"],
        sqlite_where=sa.text("snoozed_until IS NOT NULL"),
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )
    op.create_index("ix_questions_about_id", "questions", ["about_id"])


def downgrade() -> None:
    """Drop the indexes."""
    for name in NAMES:
        op.drop_index(f"ix_questions_{name}", "questions")
