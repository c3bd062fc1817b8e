"""Passages by which episodes are found, and the words that there are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FIRST_PASSAGE = 1 << 48  # below it are rows that have all words of an episode

# FTS5 with the passages as its content: it keeps no text of its own, and triggers tell it of
# changes (https://sqlite.org/fts5.html#external_content_tables). The words are folded already, and
# the ascii tokenizer only parts them at spaces. Short beginnings have an index of their own.
SQLITE = (
    """CREATE VIRTUAL TABLE fts_passages USING fts5(
        words, content='passages', content_rowid='id', tokenize='ascii', detail='none',
        columnsize=0, prefix='2 3')""",
    """CREATE TRIGGER fts_passages_insert AFTER INSERT ON passages BEGIN
        INSERT INTO fts_passages (rowid, words) VALUES (new.id, new.words);
    END""",
    """CREATE TRIGGER fts_passages_delete AFTER DELETE ON passages BEGIN
        INSERT INTO fts_passages (fts_passages, rowid, words)
        VALUES ('delete', old.id, old.words);
    END""",
    """CREATE TRIGGER fts_passages_update AFTER UPDATE ON passages BEGIN
        INSERT INTO fts_passages (fts_passages, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO fts_passages (rowid, words) VALUES (new.id, new.words);
    END""",
)
# A saving pays for its index rows at once (fastupdate), so that no search has to.
POSTGRESQL = (
    """ALTER TABLE passages ADD COLUMN fts_words tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(words), ' '))) STORED""",
    f"""CREATE INDEX fts_passages_words ON passages USING gin (fts_words)
        WITH (fastupdate = off) WHERE id >= {FIRST_PASSAGE}""",
    f"""CREATE INDEX fts_passages_episodes ON passages USING gin (fts_words)
        WITH (fastupdate = off) WHERE id < {FIRST_PASSAGE}""",
)


def upgrade() -> None:
    """Make the tables and the engine's own index."""
    word = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "passages",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["episode_id"], ["episodes.id"], name="fk_passages_episode_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
    )
    op.create_index("ix_passages_episode_id", "passages", ["episode_id"], unique=False)
    op.create_table(
        "search_words",
        sa.Column("word", word, nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "near_words",
        sa.Column("key", word, nullable=False),
        sa.Column("word", word, nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name="pk_near_words"),
        sqlite_with_rowid=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop the index and the tables."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("fts_passages")
    for table in ("near_words", "search_words", "passages"):
        op.drop_table(table)
