"""The learning library: answers, learners' states, shared terms, choices

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fairness_attribute",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_fairness_attribute")),
        sa.UniqueConstraint("learner_id", "name", name=op.f("uq_fairness_attribute_learner_id_name")),
    )
    op.create_table(
        "learner_model",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("overall", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_learner_model")),
    )
    op.create_table(
        "learner_state",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "kind", "name", name=op.f("pk_learner_state")),
    )
    op.create_table(
        "learning_answer",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("client_key", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("skill_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("presented_at", types.Instant(), nullable=True),
        sa.Column("answered_at", types.Instant(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("response", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=True),
        sa.Column("predicted", sa.Float(), nullable=True),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_answer")),
        sa.UniqueConstraint("learner_id", "client_key", name=op.f("uq_learning_answer_learner_id_client_key")),
        sa.UniqueConstraint("learner_id", "number", name=op.f("uq_learning_answer_learner_id_number")),
    )
    with op.batch_alter_table("learning_answer", schema=None) as batch_op:
        batch_op.create_index("ix_learning_answer_answered", ["answered_at"], unique=False)
        batch_op.create_index("ix_learning_answer_item", ["item_id", "answered_at"], unique=False)

    op.create_table(
        "learning_decision",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", types.Instant(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=True),
        sa.Column("question_id", sa.String(), nullable=True),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("predicted", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("rejected", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("library_digest", sa.String(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("set_aside", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_decision")),
    )
    with op.batch_alter_table("learning_decision", schema=None) as batch_op:
        batch_op.create_index("ix_learning_decision_scope", ["learner_id", "place", "scope", "chosen_at"], unique=False)

    op.create_table(
        "learning_mark",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_mark")),
    )
    op.create_table(
        "learning_plan",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("steps", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("library_digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaced_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_plan")),
    )
    op.create_table(
        "learning_preference",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("personalised", sa.Boolean(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("goal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sessions_per_week", sa.Integer(), nullable=False),
        sa.Column("minutes_per_session", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_learning_preference")),
    )
    op.create_table(
        "learning_session",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("last_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_session")),
    )
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.create_index("ix_learning_session_started", ["learner_id", "started_at"], unique=False)

    op.create_table(
        "learning_visit",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("signals", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_learning_visit")),
    )
    with op.batch_alter_table("learning_visit", schema=None) as batch_op:
        batch_op.create_index("ix_learning_visit_item", ["learner_id", "item_id", "opened_at"], unique=False)

    op.create_table(
        "mastered_skill",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.String(), nullable=False),
        sa.Column("reached_at", types.Instant(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("answer_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("weights_version", sa.String(), nullable=False),
        sa.Column("library_digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_mastered_skill")),
        sa.UniqueConstraint("learner_id", "skill_id", name=op.f("uq_mastered_skill_learner_id_skill_id")),
    )
    op.create_table(
        "model_weights",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("accepted_at", types.Instant(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model_weights")),
    )
    op.create_table(
        "policy_state",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_state")),
    )
    op.create_table(
        "shared_term",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("bias", sa.Float(), nullable=False),
        sa.Column("information", sa.Float(), nullable=False),
        sa.Column("slope_1", sa.Float(), nullable=False),
        sa.Column("slope_2", sa.Float(), nullable=False),
        sa.Column("slope_3", sa.Float(), nullable=False),
        sa.Column("slope_4", sa.Float(), nullable=False),
        sa.Column("slope_5", sa.Float(), nullable=False),
        sa.Column("slope_information_1", sa.Float(), nullable=False),
        sa.Column("slope_information_2", sa.Float(), nullable=False),
        sa.Column("slope_information_3", sa.Float(), nullable=False),
        sa.Column("slope_information_4", sa.Float(), nullable=False),
        sa.Column("slope_information_5", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_shared_term")),
    )


def downgrade() -> None:
    op.drop_table("shared_term")
    op.drop_table("policy_state")
    op.drop_table("model_weights")
    op.drop_table("mastered_skill")
    with op.batch_alter_table("learning_visit", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_visit_item")

    op.drop_table("learning_visit")
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_session_started")

    op.drop_table("learning_session")
    op.drop_table("learning_preference")
    op.drop_table("learning_plan")
    op.drop_table("learning_mark")
    with op.batch_alter_table("learning_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_decision_scope")

    op.drop_table("learning_decision")
    with op.batch_alter_table("learning_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_learning_answer_item")
        batch_op.drop_index("ix_learning_answer_answered")

    op.drop_table("learning_answer")
    op.drop_table("learner_state")
    op.drop_table("learner_model")
    op.drop_table("fairness_attribute")
