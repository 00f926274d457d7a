"""Taking part in activities

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_joining",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "course_code", "learner_id", name=op.f("pk_activity_joining")),
    )
    with op.batch_alter_table("activity_joining", schema=None) as batch_op:
        batch_op.create_index("ix_activity_joining_learner", ["learner_id"], unique=False)

    op.create_table(
        "activity_meeting",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("said_at", types.Instant(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "course_code", name=op.f("pk_activity_meeting")),
    )


def downgrade() -> None:
    op.drop_table("activity_meeting")
    with op.batch_alter_table("activity_joining", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_joining_learner")

    op.drop_table("activity_joining")
