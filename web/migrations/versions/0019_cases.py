"""Cases: what was asked for, what happened, who said what, what was decided

Revision 0019, after 0016.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0019'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('case_decision',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('proposal', sa.JSON(), nullable=True),
    sa.Column('granted', sa.JSON(), nullable=False),
    sa.Column('departures', sa.JSON(), nullable=False),
    sa.Column('rulesets', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', types.Instant(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('outcome_id', sa.Uuid(), nullable=True),
    sa.Column('credential_id', sa.Uuid(), nullable=True),
    sa.Column('supersedes', sa.Uuid(), nullable=True),
    sa.Column('superseded_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_case_decision_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_case_decision'))
    )
    with op.batch_alter_table('case_decision', schema=None) as batch_op:
        batch_op.create_index('ix_case_decision_case', ['learner_id', 'case_id'], unique=False)

    op.create_table('case_event',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('from_state', sa.String(), nullable=False),
    sa.Column('to_state', sa.String(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('institution_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('evidence_sha256', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_case_event_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_case_event'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index('ix_case_event_case', ['learner_id', 'case_id'], unique=False)

    op.create_table('case_evidence',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('media_type', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('shows', sa.JSON(), nullable=False),
    sa.Column('added_at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_case_evidence_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_case_evidence'))
    )
    with op.batch_alter_table('case_evidence', schema=None) as batch_op:
        batch_op.create_index('ix_case_evidence_case', ['learner_id', 'case_id'], unique=False)

    op.create_table('case_review',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('vote', sa.String(), nullable=False),
    sa.Column('interest', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_case_review_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_case_review')),
    sa.UniqueConstraint('learner_id', 'case_id', 'round', 'person_id', name=op.f('uq_case_review_learner_id_case_id_round_person_id'))
    )
    op.create_table('case_source',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_case_source_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'case_id', 'outcome_id', name=op.f('pk_case_source'))
    )
    with op.batch_alter_table('case_source', schema=None) as batch_op:
        batch_op.create_index('ix_case_source_outcome', ['outcome_id'], unique=False)

    op.create_table('evidence_judgement',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', types.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_evidence_judgement_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_evidence_judgement')),
    sa.UniqueConstraint('learner_id', 'evidence_id', 'person_id', name=op.f('uq_evidence_judgement_learner_id_evidence_id_person_id'))
    )
    op.create_table('recognition_case',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('decider_id', sa.Uuid(), nullable=False),
    sa.Column('receiver_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('programme', sa.String(), nullable=False),
    sa.Column('programme_id', sa.Uuid(), nullable=True),
    sa.Column('course', sa.String(), nullable=False),
    sa.Column('about', sa.Uuid(), nullable=True),
    sa.Column('catalogued', sa.Boolean(), nullable=False),
    sa.Column('proposal', sa.JSON(), nullable=True),
    sa.Column('terms', sa.JSON(), nullable=False),
    sa.Column('sealed_statement', sa.LargeBinary(), nullable=True),
    sa.Column('submitted_at', types.Instant(), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('changed_at', types.Instant(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_estimated', sa.Boolean(), nullable=False),
    sa.Column('notice_until', sa.Date(), nullable=True),
    sa.Column('consumed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_recognition_case_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_recognition_case'))
    )
    with op.batch_alter_table('recognition_case', schema=None) as batch_op:
        batch_op.create_index('ix_recognition_case_about', ['about'], unique=False)
        batch_op.create_index('ix_recognition_case_id', ['id'], unique=False)
        batch_op.create_index('ix_recognition_case_queue', ['institution_id', 'state', 'due_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('recognition_case', schema=None) as batch_op:
        batch_op.drop_index('ix_recognition_case_queue')
        batch_op.drop_index('ix_recognition_case_id')
        batch_op.drop_index('ix_recognition_case_about')

    op.drop_table('recognition_case')
    op.drop_table('evidence_judgement')
    with op.batch_alter_table('case_source', schema=None) as batch_op:
        batch_op.drop_index('ix_case_source_outcome')

    op.drop_table('case_source')
    op.drop_table('case_review')
    with op.batch_alter_table('case_evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_case_evidence_case')

    op.drop_table('case_evidence')
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.drop_index('ix_case_event_case')

    op.drop_table('case_event')
    with op.batch_alter_table('case_decision', schema=None) as batch_op:
        batch_op.drop_index('ix_case_decision_case')

    op.drop_table('case_decision')
