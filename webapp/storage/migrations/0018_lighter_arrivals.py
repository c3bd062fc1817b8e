"""Indexes without the rows that nobody looks for in them, so that a new question is in few."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

SELDOM = ("about_id", "answered_by_id", "lead_id", "planned_for_id")


def upgrade() -> None:
    """Leave out what has no value, what is compared, and texts that go with their question."""
    for name in (*SELDOM, "texts_until", "is_compared"):
        op.drop_index(f"ix_questions_{name}", "questions")
    for name in SELDOM:
        _index(name, [name], f"{name} IS NOT NULL")
    _index("texts_until", ["texts_until"], "texts_until < kept_until")
    _index(
        "to_compare",
        ["id"],
        "NOT is_compared AND is_looked_through",
        sqlite="is_compared = 0 AND is_looked_through = 1",
    )


def downgrade() -> None:
    """Have all of them hold every question again."""
    op.drop_index("ix_questions_to_compare", "questions")
    op.create_index("ix_questions_is_compared", "questions", ["is_compared"])
    for name in (*SELDOM, "texts_until"):
        op.drop_index(f"ix_questions_{name}", "questions")
        op.create_index(f"ix_questions_{name}", "questions", [name])


def _index(name: str, columns: list[str], where: str, *, sqlite: str = "") -> None:
    op.create_index(
        f"ix_questions_{name}",
        "questions",
        columns,
        sqlite_where=sa.text(sqlite or where),
        postgresql_where=sa.text(where),
    )
