"""The first schema

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admission_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("social_credit_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("categories", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("submitted_at", types.Instant(), nullable=False),
        sa.Column("decided_at", types.Instant(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission_application")),
    )
    with op.batch_alter_table("admission_application", schema=None) as batch_op:
        batch_op.create_index(
            "uq_admission_application_open",
            ["social_credit_code"],
            unique=True,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )

    op.create_table(
        "api_token",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_api_token_token_digest")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_institution", ["institution_id", "at"], unique=False)
        batch_op.create_index("ix_audit_event_subject", ["subject_id", "at"], unique=False)

    op.create_table(
        "bank_key",
        sa.Column("multikey", sa.String(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("multikey", name=op.f("pk_bank_key")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_origin", sa.String(), nullable=False),
        sa.Column("fixed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("social_credit_code", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("cryptosuite", sa.String(), nullable=False),
        sa.Column("admitted_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("did", name=op.f("uq_institution_did")),
        sa.UniqueConstraint("handle", name=op.f("uq_institution_handle")),
        sa.UniqueConstraint("social_credit_code", name=op.f("uq_institution_social_credit_code")),
    )
    op.create_table(
        "invitation",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("accepted_at", types.Instant(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_table(
        "leaf_opening",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "sequence", name=op.f("pk_leaf_opening")),
    )
    with op.batch_alter_table("leaf_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaf_opening_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "learner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at_institution", sa.Uuid(), nullable=True),
        sa.Column("identity_level", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
        sa.UniqueConstraint("account_number", name=op.f("uq_learner_account_number")),
    )
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learner_merged_into"), ["merged_into"], unique=False)

    op.create_table(
        "log_node",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "level", "position", name=op.f("pk_log_node")),
    )
    op.create_table(
        "merge_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("keep_learner", sa.Uuid(), nullable=False),
        sa.Column("absorb_learner", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", types.Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_proposal")),
    )
    with op.batch_alter_table("merge_proposal", schema=None) as batch_op:
        batch_op.create_index("ix_merge_proposal_state", ["state", "proposed_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_name", sa.String(), nullable=True),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("secret_set_at", types.Instant(), nullable=False),
        sa.Column("must_change_secret", sa.Boolean(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("disabled_at", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("learner_id", name=op.f("uq_person_learner_id")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_person_sign_in_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", types.Instant(), nullable=False),
        sa.Column("blocked_until", types.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_last_at", ["last_at"], unique=False)

    op.create_table(
        "staged_file",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("default_category", sa.String(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("consumed_at", types.Instant(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_staged_file")),
    )
    with op.batch_alter_table("staged_file", schema=None) as batch_op:
        batch_op.create_index("ix_staged_file_expires", ["expires_at"], unique=False)

    op.create_table(
        "accreditation",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_accreditation_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_accreditation")),
    )
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("given_via", sa.String(), nullable=False),
        sa.Column("assisted_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index("ix_consent_purpose", ["person_id", "purpose"], unique=False)

    op.create_table(
        "course",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("superseded_at", types.Instant(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("prerequisites", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("credits_min", sa.Integer(), nullable=True),
        sa.Column("credits_max", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("hour_kind", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_course_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_course")),
        sa.UniqueConstraint("institution_id", "code", "version", name=op.f("uq_course_institution_id_code_version")),
    )
    op.create_table(
        "credential",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_document", sa.LargeBinary(), nullable=True),
        sa.Column("document_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("verification_method", sa.String(), nullable=False),
        sa.Column("issued_at", types.Instant(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("log_sequence", sa.Integer(), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_credential_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_credential")),
        sa.UniqueConstraint("institution_id", "log_sequence", name=op.f("uq_credential_institution_id_log_sequence")),
        sa.UniqueConstraint(
            "institution_id",
            "status_list_id",
            "status_index",
            name=op.f("uq_credential_institution_id_status_list_id_status_index"),
        ),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index("ix_credential_id", ["id"], unique=False)
        batch_op.create_index("ix_credential_learner", ["learner_id", "outcome_id"], unique=False)

    op.create_table(
        "former_name",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("replaced_at", types.Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_former_name_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_former_name")),
    )
    op.create_table(
        "identity_digest",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_type", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("replaced_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_identity_digest_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_identity_digest")),
        sa.UniqueConstraint("key_version", "digest", name=op.f("uq_identity_digest_key_version_digest")),
    )
    op.create_table(
        "import_batch",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", types.Instant(), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_import_batch_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "institution_key",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("multikey", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("revoked_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_institution_key_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "multikey", name=op.f("pk_institution_key")),
    )
    op.create_table(
        "log",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_log_institution_id_institution")),
        sa.PrimaryKeyConstraint("institution_id", name=op.f("pk_log")),
        sa.UniqueConstraint("origin", name=op.f("uq_log_origin")),
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_institution", ["institution_id", "role"], unique=False)

    op.create_table(
        "outcome",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("hour_kind", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("term", sa.String(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_outcome_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("learner_id", "fingerprint", name=op.f("uq_outcome_learner_id_fingerprint")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index("ix_outcome_batch", ["batch_id"], unique=False)
        batch_op.create_index("ix_outcome_institution_recorded", ["institution_id", "recorded_at"], unique=False)

    op.create_table(
        "published_status_list",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_published_status_list_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "list_id", "purpose", name=op.f("pk_published_status_list")),
    )
    with op.batch_alter_table("published_status_list", schema=None) as batch_op:
        batch_op.create_index("ix_published_status_list_list", ["list_id", "purpose"], unique=False)

    op.create_table(
        "reset_link",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reset_link_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_reset_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reset_link_token_digest")),
    )
    op.create_table(
        "share_link",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("show_name", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=True),
        sa.Column("withdrawn_at", types.Instant(), nullable=True),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_share_link_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_share_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_share_link_token_digest")),
    )
    with op.batch_alter_table("share_link", schema=None) as batch_op:
        batch_op.create_index("ix_share_link_credential", ["learner_id", "credential_id"], unique=False)

    op.create_table(
        "status_change",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("value", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("log_sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_status_change_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_status_change")),
    )
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.create_index("ix_status_change_credential", ["institution_id", "credential_id"], unique=False)

    op.create_table(
        "status_list",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("next_position", sa.Integer(), nullable=False),
        sa.Column("stride", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_status_list_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_status_list")),
        sa.UniqueConstraint("id", name=op.f("uq_status_list_id")),
    )
    op.create_table(
        "subject",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_subject_learner_id_learner")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_subject")),
        sa.UniqueConstraint("id", name=op.f("uq_subject_id")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index("ix_subject_learner_institution", ["learner_id", "institution_id"], unique=False)

    op.create_table(
        "temporary_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_temporary_code_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_temporary_code")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("last_seen_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("shared_device", sa.Boolean(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("device_label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_web_session_token_digest")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "checkpoint",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["log.institution_id"], name=op.f("fk_checkpoint_institution_id_log")
        ),
        sa.PrimaryKeyConstraint("institution_id", "size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "log_leaf",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("logged_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["log.institution_id"], name=op.f("fk_log_leaf_institution_id_log")
        ),
        sa.PrimaryKeyConstraint("institution_id", "sequence", name=op.f("pk_log_leaf")),
    )


def downgrade() -> None:
    op.drop_table("log_leaf")
    op.drop_table("checkpoint")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_person_id"))

    op.drop_table("web_session")
    op.drop_table("temporary_code")
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_learner_institution")

    op.drop_table("subject")
    op.drop_table("status_list")
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.drop_index("ix_status_change_credential")

    op.drop_table("status_change")
    with op.batch_alter_table("share_link", schema=None) as batch_op:
        batch_op.drop_index("ix_share_link_credential")

    op.drop_table("share_link")
    op.drop_table("reset_link")
    with op.batch_alter_table("published_status_list", schema=None) as batch_op:
        batch_op.drop_index("ix_published_status_list_list")

    op.drop_table("published_status_list")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("ix_outcome_institution_recorded")
        batch_op.drop_index("ix_outcome_batch")

    op.drop_table("outcome")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_institution")

    op.drop_table("membership")
    op.drop_table("log")
    op.drop_table("institution_key")
    op.drop_table("import_batch")
    op.drop_table("identity_digest")
    op.drop_table("former_name")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_index("ix_credential_learner")
        batch_op.drop_index("ix_credential_id")

    op.drop_table("credential")
    op.drop_table("course")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_purpose")
        batch_op.drop_index(batch_op.f("ix_consent_learner_id"))

    op.drop_table("consent")
    op.drop_table("accreditation")
    with op.batch_alter_table("staged_file", schema=None) as batch_op:
        batch_op.drop_index("ix_staged_file_expires")

    op.drop_table("staged_file")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_last_at")

    op.drop_table("sign_in_attempt")
    op.drop_table("person")
    with op.batch_alter_table("merge_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_merge_proposal_state")

    op.drop_table("merge_proposal")
    op.drop_table("log_node")
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learner_merged_into"))

    op.drop_table("learner")
    with op.batch_alter_table("leaf_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaf_opening_learner_id"))

    op.drop_table("leaf_opening")
    op.drop_table("invitation")
    op.drop_table("institution")
    op.drop_table("idempotency_key")
    op.drop_table("deployment")
    op.drop_table("bank_key")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject")
        batch_op.drop_index("ix_audit_event_institution")

    op.drop_table("audit_event")
    op.drop_table("api_token")
    with op.batch_alter_table("admission_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_admission_application_open",
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )

    op.drop_table("admission_application")
