"""Releases to other handlers

Revision 0022, after 0019.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_name", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("given_via", sa.String(), nullable=False),
        sa.Column("assisted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_release")),
    )


def downgrade() -> None:
    op.drop_table("release")
