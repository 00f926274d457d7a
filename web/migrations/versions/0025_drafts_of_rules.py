"""Drafts of rules that nobody has proposed yet

Revision 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_draft",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("begun_from", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "institution_id", "id", name=op.f("pk_rule_draft")),
    )


def downgrade() -> None:
    op.drop_table("rule_draft")
