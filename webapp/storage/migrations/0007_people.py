"""Sessions that can be ended, invitations, and what somebody prefers at the desk."""

import sqlalchemy as sa
from alembic import op

from webapp.storage.base import UtcDateTime

revision = "0007"
down_revision = "0006"

COLUMNS = ("keys_on", "pace", "opt_outs", "totp_counter", "seen_on")


def upgrade() -> None:
    """Add the columns and the two tables. Whoever is signed in signs in again."""
    for column in (
        sa.Column("keys_on", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("pace", sa.Integer(), nullable=False, server_default="150"),
        sa.Column("opt_outs", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("totp_counter", sa.BigInteger(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
    ):
        op.add_column("staff", column)
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_staff_sessions_token_hash"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name="fk_invitations_staff_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    op.create_index("ix_invitations_staff_id", "invitations", ["staff_id"])


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("invitations")
    op.drop_table("staff_sessions")
    for column in COLUMNS:
        op.drop_column("staff", column)
