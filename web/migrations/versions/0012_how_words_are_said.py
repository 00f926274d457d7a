"""How words are said

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speech_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speech_word")),
    )
    with op.batch_alter_table("speech_word", schema=None) as batch_op:
        batch_op.create_index("ix_speech_word", ["word", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("speech_word", schema=None) as batch_op:
        batch_op.drop_index("ix_speech_word")

    op.drop_table("speech_word")
