"""Whom to trust for what: institutions, their keys through time, and the categories they are accredited for.

The bank's operator key signs one accreditation statement per institution; the trust list is the set of these
statements, and a verifier needs nothing but the bank's public key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from credit_bank.errors import InvalidInput
from credit_bank.key import did, multikey
from credit_bank.key.curve import PublicKey
from credit_bank.key.issuer import Accreditation, IssuerRecord, KeyRecord
from credit_bank.key.statement import read_statement, sign_statement

__all__ = [
    "Accreditation",
    "IssuerRecord",
    "KeyRecord",
    "KeyResolver",
    "ResolvedKey",
    "TrustList",
    "TrustRegistry",
    "key_resolver",
    "read_statement",
    "sign_statement",
]


class TrustRegistry(Protocol):
    """Where a verifier looks institutions up."""

    def issuer(self, did: str) -> IssuerRecord | None:
        """The institution of that DID, or None when it is unknown."""


class TrustList:
    """A trust registry in memory."""

    def __init__(self, records: Iterable[IssuerRecord] = ()) -> None:
        self._records: dict[str, IssuerRecord] = {}
        for record in records:
            known = self._records.get(record.did)
            # Of two statements the newer counts, however they were put together.
            if known is None or not (known.stated_at and record.stated_at and record.stated_at < known.stated_at):
                self._records[record.did] = record

    def issuer(self, did: str) -> IssuerRecord | None:
        """The institution of that DID, or None when it is unknown."""
        return self._records.get(did)


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A public key found for a verification method; ``record`` is None where nobody vouches for it (did:key)."""

    controller: str
    public: PublicKey
    record: KeyRecord | None = None


KeyResolver = Callable[[str], ResolvedKey | None]


def key_resolver(*registries: TrustRegistry) -> KeyResolver:
    """Find keys in these registries, the first that knows the DID, and those of did:key and did:jwk; None if unknown.

    A did:web key is named by its multikey value (``did:web:…#z6Mk…``), as ``did_document`` writes it.
    """

    def resolve(verification_method: str) -> ResolvedKey | None:
        try:
            url = did.parse_did_url(verification_method)
            if url.method == "key":
                return ResolvedKey(url.did, did.resolve_did_key(verification_method))
            if url.method == "jwk":
                return ResolvedKey(url.did, did.resolve_did_jwk(verification_method))
            issuer = next(filter(None, (registry.issuer(url.did) for registry in registries)), None)
            for record in issuer.keys if issuer is not None else ():
                if record.multikey == url.fragment:
                    return ResolvedKey(url.did, multikey.read_public(record.multikey), record)
        except InvalidInput:
            return None
        return None

    return resolve
