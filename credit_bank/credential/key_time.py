"""Whether a key was good when it signed."""

from credit_bank.credential.securing.data_integrity import ProofFinding
from credit_bank.errors import Parameter


def key_problem(finding: ProofFinding, *, logged: bool) -> tuple[str, dict[str, Parameter]] | None:
    """Why this proof's key cannot be believed for its time, as code and parameters; None when it can.

    A key that nobody vouches for (did:key) has no history to hold against it. A revoked key may have been stolen, and
    a thief can date a proof back; so what it signed before its revocation is believed only when ``logged``: when the
    issuer's log, signed with another key, includes the credential.
    """
    record = finding.key.record if finding.key is not None else None
    if record is None:
        return None
    if finding.created is None:
        return "proof.created_missing", {}
    if finding.created < record.valid_from.replace(microsecond=0):
        return "proof.before_key_valid", {"from": record.valid_from.isoformat()}
    if record.revoked_at is not None and (finding.created >= record.revoked_at or not logged):
        return "proof.key_revoked", {"at": record.revoked_at.isoformat()}
    if record.valid_to is not None and finding.created > record.valid_to:
        return "proof.after_key_retired", {"to": record.valid_to.isoformat()}
    return None
