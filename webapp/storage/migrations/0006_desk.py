"""The desk: history as a chain, the outbox, and what staff arrange around the mailbag."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from webapp.storage import current_keyring
from webapp.storage.base import UtcDateTime
from webapp.storage.history import link_moved

revision = "0006"
down_revision = "0005"

TABLES = (
    "daily_figures",
    "decline_reasons",
    "desk_rules",
    "history",
    "history_links",
    "labels",
    "outbox",
    "rundowns",
    "saved_views",
    "desk_notices",
    "question_claims",
    "question_labels",
    "question_likenesses",
    "question_notes",
    "question_texts",
    "question_topics",
    "rundown_items",
)
INDEXED = ("answered_by_id", "is_compared", "lead_id", "planned_for_id")
FORBIDDEN = ("history", "history_links")
REASONS = (
    (
        "covered",
        "Answered already",
        "The show has answered a question very like yours. Look through the episodes: it is there.",
    ),
    (
        "too-identifying",
        "Would give somebody away",
        "There was no way to air it without giving somebody away, you or another.",
    ),
    (
        "needs-more",
        "Not enough to go on",
        "There was not enough in it to answer well. You can send it again with more of the story.",
    ),
    (
        "not-for-us",
        "Not for this show",
        "It needs somebody other than us: a doctor, a lawyer, or a person who knows you.",
    ),
    (
        "other",
        "Something else",
        "It was read, and it is no judgement on you: the show can only answer a few questions.",
    ),
)
ACTS = sa.table(
    "history",
    *(sa.column(name, sa.Uuid()) for name in ("id", "batch", "note_id", "reverses")),
    sa.column("on", sa.Date()),
    sa.column("at", UtcDateTime()),
    *(
        sa.column(name, sa.String())
        for name in (
            "actor", "role", "action", "subject", "subject_id", "from_state", "to_state", "reason",
        )
    ),
    *(sa.column(name, sa.Integer()) for name in ("actor_id", "from_version", "to_version")),
    sa.column("detail", sa.JSON()),
)  # fmt: skip
EVENTS = sa.table(
    "question_events",
    *(sa.column(name, sa.Uuid()) for name in ("id", "question_id", "reverses")),
    sa.column("on", sa.Date()),
    sa.column("at", UtcDateTime()),
    *(
        sa.column(name, sa.String())
        for name in ("actor", "role", "action", "from_state", "to_state", "reason")
    ),
    *(sa.column(name, sa.Integer()) for name in ("from_version", "to_version")),
)
SHARED = (
    "id", "on", "at", "actor", "role", "action", "from_state", "to_state", "from_version",
    "to_version", "reason", "reverses",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables, move what happened into the new history, and forbid to change it."""
    _make_tables()
    _add_columns()
    _move(EVENTS, ACTS, _as_acts)
    with Session(op.get_bind(), info={"keyring": current_keyring()}) as session:
        link_moved(session)
    op.drop_table("question_events")
    _count_the_past()
    reasons = sa.table(
        "decline_reasons",
        *(sa.column(name) for name in ("code", "name", "asker_words", "position", "is_offered")),
    )
    op.bulk_insert(
        reasons,
        [
            {
                "code": code,
                "name": name,
                "asker_words": words,
                "position": place,
                "is_offered": True,
            }
            for place, (code, name, words) in enumerate(REASONS, start=1)
        ],
    )
    _forbid_changes()


