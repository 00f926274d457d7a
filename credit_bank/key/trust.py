"""Whom to trust for what: institutions, their keys through time, and the categories they are accredited for.

The bank's operator key signs one accreditation statement per institution; the trust list is the set of these
statements, and a verifier needs nothing but the bank's public key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key import did, multikey


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One public key of an institution and when it was in use.

    ``valid_to`` is when it was retired (what it signed before stays good). ``revoked_at`` is when it was given up as
    compromised: what it signed before then is believed only where the log shows it.
    """

    multikey: str
    valid_from: datetime
    valid_to: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    """What category of outcome an institution may issue (a ``Category`` value), from when, until when."""

    category: str
    valid_from: datetime
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuerRecord:
    """An institution as the bank knows it; ``suspended`` means that it may issue nothing for now.

    ``stated_at`` is the date of the statement this was read from, None where it comes from the bank's own records.
    """

    did: str
    name: str
    keys: tuple[KeyRecord, ...]
    accreditations: tuple[Accreditation, ...]
    suspended: bool = False
    log_origin: str | None = None
    log_keys: tuple[KeyRecord, ...] = ()
    stated_at: datetime | None = None


class TrustRegistry(Protocol):
    """Where a verifier looks institutions up."""

    def issuer(self, did: str) -> IssuerRecord | None:
        """The institution of that DID, or None when it is unknown."""


class TrustList:
    """A trust registry in memory."""

    def __init__(self, records: Iterable[IssuerRecord] = ()) -> None:
        self._records = {record.did: record for record in records}

    def issuer(self, did: str) -> IssuerRecord | None:
        """The institution of that DID, or None when it is unknown."""
        return self._records.get(did)


@dataclass(frozen=True, slots=True)
class ResolvedKey:
    """A public key found for a verification method; ``record`` is None where nobody vouches for it (did:key)."""

    controller: str
    public: Ed25519PublicKey
    record: KeyRecord | None = None


KeyResolver = Callable[[str], ResolvedKey | None]


def key_resolver(*registries: TrustRegistry) -> KeyResolver:
    """Find keys in these registries, the first that knows the DID, and did:key by itself; None where nothing is known.

    A did:web key is named by its multikey value (``did:web:…#z6Mk…``), as ``did_document`` writes it.
    """

    def resolve(verification_method: str) -> ResolvedKey | None:
        try:
            url = did.parse_did_url(verification_method)
            if url.method == "key":
                return ResolvedKey(url.did, did.resolve_did_key(verification_method))
            issuer = next(filter(None, (registry.issuer(url.did) for registry in registries)), None)
            for record in issuer.keys if issuer is not None else ():
                if record.multikey == url.fragment:
                    return ResolvedKey(url.did, multikey.decode_public(record.multikey), record)
        except InvalidInput:
            return None
        return None

    return resolve
