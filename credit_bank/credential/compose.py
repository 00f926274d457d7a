"""Composing an Open Badges 3.0 AchievementCredential on VC 2.0, unsigned.

Only native Open Badges vocabulary is used, and every node has an ``id``, so that the credential has no blank nodes and
its canonical form is its N-Quads, sorted (see ``template``). Credits, hours with their kind, framework level and
category are stated explicitly, since the standard leaves the unit of ``creditsAvailable`` open (OB 3.0 §B.1.1).
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from credit_bank.credential.instant import format_instant
from credit_bank.credential.model import AchievementSpec, Award, EvidenceNote, IssuerProfile, StatusEntry
from credit_bank.errors import InvalidInput
from credit_bank.recognition.framework import Category

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"  # defines 1EdTechJsonSchemaValidator2019
CONTEXTS = (VC_CONTEXT, OB_CONTEXT, OB_EXTENSIONS)
OB_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

CATEGORY_NAMES = {
    Category.ACADEMIC: "学历教育 Academic education",
    Category.VOCATIONAL: "职业证书 Vocational certificate",
    Category.OTHER: "其他非学历 Other non-formal learning",
}
HOURS_TYPES = {"contact": "ext:ContactHours", "notional": "ext:NotionalHours"}
HOURS_NAMES = {"contact": "面授学时 Contact hours", "notional": "学习总学时 Notional learning hours"}

Json = dict[str, object]

# IRIREF of N-Quads: whatever is left out here could end the IRI early in the canonical form.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f\ud800-\udfff]+\Z")
_URN_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def compose(
    credential_id: str, issuer: IssuerProfile, achievement: AchievementSpec, award: Award, status: StatusEntry | None
) -> Json:
    """The unsigned credential as JSON values, ready for ``add_proof``.

    ``credential_id`` is a ``urn:uuid:``. Valid against the official Open Badges 3.0 JSON Schema. Raises InvalidInput
    ``credential.id_malformed``, ``.iri_malformed``, ``.text_empty``, ``.text_control_character``,
    ``.number_malformed``, ``.instant_without_offset`` or ``.validity_reversed``, each with the field's name.
    """
    credential: Json = {
        "@context": list(CONTEXTS),
        "id": urn_uuid(credential_id, "credential_id"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": text(achievement.name, "name"),
        "issuer": _issuer(issuer),
        "awardedDate": format_instant(award.awarded, "awarded"),
        "validFrom": format_instant(award.valid_from, "valid_from"),
    }
    if award.valid_until is not None:
        if award.valid_until <= award.valid_from:
            raise InvalidInput("credential.validity_reversed")
        credential["validUntil"] = format_instant(award.valid_until, "valid_until")
    credential["credentialSubject"] = _subject(credential_id, achievement, award)
    if award.evidence is not None:
        credential["evidence"] = [_evidence(credential_id, award.evidence)]
    if status is not None:
        credential["credentialStatus"] = status_entry(status)
    credential["credentialSchema"] = [{"id": OB_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    return credential


def status_entry(status: StatusEntry) -> Json:
    """The one ``credentialStatus`` object: its revocation list; the suspension list is its companion by address."""
    url = iri(status.list_url, "status.list_url")
    if status.index < 0:
        raise InvalidInput("credential.number_malformed", field="status.index", value=str(status.index)[:40])
    return {
        "id": f"{url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(status.index),
        "statusListCredential": url,
    }


def _evidence(credential_id: str, note: EvidenceNote) -> Json:
    return {
        "id": f"{credential_id}#evidence",
        "type": ["Evidence"],
        "name": text(note.name, "evidence.name"),
        "narrative": text(note.narrative, "evidence.narrative"),
    }


def _issuer(issuer: IssuerProfile) -> Json:
    profile: Json = {"id": iri(issuer.did, "issuer.did"), "type": ["Profile"], "name": text(issuer.name, "issuer.name")}
    if issuer.url is not None:
        profile["url"] = iri(issuer.url, "issuer.url")
    return profile


def _subject(credential_id: str, achievement: AchievementSpec, award: Award) -> Json:
    subject: Json = {
        "id": urn_uuid(award.subject_id, "subject_id"),
        "type": ["AchievementSubject"],
        "achievement": _achievement(achievement, graded=award.grade is not None),
    }
    credits = award.credits_earned if award.credits_earned is not None else achievement.credits
    if credits is not None:
        subject["creditsEarned"] = number(credits, "credits_earned")
    results = []
    if achievement.hours is not None:
        results.append(_result(credential_id, achievement.id, "hours", plain_number(achievement.hours, "hours")))
    if award.grade is not None:
        results.append(_result(credential_id, achievement.id, "grade", text(award.grade, "grade")))
    if results:
        subject["result"] = results
    if award.term is not None:
        subject["term"] = text(award.term, "term")
    if award.activity_start is not None:
        subject["activityStartDate"] = _day(award.activity_start)
    if award.activity_end is not None:
        subject["activityEndDate"] = _day(award.activity_end)
    return subject


def _result(credential_id: str, achievement_id: str, kind: str, value: str) -> Json:
    return {
        "id": f"{credential_id}#{kind}",
        "type": ["Result"],
        "resultDescription": f"{achievement_id}#{kind}",
        "value": value,
    }


def _achievement(spec: AchievementSpec, *, graded: bool) -> Json:
    achievement: Json = {
        "id": urn_uuid(spec.id, "achievement.id"),
        "type": ["Achievement"],
        "achievementType": text(spec.achievement_type, "achievement_type"),
        "name": text(spec.name, "name"),
        "description": text(spec.description, "description"),
        "criteria": {"id": f"{spec.id}#criteria", "narrative": text(spec.criteria, "criteria")},
        "alignment": _alignments(spec),
    }
    optional = {"humanCode": spec.human_code, "fieldOfStudy": spec.field_of_study, "inLanguage": spec.language}
    achievement |= {name: text(value, name) for name, value in optional.items() if value is not None}
    if spec.credits is not None:
        achievement["creditsAvailable"] = number(spec.credits, "credits")
    descriptions = []
    if spec.hours is not None:
        descriptions.append(_described(spec, "hours", HOURS_NAMES[spec.hour_kind], HOURS_TYPES[spec.hour_kind]))
    if graded:
        descriptions.append(_described(spec, "grade", "成绩 Grade", "Result"))
    if descriptions:
        achievement["resultDescription"] = descriptions
    return achievement


def _described(spec: AchievementSpec, kind: str, name: str, result_type: str) -> Json:
    return {"id": f"{spec.id}#{kind}", "type": ["ResultDescription"], "name": name, "resultType": result_type}


def _alignments(spec: AchievementSpec) -> list[Json]:
    base = iri(spec.framework_url, "framework_url").rstrip("/")
    category = Category(spec.category)
    alignments = [_aligned(spec, "category", CATEGORY_NAMES[category], category.value, f"{base}/categories/{category}")]
    if spec.level_code is not None:
        name = spec.level_name if spec.level_name is not None else spec.level_code
        url = iri(f"{base}/levels/{spec.level_code}", "level_code")
        alignments.append(_aligned(spec, "level", text(name, "level_name"), text(spec.level_code, "level_code"), url))
    return alignments


def _aligned(spec: AchievementSpec, kind: str, name: str, code: str, url: str) -> Json:
    return {
        "id": f"{spec.id}#{kind}",
        "type": ["Alignment"],
        "targetType": "CFItem",
        "targetCode": code,
        "targetName": name,
        "targetFramework": text(spec.framework_name, "framework_name"),
        "targetUrl": url,
    }


def text(value: str, field: str) -> str:
    """The text itself, when it has something in it and no control characters but tab and line ends."""
    if not value.strip():
        raise InvalidInput("credential.text_empty", field=field)
    if _CONTROL.search(value):
        raise InvalidInput("credential.text_control_character", field=field)
    return value


def iri(value: str, field: str) -> str:
    """The absolute IRI itself. Raises InvalidInput ``credential.iri_malformed``."""
    if not _IRI.match(value):
        raise InvalidInput("credential.iri_malformed", field=field, value=ascii(value)[:80])
    return value


def urn_uuid(value: str, field: str) -> str:
    """The ``urn:uuid:`` itself, in lower case. Raises InvalidInput ``credential.id_malformed``."""
    if not _URN_UUID.match(value):
        raise InvalidInput("credential.id_malformed", field=field, value=ascii(value)[:80])
    return value


def plain_number(value: str, field: str) -> str:
    """A decimal number from 0 to a million in its shortest plain form ("2.50" becomes "2.5")."""
    try:
        decimal = Decimal(value)
    except (InvalidOperation, ValueError):
        raise InvalidInput("credential.number_malformed", field=field, value=ascii(value)[:40]) from None
    # Six places keep every number in the range in which all JSON-LD libraries write doubles alike.
    exponent = decimal.as_tuple().exponent
    if not decimal.is_finite() or not 0 <= decimal <= 1_000_000 or not isinstance(exponent, int) or exponent < -6:
        raise InvalidInput("credential.number_malformed", field=field, value=ascii(value)[:40])
    plain = format(decimal, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain if plain not in {"-0", ""} else "0"


def number(value: str, field: str) -> int | float:
    """A decimal number as the JSON number that says the same."""
    plain = plain_number(value, field)
    return float(plain) if "." in plain else int(plain)


def _day(value: date) -> str:
    return value.isoformat()
