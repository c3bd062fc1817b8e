"""A number that every change of what public pages show makes larger."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = (
    "shows",
    "seasons",
    "people",
    "topics",
    "help_countries",
    "episodes",
    "episode_topics",
    "contributions",
    "media",
    "aliases",
)
BUMP = "UPDATE content_revision SET revision = revision + 1"


def upgrade() -> None:
    """Add the number, and have the database itself count: no way around that can be forgotten."""
    op.create_table(
        "content_revision",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
    )
    op.execute("INSERT INTO content_revision (id, revision) VALUES (1, 1)")
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for act in ("INSERT", "UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_counts_{act.lower()} AFTER {act} ON {table} "
                    f"BEGIN {BUMP}; END"
                )
        return
    _count_at_commit()


def _count_at_commit() -> None:
    """Count once a transaction, at its end: two editors must not wait for each other until then."""
    op.execute(
        "CREATE FUNCTION count_content_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_setting('postbag.counted', true) IS DISTINCT FROM txid_current()::text THEN "
        "PERFORM set_config('postbag.counted', txid_current()::text, true); "
        f"{BUMP}; "
        "END IF; RETURN NULL; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION count_content_change()"
        )


def downgrade() -> None:
    """Drop the number, and what counts."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if is_sqlite:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_counts_{act}")
        else:
            op.execute(f"DROP TRIGGER {table}_counts ON {table}")
    if not is_sqlite:
        op.execute("DROP FUNCTION count_content_change()")
    op.drop_table("content_revision")
