"""Published programmes, rule sets and agreements, with what other parties say to them

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('published_document',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('programme', sa.String(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('proposed_at', types.Instant(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', types.Instant(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('superseded_by', sa.Uuid(), nullable=True),
    sa.Column('superseded_at', types.Instant(), nullable=True),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('log_sequence', sa.Integer(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_published_document_institution_id_institution')),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_published_document')),
    sa.UniqueConstraint('institution_id', 'kind', 'key', 'version', name=op.f('uq_published_document_institution_id_kind_key_version'))
    )
    with op.batch_alter_table('published_document', schema=None) as batch_op:
        batch_op.create_index('ix_published_document_sha256', ['sha256'], unique=False)
        batch_op.create_index('ix_published_document_state', ['kind', 'state'], unique=False)

    op.create_table('document_acceptance',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('log_sequence', sa.Integer(), nullable=True),
    sa.Column('salt', sa.LargeBinary(), nullable=True),
    sa.Column('answered_at', types.Instant(), nullable=True),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['institution_id', 'document_id'], ['published_document.institution_id', 'published_document.id'], name=op.f('fk_document_acceptance_institution_id_document_id_published_document')),
    sa.PrimaryKeyConstraint('institution_id', 'document_id', 'party_id', name=op.f('pk_document_acceptance'))
    )
    with op.batch_alter_table('document_acceptance', schema=None) as batch_op:
        batch_op.create_index('ix_document_acceptance_party', ['party_id', 'state'], unique=False)

    op.create_table('document_endorsement',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('endorsed_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id', 'document_id'], ['published_document.institution_id', 'published_document.id'], name=op.f('fk_document_endorsement_institution_id_document_id_published_document')),
    sa.PrimaryKeyConstraint('institution_id', 'document_id', 'person_id', name=op.f('pk_document_endorsement'))
    )


def downgrade() -> None:
    op.drop_table('document_endorsement')
    with op.batch_alter_table('document_acceptance', schema=None) as batch_op:
        batch_op.drop_index('ix_document_acceptance_party')

    op.drop_table('document_acceptance')
    with op.batch_alter_table('published_document', schema=None) as batch_op:
        batch_op.drop_index('ix_published_document_state')
        batch_op.drop_index('ix_published_document_sha256')

    op.drop_table('published_document')
