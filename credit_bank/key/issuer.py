"""What is known of an institution: its keys through time, its log, and what it is accredited for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


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
    """An institution as the bank knows it; ``suspended`` means that it may issue nothing more for now.

    ``log_origin`` and ``log_keys`` are the name of its log and the keys that sign the log's checkpoints.
    ``stated_at`` is the date of the statement this was read from and ``good_until`` the end of its use, None where it
    comes from the bank's own records. ``status_lists`` says since when each list (by address) stood as it did then.
    """

    did: str
    name: str
    keys: tuple[KeyRecord, ...]
    accreditations: tuple[Accreditation, ...]
    suspended: bool = False
    log_origin: str | None = None
    log_keys: tuple[KeyRecord, ...] = ()
    stated_at: datetime | None = None
    good_until: datetime | None = None
    status_lists: Mapping[str, datetime] = field(default_factory=dict)
