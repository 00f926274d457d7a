"""A person's own spoken commands, sealed

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('voice_enrolment',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('begun_at', types.Instant(), nullable=False),
    sa.Column('changed_at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_voice_enrolment'))
    )


def downgrade() -> None:
    op.drop_table('voice_enrolment')
