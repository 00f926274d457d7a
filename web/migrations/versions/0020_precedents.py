"""What institutions decided about each other's courses, and how they compare

Revision 0020, after 0021.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0020'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('comparison_state',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('whole', sa.Integer(), nullable=False),
    sa.Column('courses', sa.Integer(), nullable=False),
    sa.Column('precision', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_comparison_state_institution_id_institution')),
    sa.PrimaryKeyConstraint('institution_id', name=op.f('pk_comparison_state'))
    )
    op.create_table('precedent',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('source_institution_id', sa.Uuid(), nullable=True),
    sa.Column('source_name', sa.String(), nullable=False),
    sa.Column('family', sa.String(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('targets', sa.JSON(), nullable=False),
    sa.Column('source_text', sa.Text(), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('batch_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', types.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', types.Instant(), nullable=True),
    sa.Column('withdrawn_by', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_precedent_institution_id_institution')),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_precedent'))
    )
    with op.batch_alter_table('precedent', schema=None) as batch_op:
        batch_op.create_index('ix_precedent_serial', ['institution_id', 'serial'], unique=False)
        batch_op.create_index('ix_precedent_source', ['institution_id', 'source_name'], unique=False)
        batch_op.create_index('uq_precedent_standing', ['institution_id', 'fingerprint'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))


def downgrade() -> None:
    op.drop_table('precedent')
    op.drop_table('comparison_state')