def downgrade() -> None:
    """Put the history of questions back as it was, and drop the rest."""
    op.create_table(
        "question_events",
        *(
            sa.Column(name, kind, nullable=name in {"at", "reverses"})
            for name, kind in (
                ("id", sa.Uuid()),
                ("question_id", sa.Uuid()),
                ("on", sa.Date()),
                ("at", UtcDateTime()),
                ("actor", sa.String()),
                ("role", sa.String()),
                ("action", sa.String()),
                ("from_state", sa.String()),
                ("to_state", sa.String()),
                ("from_version", sa.Integer()),
                ("to_version", sa.Integer()),
                ("reason", sa.String()),
                ("reverses", sa.Uuid()),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_events"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_events_question_id", "question_events", ["question_id"])
    _move(ACTS, EVENTS, _as_events)
    _permit_changes()
    for name in INDEXED:
        op.drop_index(f"ix_questions_{name}", "questions")
    for table in reversed(TABLES):
        op.drop_table(table)
    for column in (
        "is_compared",
        "snoozed_until",
        "lead_id",
        "planned_for_id",
        "pronunciation_sealed",
    ):
        op.drop_column("questions", column)


def _make_tables() -> None:
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "figure", name="pk_daily_figures"),
    )
    op.create_table(
        "decline_reasons",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asker_words", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_decline_reasons"),
    )
    op.create_table(
        "desk_rules",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_desk_rules"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_history"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_history_at", "history", ["at"], unique=False)
    op.create_index("ix_history_batch", "history", ["batch"], unique=False)
    op.create_index("ix_history_on_id", "history", ["on", "id"], unique=False)
    op.create_index(
        "ix_history_subject_subject_id_to_version",
        "history",
        ["subject", "subject_id", "to_version"],
        unique=False,
    )
    op.create_table(
        "history_links",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_history_links"),
        sa.UniqueConstraint("act_id", name="uq_history_links_act_id"),
    )
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("name", name="uq_labels_name"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_done_at_due_at", "outbox", ["done_at", "due_at"], unique=False)
    op.create_table(
        "rundowns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("recording_on", sa.Date(), nullable=True),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rundowns"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_saved_views_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
    )
    op.create_index("ix_saved_views_staff_id", "saved_views", ["staff_id"], unique=False)
    op.create_table(
        "desk_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_desk_notices_question_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_desk_notices_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_desk_notices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_notices_staff_id", "desk_notices", ["staff_id"], unique=False)
    op.create_table(
        "question_claims",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_claims_question_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_question_claims_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name="pk_question_claims"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_question_claims_staff_id", "question_claims", ["staff_id"], unique=False)
    op.create_table(
        "question_labels",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name="fk_question_labels_label_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_labels_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "label_id", name="pk_question_labels"),
    )
    op.create_index("ix_question_labels_label_id", "question_labels", ["label_id"], unique=False)
    op.create_table(
        "question_likenesses",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["questions.id"],
            name="fk_question_likenesses_other_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_likenesses_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "other_id", name="pk_question_likenesses"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_question_likenesses_other_id", "question_likenesses", ["other_id"], unique=False
    )
    op.create_table(
        "question_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_notes_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_notes"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_question_notes_question_id", "question_notes", ["question_id"], unique=False
    )
    op.create_table(
        "question_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("air_text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("web_text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_texts_question_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_question_texts"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_question_texts_question_id", "question_texts", ["question_id"], unique=False
    )
    op.create_table(
        "question_topics",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_question_topics_question_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name="fk_question_topics_topic_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", "topic_id", name="pk_question_topics"),
    )
    op.create_index("ix_question_topics_topic_id", "question_topics", ["topic_id"], unique=False)
    op.create_table(
        "rundown_items",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("rundown_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("time_code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_rundown_items_question_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rundown_id"], ["rundowns.id"], name="fk_rundown_items_rundown_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name="pk_rundown_items"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rundown_items_rundown_id", "rundown_items", ["rundown_id"], unique=False)


def _add_columns() -> None:
    op.add_column("questions", sa.Column("pronunciation_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("questions", sa.Column("snoozed_until", sa.Date(), nullable=True))
    op.add_column(
        "questions",
        sa.Column("is_compared", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("questions", sa.Column("lead_id", sa.Uuid(), nullable=True))
    op.add_column("questions", sa.Column("planned_for_id", sa.Integer(), nullable=True))
    for name in INDEXED:
        op.create_index(f"ix_questions_{name}", "questions", [name], unique=False)


def _move(source: sa.TableClause, target: sa.TableClause, made: Any) -> None:
    """Copy rows from one table to another, each as `made` makes it."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(*source.columns)).mappings().all()
    for start in range(0, len(rows), 500):
        if batch := list(made(rows[start : start + 500])):
            bind.execute(sa.insert(target), batch)


def _as_acts(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            **{name: row[name] for name in SHARED},
            "subject": "question",
            "subject_id": str(row["question_id"]),
            "detail": {},
        }


def _as_events(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row["subject"] == "question":
            shared = {name: row[name] for name in SHARED}
            yield {**shared, "question_id": UUID(row["subject_id"])}


def _count_the_past() -> None:
    """Count what has arrived and what became of it, as far as anything is still known."""
    op.execute(
        "INSERT INTO daily_figures (day, figure, count) "
        "SELECT received_on, 'arrived', count(*) FROM questions GROUP BY received_on"
    )
    op.execute(
        """INSERT INTO daily_figures (day, figure, count)
        SELECT history."on", to_state, count(*) FROM history
        WHERE from_state <> to_state AND reverses IS NULL
        AND to_state IN ('answered', 'declined', 'spam', 'withdrawn')
        GROUP BY history."on", to_state"""
    )


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in FORBIDDEN:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$"
    )
    for table in FORBIDDEN:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change()"
        )


def _permit_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # triggers go with their tables
    for table in FORBIDDEN:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION refuse_history_change()")
