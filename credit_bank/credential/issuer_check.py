"""The issuer check: is the institution known, and was it accredited for this category when it signed?"""

from datetime import datetime
from typing import Any

from credit_bank.errors import Parameter
from credit_bank.key.trust import IssuerRecord
from credit_bank.recognition.framework import Category
from credit_bank.report import Outcome

Finding = tuple[Outcome, str, dict[str, Parameter]]


def issuer_id(document: dict[str, Any]) -> str | None:
    """The issuer's id, whether the document writes it plainly or in an object."""
    issuer = document.get("issuer")
    stated = issuer.get("id") if isinstance(issuer, dict) else issuer
    return stated if isinstance(stated, str) else None


def categories(document: dict[str, Any]) -> list[Category]:
    """Every category that the achievement's alignments state, as this bank composes them (``…/categories/<code>``)."""
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, dict) else None
    alignments = achievement.get("alignment") if isinstance(achievement, dict) else None
    found = []
    for alignment in alignments if isinstance(alignments, list) else []:
        if isinstance(alignment, dict):
            url = alignment.get("targetUrl")
            for category in Category:
                if isinstance(url, str) and url.endswith(f"/categories/{category}") and category not in found:
                    found.append(category)
    return found


def check_issuer(
    document: dict[str, Any], issuer: str | None, record: IssuerRecord | None, signed: datetime | None, now: datetime
) -> Finding:
    """Whether this institution, as the trust list has it, might issue this category at ``signed``, the proof's time.

    An issuer that the list does not know is no proof of anything bad: the check is left open, with the reason. So it
    is where the list's statement is too old ``now``: a key or a right may have been withdrawn since.
    """
    if record is None:
        return Outcome.UNCHECKED, "issuer.unknown", {"issuer": ascii(issuer)[1:-1][:200] if issuer else None}
    stated = categories(document)
    about: dict[str, Parameter] = {"name": record.name}
    if record.stated_at is not None:
        about["as_of"] = record.stated_at.isoformat()
    if record.good_until is not None and now > record.good_until:
        return Outcome.UNCHECKED, "issuer.statement_expired", {**about, "until": record.good_until.isoformat()}
    if not stated:
        return Outcome.UNCHECKED, "issuer.category_unstated", about
    if len(stated) > 1:
        return Outcome.FAIL, "issuer.category_ambiguous", about
    about["category"] = stated[0].value
    periods = [a for a in record.accreditations if a.category == stated[0].value]
    if not periods:
        return Outcome.FAIL, "issuer.not_accredited", about
    if signed is None:
        return Outcome.UNCHECKED, "issuer.time_unknown", about
    # Proofs are dated in whole seconds.
    if not any(
        p.valid_from.replace(microsecond=0) <= signed and (p.valid_to is None or signed < p.valid_to) for p in periods
    ):
        return Outcome.FAIL, "issuer.not_accredited_then", {**about, "at": signed.isoformat()}
    if record.suspended:
        return Outcome.PASS, "issuer.accredited_then_suspended_now", about
    if record.stated_at is not None:
        return Outcome.PASS, "issuer.accredited_as_of", about
    return Outcome.PASS, "issuer.accredited", about
