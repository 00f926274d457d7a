"""Credits in double entry

Revision 0017, after 0015.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from credit_bank.store import types

revision = '0017'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('credit_journal',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('movement', sa.String(), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=True),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('institution_id', sa.Uuid(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('rule_set_id', sa.Uuid(), nullable=True),
    sa.Column('rule_set_sha256', sa.LargeBinary(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('use', sa.String(), nullable=False),
    sa.Column('posted_at', types.Instant(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('key', sa.String(), nullable=True),
    sa.Column('command_sha256', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id'], ['learner.id'], name=op.f('fk_credit_journal_learner_id_learner')),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_credit_journal'))
    )
    with op.batch_alter_table('credit_journal', schema=None) as batch_op:
        batch_op.create_index('ix_credit_journal_expires_on', ['expires_on'], unique=False, sqlite_where=sa.text('expires_on IS NOT NULL'), postgresql_where=sa.text('expires_on IS NOT NULL'))
        batch_op.create_index('uq_credit_journal_key', ['learner_id', 'key'], unique=True, sqlite_where=sa.text('key IS NOT NULL'), postgresql_where=sa.text('key IS NOT NULL'))
        batch_op.create_index('uq_credit_journal_reverses', ['learner_id', 'reverses'], unique=True, sqlite_where=sa.text('reverses IS NOT NULL'), postgresql_where=sa.text('reverses IS NOT NULL'))

    op.create_table('credit_posting',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('journal_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('account', sa.String(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('framework', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=True),
    sa.Column('conversion_id', sa.Uuid(), nullable=True),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id', 'journal_id'], ['credit_journal.learner_id', 'credit_journal.id'], name=op.f('fk_credit_posting_learner_id_journal_id_credit_journal'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id', 'journal_id', 'line', name=op.f('pk_credit_posting'))
    )
    op.create_table('credit_use',
    sa.Column('learner_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('outcome_id', sa.Uuid(), nullable=False),
    sa.Column('use', sa.String(), nullable=False),
    sa.Column('part', sa.Integer(), nullable=False),
    sa.Column('split', sa.Boolean(), nullable=False),
    sa.Column('conversion_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('released_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['learner_id', 'conversion_id'], ['credit_journal.learner_id', 'credit_journal.id'], name=op.f('fk_credit_use_learner_id_conversion_id_credit_journal'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('learner_id', 'id', name=op.f('pk_credit_use'))
    )
    with op.batch_alter_table('credit_use', schema=None) as batch_op:
        batch_op.create_index('uq_credit_use_live', ['learner_id', 'outcome_id', 'use', 'part'], unique=True, sqlite_where=sa.text('released_by IS NULL'), postgresql_where=sa.text('released_by IS NULL'))

    _deposits()


def downgrade() -> None:
    for table in ('credit_use', 'credit_posting', 'credit_journal'):
        op.drop_table(table)


# What was deposited before this version is posted now: a journal for each outcome, and one more where its credits are not
# free, because its credential is suspended or revoked or the same outcome counts elsewhere in the account. What has passed
# its last day is left to the next run of `credit-bank credits expire`.

PARKED = {'suspended': 'suspend', 'revoked': 'revoke', 'duplicate': 'set-aside'}
REASON = {'suspended': 'credential_suspended', 'revoked': 'credential_revoked', 'duplicate': 'accounts_merged'}
BATCH = 2000

outcome = sa.table(
    'outcome',
    *(sa.column(name, sa.Uuid()) for name in ('learner_id', 'id', 'institution_id', 'duplicate_of', 'batch_id', 'recorded_by')),
    *(sa.column(name, sa.String()) for name in ('category', 'framework', 'level', 'state')),
    sa.column('credits', sa.Integer()),
    sa.column('valid_until', sa.Date()),
    sa.column('recorded_at', types.Instant()),
)
journal = sa.table(
    'credit_journal',
    *(sa.column(name, sa.Uuid()) for name in ('learner_id', 'id', 'outcome_id', 'decision_id', 'institution_id', 'decided_by')),
    *(sa.column(name, sa.String()) for name in ('movement', 'reason', 'use')),
    sa.column('posted_at', types.Instant()),
    sa.column('expires_on', sa.Date()),
)
posting = sa.table(
    'credit_posting',
    *(sa.column(name, sa.Uuid()) for name in ('learner_id', 'journal_id', 'outcome_id')),
    *(sa.column(name, sa.String()) for name in ('account', 'framework', 'level', 'category')),
    *(sa.column(name, sa.Integer()) for name in ('line', 'amount')),
)


def _deposits() -> None:
    connection = op.get_bind()
    now = datetime.now(UTC)
    twice = _counted_elsewhere(connection, now.astimezone(ZoneInfo('Asia/Shanghai')).date())
    last = None
    while True:
        query = sa.select(outcome).order_by(outcome.c.learner_id, outcome.c.id).limit(BATCH)
        if last is not None:
            query = query.where(sa.tuple_(outcome.c.learner_id, outcome.c.id) > sa.tuple_(*map(sa.literal, last)))
        rows = connection.execute(query).all()
        if not rows:
            return
        last = (rows[-1].learner_id, rows[-1].id)
        journals, postings = [], []
        for row in rows:
            _post(row, 'earn', 'deposited', row.id, row.recorded_at, ('source', 'earned'), journals, postings)
            place = row.state if row.state in PARKED else 'duplicate' if row.id in twice else None
            if place is not None:
                accounts = ('earned', place)
                _post(row, PARKED[place], REASON[place], types.new_id(), now, accounts, journals, postings)
        connection.execute(sa.insert(journal), journals)
        if postings:
            connection.execute(sa.insert(posting), postings)


def _post(row, movement, reason, journal_id, at, accounts, journals, postings) -> None:
    if movement != 'earn' and not row.credits:
        return
    journals.append({
        'learner_id': row.learner_id, 'id': journal_id, 'movement': movement, 'outcome_id': row.id, 'reason': reason,
        'decision_id': row.batch_id or row.id, 'institution_id': row.institution_id, 'use': '', 'posted_at': at,
        'decided_by': row.recorded_by if movement == 'earn' else None,
        'expires_on': row.valid_until if movement == 'earn' else None,
    })
    if row.credits:
        shared = {
            'learner_id': row.learner_id, 'journal_id': journal_id, 'outcome_id': row.id, 'framework': row.framework,
            'level': row.level or '', 'category': row.category,
        }
        signs = zip(accounts, (-1, 1), strict=True)
        postings += [{**shared, 'line': n, 'account': a, 'amount': sign * row.credits} for n, (a, sign) in enumerate(signs)]


def _counted_elsewhere(connection, today) -> set:
    """The ids of outcomes that stand beside another one of their account which counts instead."""
    double = connection.execute(sa.select(outcome).where(outcome.c.duplicate_of.is_not(None))).all()
    groups = {}
    for row in double:
        groups.setdefault((row.learner_id, row.duplicate_of), []).append(row)
    set_aside = set()
    for (learner, root), rows in groups.items():
        mine = (outcome.c.learner_id == learner, outcome.c.id == root)
        group = [*connection.execute(sa.select(outcome).where(*mine)).all(), *rows]
        ranked = sorted(group, key=lambda r: (
            r.state not in ('recorded', 'issued'), r.valid_until is not None and r.valid_until < today,
            r.state != 'issued', r.duplicate_of is not None, r.id,
        ))
        set_aside.update(r.id for r in ranked[1:])
    return set_aside
