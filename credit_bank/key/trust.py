"""Whom to trust for what: institutions, their keys through time, and the categories they are accredited for.

The bank's operator key signs one accreditation statement per institution; the trust list is the set of these
statements, and a verifier needs nothing but the bank's public key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    """An institution as the bank knows it; ``suspended`` means that it may issue nothing for now."""

    did: str
    name: str
    keys: tuple[KeyRecord, ...]
    accreditations: tuple[Accreditation, ...]
    suspended: bool = False


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
