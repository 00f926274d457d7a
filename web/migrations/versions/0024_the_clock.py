"""What learners are told of cases, when the clock did its work last, and precedents by the school they are about

Revision 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recognition_case", sa.Column("news", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE case_event SET action = 'source-suspended' WHERE action = 'source-suspendd'")
    op.create_index("ix_precedent_school", "precedent", ["source_name"])
    op.create_table(
        "clock_work",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", types.Instant(), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clock_work")),
    )


def downgrade() -> None:
    op.drop_table("clock_work")
    op.drop_index("ix_precedent_school", "precedent")
    with op.batch_alter_table("recognition_case") as batch:
        batch.drop_column("news")
