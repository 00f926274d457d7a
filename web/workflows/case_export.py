"""Everything that is kept of what a learner asked for and what was decided, and what came from other cities."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlmodel import Session

from adaptive.store.personal_data import rows_of
from adaptive.store.terms import table_of
from credit_bank import casekeeping
from credit_bank.bank import Bank
from credit_bank.store import cases, regions
from credit_bank.store.tables import (
    CaseDecision,
    CaseEvent,
    CaseEvidence,
    CaseReview,
    CaseSource,
    EvidenceJudgement,
    MovedCredential,
    RecognitionCase,
)

TABLES: dict[str, Table] = {
    "cases": table_of(RecognitionCase),
    "rests_on": table_of(CaseSource),
    "steps": table_of(CaseEvent),
    "votes": table_of(CaseReview),
    "evidence": table_of(CaseEvidence),
    "judgements": table_of(EvidenceJudgement),
    "decisions": table_of(CaseDecision),
    "from_other_cities": table_of(MovedCredential),
}
"""The tables by their names in the export; a test finds one that is missing."""

WITHHELD = frozenset({"learner_id", "sealed_statement", "sealed", "sealed_bundle", "submitted_by"})
"""Columns that are sealed (their content is told in the clear beside) or that only repeat whose file it is."""
OF_OTHERS = frozenset({"person_id", "decided_by", "interest"})
"""Who of the staff it was: the institution answers for it, the person's id tells of somebody else."""


def everything(session: Session, bank: Bank, learner_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row as JSON values, by table, ids and moments as text; what the learner wrote is opened."""
    told = {
        name: [
            {column: value for column, value in row.items() if column not in WITHHELD | OF_OTHERS}
            for row in rows_of(session, table, learner_id)
        ]
        for name, table in TABLES.items()
    }
    written = {
        str(case.id): casekeeping.statement(session, bank, case) for case in cases.of_learner(session, learner_id)
    }
    for row in told["cases"]:
        row["statement"] = written.get(str(row["id"]), "")
    brought = {
        str(row.id): regions.open_bundle(session, bank.kek, row).decode()
        for row in regions.moved(session, learner_id)
        if row.sealed_bundle is not None
    }
    for row in told["from_other_cities"]:
        row["bundle"] = brought.get(str(row["id"]))
    return told
