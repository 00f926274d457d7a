"""Other cities' credit banks, level maps, and credentials that learners brought

Revision 0021, after 0018.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_at", types.Instant(), nullable=False),
        sa.Column("good_until", types.Instant(), nullable=False),
        sa.Column("recognised_at", types.Instant(), nullable=False),
        sa.Column("recognised_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("did", name=op.f("uq_region_did")),
    )
    op.create_table(
        "region_key",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("multikey", sa.String(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_key_region_id_region")),
        sa.PrimaryKeyConstraint("region_id", "multikey", name=op.f("pk_region_key")),
    )
    op.create_table(
        "region_institution",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("stated_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_institution_region_id_region")),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_region_institution")),
        sa.UniqueConstraint("did", name=op.f("uq_region_institution_did")),
        sa.UniqueConstraint("id", name=op.f("uq_region_institution_id")),
    )
    op.create_table(
        "level_map_version",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", "target", "version", name=op.f("pk_level_map_version")),
    )
    op.create_table(
        "moved_credential",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("transfer", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_bundle", sa.LargeBinary(), nullable=True),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("credits", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("level_map", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("moved_at", types.Instant(), nullable=False),
        sa.Column("checked_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_moved_credential_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_moved_credential")),
        sa.UniqueConstraint("digest", name=op.f("uq_moved_credential_digest")),
        sa.UniqueConstraint("learner_id", "outcome_id", name=op.f("uq_moved_credential_learner_id_outcome_id")),
    )
    with op.batch_alter_table("moved_credential", schema=None) as batch_op:
        batch_op.create_index("ix_moved_credential_region", ["region_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("moved_credential", schema=None) as batch_op:
        batch_op.drop_index("ix_moved_credential_region")

    op.drop_table("moved_credential")
    op.drop_table("level_map_version")
    op.drop_table("region_institution")
    op.drop_table("region_key")
    op.drop_table("region")
