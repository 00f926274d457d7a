"""Verifying a credential: eight numbered checks, all of them run, none by fetching anything.

1 parse · 2 schema · 3 proof · 4 issuer · 5 validity · 6 status · 7 log · 8 subject. Numbers and names are the same in
code, documentation and pages. A check that stands on one that failed could not be checked, and says so.
"""

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any

from credit_bank.credential.evidence import LogEvidence, StatusSource, credential_digest
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.issuer_check import check_issuer, issuer_id
from credit_bank.credential.key_time import key_problem
from credit_bank.credential.log_check import check_log
from credit_bank.credential.parse import as_bytes
from credit_bank.credential.reading import parse_credential
from credit_bank.credential.schema import schema_problems
from credit_bank.credential.securing.data_integrity import ProofFinding, verify_proofs
from credit_bank.credential.securing.jose import Envelope, check_envelope, is_enveloped, open_envelope
from credit_bank.credential.status_check import check_status
from credit_bank.errors import CreditBankError, InvalidInput, Parameter
from credit_bank.key.trust import IssuerRecord, KeyResolver, TrustRegistry, key_resolver
from credit_bank.report import Check, Outcome, VerificationReport

Finding = tuple[Outcome, str, dict[str, Parameter]]

NAMES = ("parse", "schema", "proof", "issuer", "validity", "status", "log", "subject")
# What must pass for a verdict of "pass"; the log's receipt may still be pending.
REQUIRED = frozenset({"parse", "schema", "proof", "issuer", "validity", "status", "subject"})
# What an issuer can check of its own work before handing it out, when no list and no checkpoint covers it yet.
BEFORE_HANDING_OUT = frozenset({"parse", "schema", "proof", "issuer", "validity", "subject"})

CLOCK_SKEW = timedelta(minutes=5)


def verify(
    source: bytes | dict[str, Any],
    *,
    now: datetime,
    trust: TrustRegistry | None = None,
    keys: KeyResolver | None = None,
    status_lists: StatusSource | None = None,
    log: LogEvidence | None = None,
    subject: str | None = None,
    required: Set[str] = REQUIRED,
) -> VerificationReport:
    """Check a credential, given as bytes or as JSON values, and report on each of the eight checks.

    ``now`` has a UTC offset. ``trust`` knows institutions and their keys; ``keys`` finds keys for whose owner nobody
    vouches (by default those of ``trust``, did:key and did:jwk). ``log`` is the credential's receipt; ``subject`` the
    id that the holder is known by, where the question is whether it is theirs. Nothing about the document raises.
    """
    if now.tzinfo is None:
        raise InvalidInput("credential.instant_without_offset", field="now")
    run = _Run(now, trust, keys or key_resolver(*([trust] if trust is not None else [])), status_lists, log, subject)
    findings = run.findings(source)
    return VerificationReport(
        tuple(
            Check(number, name, outcome, code, parameters, required=name in required)
            for number, (name, (outcome, code, parameters)) in enumerate(zip(NAMES, findings, strict=True), start=1)
        )
    )


