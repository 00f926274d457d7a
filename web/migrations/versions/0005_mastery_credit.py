"""From mastery to credit: adopted courses, requests, decisions, released evidence

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course_adoption',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('library_course', sa.String(), nullable=False),
    sa.Column('course_code', sa.String(), nullable=False),
    sa.Column('rule', sa.JSON(), nullable=False),
    sa.Column('rule_sha256', sa.String(), nullable=False),
    sa.Column('adopted_at', types.Instant(), nullable=False),
    sa.Column('adopted_by', sa.Uuid(), nullable=True),
    sa.Column('ended_at', types.Instant(), nullable=True),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_course_adoption'))
    )
    with op.batch_alter_table('course_adoption', schema=None) as batch_op:
        batch_op.create_index('ix_course_adoption_library_course', ['library_course'], unique=False)
        batch_op.create_index('uq_course_adoption_open', ['institution_id', 'library_course'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('evidence_release',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text_sha256', sa.String(), nullable=False),
    sa.Column('evidence_sha256', sa.String(), nullable=False),
    sa.Column('given_at', types.Instant(), nullable=False),
    sa.Column('withdrawn_at', types.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_evidence_release'))
    )
    with op.batch_alter_table('evidence_release', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_release_request', ['institution_id', 'request_id'], unique=False)

    op.create_table('mastery_decision',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('request_id', sa.Uuid(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_at', types.Instant(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('rule_sha256', sa.String(), nullable=False),
    sa.Column('evidence_sha256', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_mastery_decision'))
    )
    with op.batch_alter_table('mastery_decision', schema=None) as batch_op:
        batch_op.create_index('ix_mastery_decision_request', ['institution_id', 'request_id'], unique=False)

    op.create_table('mastery_request',
    sa.Column('institution_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('adoption_id', sa.Uuid(), nullable=False),
    sa.Column('library_course', sa.String(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', types.Instant(), nullable=False),
    sa.Column('times_asked', sa.Integer(), nullable=False),
    sa.Column('rule_sha256', sa.String(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('evidence_sha256', sa.String(), nullable=False),
    sa.Column('decided_at', types.Instant(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=True),
    sa.Column('credential_id', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('institution_id', 'id', name=op.f('pk_mastery_request')),
    sa.UniqueConstraint('learner_id', 'institution_id', 'course_id', name=op.f('uq_mastery_request_learner_id_institution_id_course_id'))
    )
    with op.batch_alter_table('mastery_request', schema=None) as batch_op:
        batch_op.create_index('ix_mastery_request_state', ['institution_id', 'state', 'asked_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('mastery_request', schema=None) as batch_op:
        batch_op.drop_index('ix_mastery_request_state')

    op.drop_table('mastery_request')
    with op.batch_alter_table('mastery_decision', schema=None) as batch_op:
        batch_op.drop_index('ix_mastery_decision_request')

    op.drop_table('mastery_decision')
    with op.batch_alter_table('evidence_release', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_release_request')

    op.drop_table('evidence_release')
    with op.batch_alter_table('course_adoption', schema=None) as batch_op:
        batch_op.drop_index('uq_course_adoption_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_course_adoption_library_course')

    op.drop_table('course_adoption')
