"""A learner's credit account: what there is by level and category, and every movement with who decided it and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank.account.amount import Denomination
from credit_bank.account.balance import Balance
from credit_bank.account.journal import Journal
from credit_bank.account.posting import HOLDINGS, Account
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store import account as rows
from credit_bank.store import outcomes
from web.accounts.permissions import LEARNER, permit
from web.database import tx
from web.htmx import render
from web.messages import catalogue, locale, number, t
from web.reports import level_name
from web.views.portfolio import learner_id

blueprint = Blueprint("credits", __name__)

PAGE = 50
SHOWN_FIRST = (Account.AVAILABLE, Account.EARNED, Account.HELD, Account.CONSUMED)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the balance: a level and category, an account, and what stands on it."""

    level: str
    category: str
    account: str
    credits: str


@dataclass(frozen=True, slots=True)
class Table:
    """The balance in one framework: its name, the sum of each account, and its lines."""

    framework: str
    sums: list[tuple[str, str, str, str]]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Change:
    """What a movement did to one holding: more or less of it, how much, of which kind."""

    more: bool
    credits: str
    account: str
    level: str
    category: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement as the page shows it."""

    id: UUID
    movement: str
    titles: list[str]
    at: datetime
    reason: str
    decided_by: str
    rules: str
    changes: list[Change]
    expires_on: date | None
    taken_back: bool


@blueprint.get("/portfolio/credits")
@permit(LEARNER)
def account() -> ResponseReturnValue:
    """The balance by level and category, and the movements, the newest first, fifty on a page."""
    me = learner_id()
    size = rows.journal_count(tx(), me)
    pages = max(1, -(-size // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    journals = rows.journals(tx(), me, offset=(page - 1) * PAGE, limit=PAGE)
    return render(
        "credits/account.html",
        "movements",
        tables=tables_of(rows.balance(tx(), me)),
        entries=entries_of(me, journals),
        size=size,
        page=page,
        pages=pages,
        address=lambda n: url_for(".account", page=n),
    )


def credits_text(framework: str, amount: int) -> str:
    """An amount in smallest steps as credits; of a framework that this bank does not know, in steps."""
    known = FRAMEWORKS.get(framework)
    if known is None:
        return t("credits.steps", count=number(amount))
    return number(known.credits(amount))


def tables_of(balances: Sequence[Balance]) -> list[Table]:
    """The balances as tables, one for each framework."""
    found = []
    for framework in sorted({b.of.framework for b in balances}):
        mine = [b for b in balances if b.of.framework == framework]
        used = tuple(a for a in (*SHOWN_FIRST, *HOLDINGS[4:]) if a in SHOWN_FIRST or any(b[a] for b in mine))
        sums = [
            (t(f"credits.account.{a.value}"), credits_text(framework, sum(b[a] for b in mine)), t("credits.unit"), "")
            for a in used
        ]
        lines = [
            Row(_level(b.of), b.of.category, t(f"credits.account.{a.value}"), credits_text(framework, b[a]))
            for b in sorted(mine, key=_order)
            for a in used
            if b[a]
        ]
        found.append(Table(_name(framework), sums, lines))
    return found


def _order(balance: Balance) -> tuple[str, Decimal, str]:
    level = balance.of.level
    return balance.of.category, Decimal(level) if level.replace(".", "", 1).isdecimal() else Decimal(0), level


def _name(framework: str) -> str:
    known = FRAMEWORKS.get(framework)
    if known is None:
        return framework
    return known.name_en if locale() == "en" else known.name_zh


def _level(of: Denomination) -> str:
    return level_name(of.level, of.level) or t("credits.no_level")


def entries_of(learner: UUID, journals: Sequence[Journal]) -> list[Entry]:
    """The movements with their titles and who decided them, read in a few queries for the whole page."""
    buckets = [(j.id, p.bucket) for j in journals for p in j.postings]
    used = rows.outcomes_of(tx(), learner, {b.conversion_id for _, b in buckets if b.conversion_id})
    about: dict[UUID, list[UUID]] = {j.id: [j.outcome_id] if j.outcome_id else [] for j in journals}
    for journal_id, bucket in buckets:
        named = used.get(bucket.conversion_id, []) if bucket.conversion_id else [bucket.outcome_id]
        about[journal_id] += [i for i in named if i is not None and i not in about[journal_id]]
    titles = outcomes.titles(tx(), learner, {i for some in about.values() for i in some})
    names = outcomes.institution_names(tx(), {j.decision.institution_id for j in journals if j.decision.institution_id})
    gone = rows.reversed_among(tx(), learner, [j.id for j in journals])
    return [
        _entry(journal, [titles[i] for i in about[journal.id] if i in titles], names, journal.id in gone)
        for journal in journals
    ]


def _entry(journal: Journal, titles: list[str], names: dict[UUID, str], taken_back: bool) -> Entry:
    decision = journal.decision
    place = names.get(decision.institution_id, "") if decision.institution_id else ""
    reason = f"credits.reason.{decision.reason}"
    return Entry(
        id=journal.id,
        movement=t(f"credits.movement.{journal.movement.value}"),
        titles=titles,
        at=journal.posted_at,
        reason=t(reason) if reason in catalogue() else "",
        decided_by=place or t("credits.bank"),
        rules=decision.rule_set.sha256.hex()[:12] if decision.rule_set else "",
        changes=[
            Change(
                more=posting.amount > 0,
                credits=credits_text(posting.bucket.of.framework, abs(posting.amount)),
                account=t(f"credits.account.{posting.bucket.account.value}"),
                level=_level(posting.bucket.of),
                category=t(f"site.category.{posting.bucket.of.category}"),
            )
            for posting in journal.postings
            if posting.bucket.account in HOLDINGS
        ],
        expires_on=journal.expires_on,
        taken_back=taken_back,
    )