class _Run:
    """One verification."""

    def __init__(
        self,
        now: datetime,
        trust: TrustRegistry | None,
        keys: KeyResolver,
        status_lists: StatusSource | None,
        log: LogEvidence | None,
        subject: str | None,
    ) -> None:
        self._now = now
        self._trust = trust
        self._keys = keys
        self._lists = status_lists
        self._log = log
        self._subject = subject

    def findings(self, source: bytes | dict[str, Any]) -> list[Finding]:
        envelope: Envelope | None = None
        try:
            document = parse_credential(source if isinstance(source, bytes) else as_bytes(source))
            digest = credential_digest(document)
            if is_enveloped(document):
                envelope = open_envelope(document)
                document = envelope.credential
        except CreditBankError as problem:
            read: Finding = (Outcome.FAIL, problem.code, problem.parameters)
            return [read, *[_after("parse")] * 7]
        issuer = issuer_id(document)
        record = self._trust.issuer(issuer) if self._trust is not None and issuer is not None else None
        logged = check_log(self._log, digest, record)
        proofs = verify_proofs(document, self._keys) if envelope is None else self._in_envelope(envelope)
        proof, created = self._proof(proofs, issuer, logged=logged[0] is Outcome.PASS)
        sound = proof[0] is not Outcome.FAIL
        return [
            (Outcome.PASS, "parse.read", {}),
            _schema(document),
            proof,
            self._issuer(document, issuer, record, created) if sound else _after("proof"),
            _validity(document, self._now),
            self._status(document, issuer, record) if sound else _after("proof"),
            logged if sound else _after("proof"),
            self._bound(document) if sound or self._subject is None else _after("proof"),
        ]

    def _in_envelope(self, envelope: Envelope) -> list[ProofFinding]:
        """The token's signature, and the proofs that the credential in it bears besides, if any."""
        return [check_envelope(envelope, self._keys), *verify_proofs(envelope.credential, self._keys)]

    def _proof(
        self, findings: list[ProofFinding], issuer: str | None, *, logged: bool
    ) -> tuple[Finding, datetime | None]:
        """Every proof must hold, and one must be the issuer's assertion, made while its key was good."""
        if not findings:
            return (Outcome.FAIL, "proof.none", {}), None
        for outcome in (Outcome.FAIL, Outcome.UNCHECKED):
            for finding in findings:
                if finding.outcome is outcome:
                    return (outcome, finding.code, finding.parameters), None
        problem: Finding | None = None
        for finding in findings:
            found = self._proof_problem(finding, issuer, logged=logged)
            if found is None:
                shown: dict[str, Parameter] = {"suite": finding.cryptosuite, "key": finding.verification_method}
                return (Outcome.PASS, "proof.valid", shown), finding.created
            problem = problem or found
        assert problem is not None
        return problem, None

    def _proof_problem(self, finding: ProofFinding, issuer: str | None, *, logged: bool) -> Finding | None:
        if finding.key is None or finding.key.controller != issuer:
            controller = finding.key.controller if finding.key is not None else None
            return Outcome.FAIL, "proof.not_by_issuer", {"controller": controller}
        if finding.purpose != "assertionMethod":
            return Outcome.FAIL, "proof.purpose_wrong", {"purpose": ascii(finding.purpose)[1:-1][:60]}
        if finding.created is not None and finding.created > self._now + CLOCK_SKEW:
            return Outcome.FAIL, "proof.created_in_future", {"created": finding.created.isoformat()}
        if finding.expires is not None and finding.expires < self._now:
            return Outcome.FAIL, "proof.expired", {"expires": finding.expires.isoformat()}
        found = key_problem(finding, logged=logged)
        return None if found is None else (Outcome.FAIL, *found)

    def _issuer(
        self, document: dict[str, Any], issuer: str | None, record: IssuerRecord | None, created: datetime | None
    ) -> Finding:
        if self._trust is None:
            return Outcome.UNCHECKED, "issuer.no_trust_list", {"issuer": issuer and ascii(issuer)[1:-1][:200]}
        return check_issuer(document, issuer, record, created, self._now)

    def _status(self, document: dict[str, Any], issuer: str | None, record: IssuerRecord | None) -> Finding:
        since = record.status_lists if record is not None else {}
        return check_status(document, issuer or "", self._lists, self._keys, self._now, since)

    def _bound(self, document: dict[str, Any]) -> Finding:
        if self._subject is None:
            return Outcome.NOT_APPLICABLE, "subject.not_asked", {}
        subject = document.get("credentialSubject")
        stated = subject.get("id") if isinstance(subject, dict) else None
        if not isinstance(stated, str):
            return Outcome.FAIL, "subject.unnamed", {}
        if stated != self._subject:
            return Outcome.FAIL, "subject.other", {}
        return Outcome.PASS, "subject.bound", {}


def _after(name: str) -> Finding:
    return Outcome.UNCHECKED, f"not_reached.{name}", {}


def _schema(document: dict[str, Any]) -> Finding:
    kinds = document.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    if not {"OpenBadgeCredential", "AchievementCredential"} & {kind for kind in listed if isinstance(kind, str)}:
        return Outcome.UNCHECKED, "schema.kind_unknown", {"type": ascii(kinds)[:120]}
    problems = schema_problems(document)
    if problems:
        pointer, rule = problems[0]
        return Outcome.FAIL, "schema.invalid", {"pointer": pointer[:200], "rule": rule, "problems": len(problems)}
    return Outcome.PASS, "schema.valid", {}


def _validity(document: dict[str, Any], now: datetime) -> Finding:
    try:
        start, end = (
            parse_instant(document[name], name) if document.get(name) is not None else None
            for name in ("validFrom", "validUntil")
        )
    except InvalidInput as problem:
        return Outcome.FAIL, problem.code, problem.parameters
    if start is None:
        return Outcome.FAIL, "validity.start_missing", {}
    if start > now + CLOCK_SKEW:
        return Outcome.FAIL, "validity.not_yet", {"from": start.isoformat()}
    if end is not None and end < now:
        return Outcome.FAIL, "validity.expired", {"until": end.isoformat()}
    if end is None:
        return Outcome.PASS, "validity.unlimited", {"from": start.isoformat()}
    return Outcome.PASS, "validity.current", {"from": start.isoformat(), "until": end.isoformat()}
