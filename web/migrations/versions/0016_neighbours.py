"""Neighbours of a study group who help one another

Revision 0016, after 0020.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0016'
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('neighbour_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('matter', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', types.Instant(), nullable=False),
    sa.Column('helper_id', sa.Uuid(), nullable=True),
    sa.Column('taken_at', types.Instant(), nullable=True),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.Column('asker_news', sa.Boolean(), nullable=False),
    sa.Column('helper_news', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_neighbour_request')),
    sa.UniqueConstraint('key', name=op.f('uq_neighbour_request_key'))
    )
    with op.batch_alter_table('neighbour_request', schema=None) as batch_op:
        batch_op.create_index('ix_neighbour_request_group', ['group_id', 'state', 'asked_at'], unique=False)
        batch_op.create_index('ix_neighbour_request_helper', ['helper_id'], unique=False)
        batch_op.create_index('ix_neighbour_request_learner', ['learner_id'], unique=False)

    op.create_table('neighbour_word',
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('request_id', 'id', name=op.f('pk_neighbour_word'))
    )
    with op.batch_alter_table('neighbour_word', schema=None) as batch_op:
        batch_op.create_index('ix_neighbour_word_learner', ['learner_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('neighbour_word', schema=None) as batch_op:
        batch_op.drop_index('ix_neighbour_word_learner')

    op.drop_table('neighbour_word')
    with op.batch_alter_table('neighbour_request', schema=None) as batch_op:
        batch_op.drop_index('ix_neighbour_request_learner')
        batch_op.drop_index('ix_neighbour_request_helper')
        batch_op.drop_index('ix_neighbour_request_group')

    op.drop_table('neighbour_request')
