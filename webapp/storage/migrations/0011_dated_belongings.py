"""When an episode comes out, beside its topics and contributors: lists are read in that order."""

import sqlalchemy as sa
from alembic import op

from webapp.storage.base import UtcDateTime

revision = "0011"
down_revision = "0010"

TABLES = {"episode_topics": "topic_id", "contributions": "person_id"}
RATED = ["published_at", "explicit", "video_note", "audio_note"]
OF_EPISODE = "SELECT published_at FROM episodes WHERE episodes.id = {row}.episode_id"
FILL = "UPDATE {table} SET published_at = (" + OF_EPISODE + ")"  # noqa: S608 - names of ours
FOLLOW = "UPDATE {table} SET published_at = NEW.published_at WHERE episode_id = NEW.id"


def upgrade() -> None:
    """Add the moments and their indexes; the database itself keeps them like the episodes'."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:  # it changes no table that a trigger still has to be told of
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, own in TABLES.items():
        op.add_column(table, sa.Column("published_at", UtcDateTime(timezone=True)))
        op.execute(FILL.format(table=table, row=table))
        op.drop_index(f"ix_{table}_{own}", table)
        op.create_index(f"ix_{table}_dated", table, [own, "published_at", "episode_id"])
    op.create_index("ix_episodes_updated_at", "episodes", ["updated_at"])
    op.create_index("ix_episodes_rated", "episodes", RATED)
    if is_sqlite:
        _date_in_sqlite()
    else:
        _date_in_postgresql()


def _date_in_sqlite() -> None:
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_dated AFTER INSERT ON {table} BEGIN "
            f"{FILL.format(table=table, row='NEW')} WHERE rowid = NEW.rowid; END"
        )
        op.execute(
            f"CREATE TRIGGER episodes_date_{table} AFTER UPDATE OF published_at ON episodes BEGIN "
            f"{FOLLOW.format(table=table)}; END"
        )


def _date_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION date_like_episode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"NEW.published_at := ({OF_EPISODE.format(row='NEW')}); RETURN NEW; END $$"
    )
    changes = "; ".join(FOLLOW.format(table=table) for table in TABLES)
    op.execute(
        "CREATE FUNCTION date_belongings() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{changes}; RETURN NULL; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_dated BEFORE INSERT ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION date_like_episode()"
        )
    op.execute(
        "CREATE TRIGGER episodes_date_belongings AFTER UPDATE OF published_at ON episodes "
        "FOR EACH ROW EXECUTE FUNCTION date_belongings()"
    )


def downgrade() -> None:
    """Drop them, and have the indexes as before."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_dated")
            op.execute(f"DROP TRIGGER episodes_date_{table}")
    else:
        op.execute("DROP TRIGGER episodes_date_belongings ON episodes")
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_dated ON {table}")
        op.execute("DROP FUNCTION date_belongings()")
        op.execute("DROP FUNCTION date_like_episode()")
    op.drop_index("ix_episodes_rated", "episodes")
    op.drop_index("ix_episodes_updated_at", "episodes")
    for table, own in TABLES.items():
        op.drop_index(f"ix_{table}_dated", table)
        op.create_index(f"ix_{table}_{own}", table, [own])
        op.drop_column(table, "published_at")
