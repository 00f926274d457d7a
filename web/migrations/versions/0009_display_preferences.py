"""How a person wants the bank shown, kept with the account

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('display_preference',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('choices', sa.String(), nullable=False),
    sa.Column('foreign_terms', sa.JSON(), nullable=False),
    sa.Column('kept_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_display_preference_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_display_preference'))
    )


def downgrade() -> None:
    op.drop_table('display_preference')
