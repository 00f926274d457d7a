"""The companion: its index of passages, its log, its language model; until when a person is a minor

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "companion_incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stopped_at", types.Instant(), nullable=False),
        sa.Column("stopped_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resumed_at", types.Instant(), nullable=True),
        sa.Column("resumed_by", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companion_incident")),
    )
    op.create_table(
        "companion_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("filing_number", sa.String(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        sa.Column("may_leave", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=False),
        sa.Column("timeout_seconds", sa.Integer(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companion_model")),
    )
    op.create_table(
        "companion_question",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("masked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("passages", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("filing_number", sa.String(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_companion_question")),
    )
    with op.batch_alter_table("companion_question", schema=None) as batch_op:
        batch_op.create_index("ix_companion_question_asked", ["learner_id", "asked_at"], unique=False)

    op.create_table(
        "passage",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("heading_words", sa.String(), nullable=False),
        sa.Column("title_words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_passage")),
        sa.UniqueConstraint("name", name=op.f("uq_passage_name")),
    )
    op.create_table(
        "passage_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_index")),
    )
    op.create_table(
        "passage_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_passage_word")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turns_18_on", sa.Date(), nullable=True))

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE passage_search USING fts5(words, heading_words, title_words,"
            " content='passage', content_rowid='number', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        op.execute(
            "CREATE INDEX passage_search ON passage USING gin"
            " (to_tsvector('simple', words || ' ' || heading_words || ' ' || title_words))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE passage_search")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("turns_18_on")

    op.drop_table("passage_word")
    op.drop_table("passage_index")
    op.drop_table("passage")
    with op.batch_alter_table("companion_question", schema=None) as batch_op:
        batch_op.drop_index("ix_companion_question_asked")

    op.drop_table("companion_question")
    op.drop_table("companion_model")
    op.drop_table("companion_incident")
