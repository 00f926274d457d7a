"""A message left by voice with a request for help, sealed

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('help_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('recorded_at', types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_message')),
    sa.UniqueConstraint('key', name=op.f('uq_help_message_key'))
    )
    with op.batch_alter_table('help_message', schema=None) as batch_op:
        batch_op.create_index('ix_help_message_person', ['person_id'], unique=False)
        batch_op.create_index('ix_help_message_request', ['request_id'], unique=False)


def downgrade() -> None:
    op.drop_table('help_message')
