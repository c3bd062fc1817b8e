"""Two dates for a question, what the show asks back, its search, and the road to a recording."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LANES = ("ordinary", "urgent", "quarantine")
STATES = ("ready", "scheduled", "recorded", "merged")
DATES = ("texts_until", "kept_until")


def upgrade() -> None:
    """Add the columns, the index of words and the counts of the new states."""
    op.add_column("questions", sa.Column("texts_until", sa.Date(), nullable=True))
    op.add_column("questions", sa.Column("told_until", sa.Date(), nullable=True))
    op.add_column(
        "questions", sa.Column("prolonged", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("questions", sa.Column("asked_back_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("questions", sa.Column("reply_sealed", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE questions SET texts_until = kept_until WHERE text_sealed IS NOT NULL")
    op.execute("UPDATE questions SET told_until = kept_until WHERE state = 'spam'")
    for column in DATES:
        op.create_index(f"ix_questions_{column}", "questions", [column], unique=False)
    op.create_table(
        "question_terms",
        sa.Column("term", sa.LargeBinary(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sort_key", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_terms_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "term", "received_on", "sort_key", "question_id", name="pk_question_terms"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_terms_question_id", "question_terms", ["question_id"])
    counts = sa.table("queue_counts", sa.column("lane"), sa.column("state"), sa.column("count"))
    op.bulk_insert(
        counts, [{"lane": lane, "state": state, "count": 0} for lane in LANES for state in STATES]
    )


def downgrade() -> None:
    """Drop what was added. Questions in one of the new states go back to the shortlist."""
    marks = ", ".join(f"'{state}'" for state in STATES)
    op.execute(f"UPDATE questions SET state = 'shortlisted' WHERE state IN ({marks})")  # noqa: S608
    op.execute(
        f"""UPDATE queue_counts SET count = count + (
            SELECT sum(moved.count) FROM queue_counts AS moved
            WHERE moved.lane = queue_counts.lane AND moved.state IN ({marks})
        ) WHERE state = 'shortlisted'"""  # noqa: S608
    )
    op.execute(f"DELETE FROM queue_counts WHERE state IN ({marks})")  # noqa: S608
    op.drop_table("question_terms")
    for column in DATES:
        op.drop_index(f"ix_questions_{column}", "questions")
    for column in ("reply_sealed", "asked_back_sealed", "prolonged", "told_until", "texts_until"):
        op.drop_column("questions", column)
