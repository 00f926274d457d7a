"""connections: LTI platforms and tools, keys, moments, links, consents; events received

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lti_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_key")),
    )
    op.create_table(
        "lti_link",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_lti_link")),
        sa.UniqueConstraint("platform_id", "subject", name=op.f("uq_lti_link_platform_id_subject")),
    )
    op.create_table(
        "lti_moment",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_lti_moment")),
    )
    with op.batch_alter_table("lti_moment", schema=None) as batch_op:
        batch_op.create_index("ix_lti_moment_expires", ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lti_moment_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "lti_platform",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("auth_url", sa.String(), nullable=False),
        sa.Column("token_url", sa.String(), nullable=False),
        sa.Column("jwks_url", sa.String(), nullable=False),
        sa.Column("deployments", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_lti_platform")),
        sa.UniqueConstraint("id", name=op.f("uq_lti_platform_id")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_lti_platform_issuer_client_id")),
    )
    op.create_table(
        "lti_tool",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("login_url", sa.String(), nullable=False),
        sa.Column("launch_urls", sa.JSON(), nullable=False),
        sa.Column("jwks_url", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_lti_tool")),
        sa.UniqueConstraint("id", name=op.f("uq_lti_tool_id")),
    )
    op.create_table(
        "lti_tool_consent",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tool_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_lti_tool_consent")),
        sa.UniqueConstraint("id", name=op.f("uq_lti_tool_consent_id")),
    )
    with op.batch_alter_table("lti_tool_consent", schema=None) as batch_op:
        batch_op.create_index("ix_lti_tool_consent_tool", ["learner_id", "tool_id"], unique=False)

    op.create_table(
        "received_event",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("statement_id", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=True),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("success", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("happened_at", types.Instant(), nullable=True),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("voided_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_received_event")),
        sa.UniqueConstraint(
            "institution_id", "statement_id", name=op.f("uq_received_event_institution_id_statement_id")
        ),
    )
    with op.batch_alter_table("received_event", schema=None) as batch_op:
        batch_op.create_index("ix_received_event_learner", ["learner_id", "received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("received_event", schema=None) as batch_op:
        batch_op.drop_index("ix_received_event_learner")

    op.drop_table("received_event")
    with op.batch_alter_table("lti_tool_consent", schema=None) as batch_op:
        batch_op.drop_index("ix_lti_tool_consent_tool")

    op.drop_table("lti_tool_consent")
    op.drop_table("lti_tool")
    op.drop_table("lti_platform")
    with op.batch_alter_table("lti_moment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_moment_learner_id"))
        batch_op.drop_index("ix_lti_moment_expires")

    op.drop_table("lti_moment")
    op.drop_table("lti_link")
    op.drop_table("lti_key")
