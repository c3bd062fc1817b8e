"""The season of an episode, beside its topics: a topic within a season is read in its own order."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

OF_EPISODE = "SELECT season FROM episodes WHERE episodes.id = {row}.episode_id"
FILL = "UPDATE episode_topics SET season = (" + OF_EPISODE + ")"  # noqa: S608 - names of ours
FOLLOW = "UPDATE episode_topics SET season = NEW.season WHERE episode_id = NEW.id"
INDEX = ["topic_id", "season", "published_at", "episode_id"]


def upgrade() -> None:
    """Add the seasons and their index; the database itself keeps them like the episodes'."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:  # it changes no table that a trigger still has to be told of
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.add_column("episode_topics", sa.Column("season", sa.Integer()))
    op.execute(FILL.format(row="episode_topics"))
    op.create_index("ix_episode_topics_seasonal", "episode_topics", INDEX)
    if is_sqlite:
        _place_in_sqlite()
    else:
        _place_in_postgresql()


def _place_in_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER episode_topics_placed AFTER INSERT ON episode_topics BEGIN "
        f"{FILL.format(row='NEW')} WHERE rowid = NEW.rowid; END"
    )
    op.execute(
        "CREATE TRIGGER episodes_place_topics AFTER UPDATE OF season ON episodes BEGIN "
        f"{FOLLOW}; END"
    )


def _place_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION place_like_episode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"NEW.season := ({OF_EPISODE.format(row='NEW')}); RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION place_topics() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{FOLLOW}; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER episode_topics_placed BEFORE INSERT ON episode_topics "
        "FOR EACH ROW EXECUTE FUNCTION place_like_episode()"
    )
    op.execute(
        "CREATE TRIGGER episodes_place_topics AFTER UPDATE OF season ON episodes "
        "FOR EACH ROW EXECUTE FUNCTION place_topics()"
    )


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER episode_topics_placed")
        op.execute("DROP TRIGGER episodes_place_topics")
    else:
        op.execute("DROP TRIGGER episodes_place_topics ON episodes")
        op.execute("DROP TRIGGER episode_topics_placed ON episode_topics")
        op.execute("DROP FUNCTION place_topics()")
        op.execute("DROP FUNCTION place_like_episode()")
    op.drop_index("ix_episode_topics_seasonal", "episode_topics")
    op.drop_column("episode_topics", "season")
