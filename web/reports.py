"""A verification report and a credential's facts, as pages show them: plain words, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_bank.credential.summary import Summary, summary
from credit_bank.report import Check, Outcome, VerificationReport
from credit_bank.sentences import has_sentence, sentence
from web.messages import CITY, catalogue, civil_date, locale, t

# Findings and checks with a verdict of their own; the rest share one per outcome.
_BY_CODE = {
    "validity.expired": "expired",
    "validity.not_yet": "not_yet",
    "status.revoked": "revoked",
    "status.suspended": "suspended",
    "issuer.unknown": "issuer_unknown",
}
_FAILED = {"proof": "altered", "issuer": "not_entitled", "subject": "other_person"}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as a page shows it; ``next`` is what to do, empty when there is nothing to do."""

    number: int
    name: str
    outcome: str
    finding: str
    next: str
    code: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a page shows it: the verdict in one sentence, what it means, and every check."""

    outcome: str
    title: str
    advice: str
    rows: tuple[CheckRow, ...]


def view_of(report: VerificationReport) -> ReportView:
    """The report in the reader's language."""
    verdict = _verdict(report)
    return ReportView(
        outcome=report.outcome.value,
        title=t(f"verify.verdict.{verdict}"),
        advice=t(f"verify.advice.{verdict}"),
        rows=tuple(_row(check) for check in report.checks),
    )


def _verdict(report: VerificationReport) -> str:
    if report.outcome is Outcome.PASS:
        pending = any(c.name == "log" and c.outcome is not Outcome.PASS for c in report.checks)
        return "pass_pending" if pending else "pass"
    worst = next((c for c in report.checks if c.outcome is Outcome.FAIL), None)
    if worst is None:
        worst = next(c for c in report.checks if c.required and c.outcome is Outcome.UNCHECKED)
        return _BY_CODE.get(worst.code, "unchecked")
    return _BY_CODE.get(worst.code) or _FAILED.get(worst.name, "fail")


def _row(check: Check) -> CheckRow:
    to_do = check.outcome in (Outcome.FAIL, Outcome.UNCHECKED)
    return CheckRow(
        number=check.number,
        name=sentence(f"check.name.{check.name}", locale()),
        outcome=check.outcome.value,
        finding=_said(f"check.{check.code}", check),
        next=_said(f"next.{check.code}", check) if to_do else "",
        code=check.code,
    )


def _said(key: str, check: Check) -> str:
    if has_sentence(key):
        return sentence(key, locale(), **check.parameters)
    return t("verify.finding_unworded", code=check.code) if key.startswith("check.") else ""


def facts_of(document: dict[str, Any]) -> Summary:
    """What a credential states; see ``summary``."""
    return summary(document)


def fact_rows(facts: Summary) -> Sequence[tuple[str, str | None]]:
    """Names and values for the reader, in the order of interest; a value is None where nothing is stated."""
    category = facts["category"]
    return [
        (t("verify.fact.issuer"), facts["issuer_name"] or facts["issuer_id"]),
        (t("verify.fact.category"), t(f"site.category.{category}") if category else None),
        (t("verify.fact.credits"), t("verify.credits", count=facts["credits"]) if facts["credits"] else None),
        (t(f"verify.fact.hours_{facts['hour_kind'] or 'contact'}"), _hours(facts)),
        (t("verify.fact.level"), level_name(facts["level_code"], facts["level_name"])),
        (t("verify.fact.grade"), facts["grade"]),
        (t("verify.fact.term"), facts["term"]),
        (t("verify.fact.awarded"), shown_date(facts["awarded"])),
        (t("verify.fact.valid_from"), shown_date(facts["valid_from"])),
        (t("verify.fact.valid_until"), shown_date(facts["valid_until"]) or t("verify.no_end")),
        (t("verify.fact.code"), facts["code"]),
    ]


def _hours(facts: Summary) -> str | None:
    return t("verify.hours", count=facts["hours"]) if facts["hours"] else None


def level_name(code: str | None, name: str | None) -> str | None:
    """A level in the reader's language where it is one of the bank's own, else as the credential names it."""
    if code and f"portfolio.level.{code}" in catalogue():
        return t(f"portfolio.level.{code}")
    return name or code


def shown_date(text: str | None, *, figures: bool = False) -> str | None:
    """A date or instant written in ISO 8601 as people write it (or in figures); anything else as it stands."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return text
        return moment.astimezone(CITY).date().isoformat() if figures else civil_date(moment)
    except (ValueError, OverflowError):
        return text
