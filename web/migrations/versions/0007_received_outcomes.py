"""Received outcomes

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('activity_mapping',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source_kind', sa.String(), nullable=False),
    sa.Column('source', sa.Uuid(), nullable=False),
    sa.Column('source_name', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('course_code', sa.String(), nullable=False),
    sa.Column('least_percent', sa.Integer(), nullable=True),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('mapped_at', types.Instant(), nullable=False),
    sa.Column('mapped_by', sa.Uuid(), nullable=False),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_activity_mapping'))
    )
    with op.batch_alter_table('activity_mapping', schema=None) as batch_op:
        batch_op.create_index('uq_activity_mapping_open', ['institution_id', 'source', 'object_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('received_outcome',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.String(), nullable=False),
    sa.Column('source_kind', sa.String(), nullable=False),
    sa.Column('source', sa.Uuid(), nullable=False),
    sa.Column('source_name', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('happened_at', types.Instant(), nullable=False),
    sa.Column('received_at', types.Instant(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('mapping_id', sa.Uuid(), nullable=True),
    sa.Column('outcome_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', types.Instant(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('voided_at', types.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_received_outcome')),
    sa.UniqueConstraint('institution_id', 'statement_id', name=op.f('uq_received_outcome_institution_id_statement_id')),
    sa.UniqueConstraint('outcome_id', name=op.f('uq_received_outcome_outcome_id'))
    )
    with op.batch_alter_table('received_outcome', schema=None) as batch_op:
        batch_op.create_index('ix_received_outcome_learner', ['learner_id'], unique=False)
        batch_op.create_index('ix_received_outcome_state', ['institution_id', 'state', 'received_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('received_outcome', schema=None) as batch_op:
        batch_op.drop_index('ix_received_outcome_state')
        batch_op.drop_index('ix_received_outcome_learner')

    op.drop_table('received_outcome')
    with op.batch_alter_table('activity_mapping', schema=None) as batch_op:
        batch_op.drop_index('uq_activity_mapping_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('activity_mapping')
