"""The companion's index: one for each library in use, the same in every database

What the old tables held is made anew from the library, so nothing is carried over. Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE passage_search")
    for table in ("passage_word", "passage_index", "passage"):
        op.drop_table(table)
    op.create_table(
        "passage",
        sa.Column("library", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("library", "number", name=op.f("pk_passage")),
    )
    op.create_index("ix_passage_item", "passage", ["library", "item_id"])
    op.create_table(
        "passage_word",
        sa.Column("library", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("lessons", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("library", "word", name=op.f("pk_passage_word")),
    )
    op.create_table(
        "passage_index",
        sa.Column("library", sa.String(), nullable=False),
        sa.Column("builder", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", types.Instant(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=True),
        sa.Column("used_at", types.Instant(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("library", name=op.f("pk_passage_index")),
    )


def downgrade() -> None:
    for table in ("passage_word", "passage_index", "passage"):
        op.drop_table(table)
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
