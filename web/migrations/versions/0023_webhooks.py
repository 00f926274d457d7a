"""Addresses that are told of decisions

Revision 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("told_until", types.Instant(), nullable=False),
        sa.Column("told_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", types.Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_at", types.Instant(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_webhook_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_webhook")),
    )


def downgrade() -> None:
    op.drop_table("webhook")
