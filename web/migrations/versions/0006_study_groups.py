"""Study groups; fairness reports

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fairness_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_check")),
    )
    with op.batch_alter_table("fairness_check", schema=None) as batch_op:
        batch_op.create_index("ix_fairness_check_made", ["attribute", "made_at"], unique=False)

    op.create_table(
        "group_member",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", types.Instant(), nullable=False),
        sa.Column("left_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index("ix_group_member_group", ["group_id"], unique=False)

    op.create_table(
        "group_note",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_group_note")),
    )
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.create_index("ix_group_note_group", ["group_id", "skill_id"], unique=False)

    op.create_table(
        "group_tutor",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("group_id", "id", name=op.f("pk_group_tutor")),
    )
    with op.batch_alter_table("group_tutor", schema=None) as batch_op:
        batch_op.create_index("ix_group_tutor_person", ["person_id"], unique=False)

    op.create_table(
        "study_group",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_study_group")),
        sa.UniqueConstraint("code", name=op.f("uq_study_group_code")),
        sa.UniqueConstraint("id", name=op.f("uq_study_group_id")),
    )


def downgrade() -> None:
    op.drop_table("study_group")
    with op.batch_alter_table("group_tutor", schema=None) as batch_op:
        batch_op.drop_index("ix_group_tutor_person")

    op.drop_table("group_tutor")
    with op.batch_alter_table("group_note", schema=None) as batch_op:
        batch_op.drop_index("ix_group_note_group")

    op.drop_table("group_note")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index("ix_group_member_group")

    op.drop_table("group_member")
    with op.batch_alter_table("fairness_check", schema=None) as batch_op:
        batch_op.drop_index("ix_fairness_check_made")

    op.drop_table("fairness_check")
