"""The log check: does the issuer's log, by a checkpoint signed with its log key, include this very credential?"""

from credit_bank.credential.evidence import LogEvidence
from credit_bank.errors import InvalidInput, Parameter
from credit_bank.key import multikey
from credit_bank.key.trust import IssuerRecord
from credit_bank.log import checkpoint, leaf, merkle
from credit_bank.report import Outcome

Finding = tuple[Outcome, str, dict[str, Parameter]]


def check_log(evidence: LogEvidence | None, digest: bytes, record: IssuerRecord | None) -> Finding:
    """Check a receipt; ``digest`` is ``credential_digest`` of the document, ``record`` the issuer in the trust list.

    The log's name and keys come from the trust list, never from the receipt, so that no other log can stand in.
    """
    if evidence is None:
        return Outcome.UNCHECKED, "log.no_receipt", {}
    if evidence.checkpoint is None:
        return Outcome.UNCHECKED, "log.pending", {"index": evidence.index}
    if record is None or record.log_origin is None:
        return Outcome.UNCHECKED, "log.issuer_log_unknown", {}
    try:
        signed = _signed(evidence.checkpoint, record)
        entry = leaf.commit("issue", digest, evidence.salt)
        merkle.verify_inclusion(merkle.leaf_hash(entry), evidence.index, signed.size, evidence.proof, signed.root)
    except InvalidInput as problem:
        return Outcome.FAIL, problem.code, problem.parameters
    shown: dict[str, Parameter] = {"origin": signed.origin, "index": evidence.index, "size": signed.size}
    return Outcome.PASS, "log.included", shown


def _signed(note: str, record: IssuerRecord) -> checkpoint.Checkpoint:
    """The checkpoint, signed by one of the log's keys. Raises as ``verify_checkpoint``, for the newest key."""
    problem = InvalidInput("checkpoint.key_absent", origin=record.log_origin)
    for key in reversed(record.log_keys):
        if key.revoked_at is None:
            try:
                return checkpoint.verify_checkpoint(note, str(record.log_origin), multikey.decode_public(key.multikey))
            except InvalidInput as found:
                problem = found
                if found.code != "checkpoint.key_absent":
                    raise
    raise problem
