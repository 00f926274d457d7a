"""The status check: is the credential revoked or suspended, by its issuer's own signed lists?

A list that cannot be had, read or believed leaves the question open; it never means "not revoked".
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credit_bank.credential import status
from credit_bank.credential.evidence import StatusSource
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.key_time import key_problem
from credit_bank.credential.parse import as_bytes, parse_object
from credit_bank.credential.securing.data_integrity import verify_proofs
from credit_bank.errors import CreditBankError, InvalidInput, Parameter
from credit_bank.key.trust import KeyResolver
from credit_bank.report import Outcome

Finding = tuple[Outcome, str, dict[str, Parameter]]
_KINDS = ("revocation", "suspension")
_FAILS = {"revocation": "status.revoked", "suspension": "status.suspended"}

MAX_KEPT = 64
_kept: OrderedDict[bytes, "_List"] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _List:
    """A status list whose form and signature hold; when it is valid is judged at each use."""

    issuer: str
    purposes: tuple[str, ...]
    bits: bytes
    valid_from: datetime | None
    valid_until: datetime | None


def check_status(
    document: dict[str, Any],
    issuer: str,
    source: StatusSource | None,
    resolve: KeyResolver,
    now: datetime,
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> Finding:
    """What the status lists say: the worst finding of every list that the credential stands in.

    ``since`` is from when on each list stood as it did when the bank last spoke of it: an older one, kept from before
    a revocation, answers nothing. The companion rule: beside ``…/status/<id>/revocation``, ``…/suspension`` is looked
    at, same index.
    """
    try:
        listed = [entry for entry in status.listed_statuses(document) if entry.purpose in _KINDS]
    except InvalidInput as problem:
        return Outcome.UNCHECKED, problem.code, problem.parameters
    if not listed:
        return Outcome.NOT_APPLICABLE, "status.none", {}
    for entry in list(listed):
        beside = status.companion(entry.list_url) if entry.purpose == "revocation" else None
        if beside is not None and not any(other.list_url == beside for other in listed):
            listed.append(status.ListedStatus("suspension", beside, entry.index))
    if source is None:
        return Outcome.UNCHECKED, "status.no_source", {"url": listed[0].list_url}
    findings = [_look_up(entry, issuer, source, resolve, now, since.get(entry.list_url)) for entry in listed]
    for outcome in (Outcome.FAIL, Outcome.UNCHECKED):
        worst = next((finding for finding in findings if finding[0] is outcome), None)
        if worst is not None:
            return worst
    return Outcome.PASS, "status.clear", {}


def _look_up(
    entry: status.ListedStatus,
    issuer: str,
    source: StatusSource,
    resolve: KeyResolver,
    now: datetime,
    since: datetime | None,
) -> Finding:
    where: dict[str, Parameter] = {"url": ascii(entry.list_url)[1:-1][:300]}
    try:
        served = source.status_list(entry.list_url)
        if served is None:
            return Outcome.UNCHECKED, "status.list_unreachable", where
        known = _read(served, entry.list_url, resolve)
        if known.issuer != issuer:
            raise InvalidInput("status.issuer_mismatch")
        if entry.purpose not in known.purposes:
            raise InvalidInput("status.purpose_mismatch", purpose=entry.purpose)
        if known.valid_from is not None and now < known.valid_from:
            raise InvalidInput("status.list_not_yet_valid")
        if known.valid_until is not None and now > known.valid_until:
            raise InvalidInput("status.list_expired")
        if since is not None and (known.valid_from is None or known.valid_from < since):
            raise InvalidInput("status.list_outdated")
        if status.get_bit(known.bits, entry.index):
            return Outcome.FAIL, _FAILS[entry.purpose], where
    except CreditBankError as problem:
        code = problem.code if problem.code.startswith("status.") else "status.list_unreadable"
        return Outcome.UNCHECKED, code, {**problem.parameters, **where, "problem": problem.code}
    return Outcome.PASS, "status.clear", where


def _read(served: bytes | dict[str, Any], url: str, resolve: KeyResolver) -> _List:
    """The list, its signature checked. Lists are kept by their bytes and the signer's key, since many verify by one."""
    data = served if isinstance(served, bytes) else as_bytes(served)
    document = parse_object(data)
    proof = document.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    method = proofs[0].get("verificationMethod") if proofs and isinstance(proofs[0], dict) else None
    key = resolve(method) if isinstance(method, str) else None
    name = hashlib.sha256(repr((url, method, key and key.record)).encode() + b"\0" + data).digest()
    with _lock:
        kept = _kept.get(name)
    if kept is None:
        kept = _verified(document, url, resolve)
        with _lock:
            _kept[name] = kept
            while len(_kept) > MAX_KEPT:
                _kept.popitem(last=False)
    return kept


def _verified(document: dict[str, Any], url: str, resolve: KeyResolver) -> _List:
    kinds = document.get("type")
    if not isinstance(kinds, list) or "BitstringStatusListCredential" not in kinds or document.get("id", url) != url:
        raise InvalidInput("status.list_malformed")
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    subject = document.get("credentialSubject")
    if not isinstance(issuer, str) or not isinstance(subject, dict) or subject.get("type") != "BitstringStatusList":
        raise InvalidInput("status.list_malformed")
    findings = verify_proofs(document, resolve)
    for finding in findings:
        sound = finding.outcome is Outcome.PASS and finding.key is not None and finding.key.controller == issuer
        if sound and finding.purpose == "assertionMethod" and key_problem(finding, logged=False) is None:
            break
    else:
        raise InvalidInput("status.list_signature", finding=findings[0].code if findings else "proof.none")
    purposes = subject.get("statusPurpose")
    return _List(
        issuer,
        tuple(str(purpose) for purpose in (purposes if isinstance(purposes, list) else [purposes])),
        status.decode(subject.get("encodedList", "")),
        parse_instant(document["validFrom"], "validFrom") if "validFrom" in document else None,
        parse_instant(document["validUntil"], "validUntil") if "validUntil" in document else None,
    )
