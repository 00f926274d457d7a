"""What a credential says, in the few facts that pages and terminals show. Nothing here has been checked."""

from typing import Any, TypedDict

from credit_bank.credential.compose import HOURS_TYPES
from credit_bank.credential.issuer_check import categories, issuer_id
from credit_bank.credential.reading import contents


class Summary(TypedDict):
    """A credential's facts as it states them; None where it states nothing, or nothing of the right kind.

    ``credits`` and ``hours`` are decimal numbers as text; ``hour_kind`` is contact or notional; ``category`` a Category
    value; dates are texts as written.
    """

    id: str | None
    title: str | None
    description: str | None
    criteria: str | None
    code: str | None
    issuer_id: str | None
    issuer_name: str | None
    subject_id: str | None
    category: str | None
    level_code: str | None
    level_name: str | None
    framework: str | None
    credits: str | None
    hours: str | None
    hour_kind: str | None
    grade: str | None
    term: str | None
    awarded: str | None
    valid_from: str | None
    valid_until: str | None


def summary(document: dict[str, Any]) -> Summary:
    """The facts of an Open Badges 3.0 credential; tolerant of anything, since strangers' documents are shown too."""
    document = contents(document)
    subject = _object(document.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    level = _alignment(achievement, "/levels/")
    category = _alignment(achievement, "/categories/")
    stated = categories(document)
    hours, hour_kind = _hours(achievement, subject)
    earned = subject.get("creditsEarned")
    return Summary(
        id=_text(document.get("id")),
        title=_text(achievement.get("name")) or _text(document.get("name")),
        description=_text(achievement.get("description")),
        criteria=_text(_object(achievement.get("criteria")).get("narrative")),
        code=_text(achievement.get("humanCode")),
        issuer_id=issuer_id(document),
        issuer_name=_text(_object(document.get("issuer")).get("name")),
        subject_id=_text(subject.get("id")),
        category=stated[0].value if len(stated) == 1 else None,
        level_code=_text(level.get("targetCode")),
        level_name=_text(level.get("targetName")),
        framework=_text((level or category).get("targetFramework")),
        credits=_number(earned if earned is not None else achievement.get("creditsAvailable")),
        hours=hours,
        hour_kind=hour_kind,
        grade=_grade(achievement, subject),
        term=_text(subject.get("term")),
        awarded=_text(document.get("awardedDate")),
        valid_from=_text(document.get("validFrom")),
        valid_until=_text(document.get("validUntil")),
    )


def _results(achievement: dict[str, Any], subject: dict[str, Any]) -> list[tuple[str, str]]:
    """Each result's value with the type that its description gives it."""
    descriptions = achievement.get("resultDescription")
    kinds = {
        item.get("id"): item.get("resultType")
        for item in (descriptions if isinstance(descriptions, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    }
    found = []
    results = subject.get("result")
    for result in results if isinstance(results, list) else []:
        named = result.get("resultDescription") if isinstance(result, dict) else None
        kind = kinds.get(named) if isinstance(named, str) else None
        value = _text(result.get("value")) if isinstance(result, dict) else None
        if isinstance(kind, str) and value is not None:
            found.append((kind, value))
    return found


def _hours(achievement: dict[str, Any], subject: dict[str, Any]) -> tuple[str | None, str | None]:
    for kind, value in _results(achievement, subject):
        for hour_kind, hours_type in HOURS_TYPES.items():
            if kind == hours_type:
                return value, hour_kind
    return None, None


def _grade(achievement: dict[str, Any], subject: dict[str, Any]) -> str | None:
    return next((value for kind, value in _results(achievement, subject) if not kind.startswith("ext:")), None)


def _alignment(achievement: dict[str, Any], part: str) -> dict[str, Any]:
    alignments = achievement.get("alignment")
    for alignment in alignments if isinstance(alignments, list) else []:
        if isinstance(alignment, dict) and part in str(alignment.get("targetUrl")):
            return alignment
    return {}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return format(value, ".15g")
