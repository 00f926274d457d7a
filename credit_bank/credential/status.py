"""Bitstring Status List 1.0: one bit per credential, compressed, in a signed credential of its own."""

import base64
import binascii
import gzip
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from credit_bank.credential.compose import VC_CONTEXT, iri
from credit_bank.credential.instant import format_instant
from credit_bank.errors import InvalidInput

Purpose = Literal["revocation", "suspension"]

# §5.2: at least 16 KB, so that a list of few credentials does not give away whose is looked up.
MIN_ENTRIES = 131_072
MAX_BYTES = 4 * 1024 * 1024
MAX_ENCODED = 8 * 1024 * 1024


def empty_bits(entries: int = MIN_ENTRIES) -> bytes:
    """A list with every bit 0. Raises InvalidInput ``status.length`` (at least 131,072 entries, a multiple of 8)."""
    if entries < MIN_ENTRIES or entries % 8 or entries // 8 > MAX_BYTES:
        raise InvalidInput("status.length", entries=entries)
    return bytes(entries // 8)


def get_bit(bits: bytes, index: int) -> bool:
    """The bit at ``index``, counted from the left (§3.1). Raises InvalidInput ``status.index_out_of_range``."""
    if not 0 <= index < len(bits) * 8:
        raise InvalidInput("status.index_out_of_range", index=index, entries=len(bits) * 8)
    return bool(bits[index >> 3] >> (7 - (index & 7)) & 1)


def set_bits(bits: bytes, indexes: list[int], value: bool = True) -> bytes:
    """A copy with all these bits set or cleared. Raises as ``get_bit``."""
    changed = bytearray(bits)
    for index in indexes:
        get_bit(bits, index)
        mask = 0x80 >> (index & 7)
        changed[index >> 3] = changed[index >> 3] | mask if value else changed[index >> 3] & ~mask
    return bytes(changed)


def encode(bits: bytes) -> str:
    """The list as ``encodedList``: GZIP, then multibase base64url without padding, ``u`` first (§3.3).

    The same bits give the same text: the GZIP header holds no time.
    """
    if len(bits) * 8 < MIN_ENTRIES or len(bits) > MAX_BYTES:
        raise InvalidInput("status.length", entries=len(bits) * 8)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode("ascii")


def decode(encoded: str) -> bytes:
    """The bits of an ``encodedList`` (§3.4).

    Raises InvalidInput ``status.encoding`` (not what ``encode`` writes), ``status.too_large`` (more than 4 MB when
    unpacked; reading stops there) or ``status.length`` (fewer than 131,072 entries).
    """
    if not isinstance(encoded, str) or not encoded.startswith("u") or len(encoded) > MAX_ENCODED:
        raise InvalidInput("status.encoding")
    body = encoded[1:].encode("utf-8")
    try:
        packed = base64.b64decode(body + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, MAX_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise InvalidInput("status.encoding") from None
    if len(bits) > MAX_BYTES:
        raise InvalidInput("status.too_large", limit=MAX_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise InvalidInput("status.encoding")
    if len(bits) * 8 < MIN_ENTRIES:
        raise InvalidInput("status.length", entries=len(bits) * 8)
    return bits


def compose_status_list(
    list_url: str,
    issuer_did: str,
    purpose: Purpose,
    bits: bytes,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """The list as an unsigned BitstringStatusListCredential, ready for ``add_proof`` (§2.2).

    Its ``id`` is ``list_url``, where it is served; the issuer is a plain string, as every reader understands.
    """
    url = iri(list_url, "list_url")
    credential: dict[str, Any] = {
        "@context": [VC_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": iri(issuer_did, "issuer_did"),
        "validFrom": format_instant(valid_from, "valid_from"),
    }
    if valid_until is not None:
        credential["validUntil"] = format_instant(valid_until, "valid_until")
    credential["credentialSubject"] = {
        "id": f"{url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encode(bits),
    }
    return credential


@dataclass(frozen=True, slots=True)
class ListedStatus:
    """A credential's place in a status list, as its ``credentialStatus`` says."""

    purpose: str
    list_url: str
    index: int


def companion(list_url: str) -> str | None:
    """The suspension list beside a revocation list ``…/status/<id>/revocation``, or None for other addresses."""
    head, slash, last = list_url.rpartition("/")
    parts = head.rsplit("/", 2)
    if slash and last == "revocation" and len(parts) == 3 and parts[1] == "status" and parts[2]:
        return f"{head}/suspension"
    return None


def listed_statuses(document: dict[str, Any]) -> list[ListedStatus]:
    """Every place that ``credentialStatus`` names, one object or several; the companion is not added here.

    Raises InvalidInput ``status.entry_malformed`` or ``status.type_unsupported``.
    """
    entries = document.get("credentialStatus")
    if entries is None:
        return []
    entries = entries if isinstance(entries, list) else [entries]
    if len(entries) > 8:
        raise InvalidInput("status.entry_malformed", field="credentialStatus")
    return [_listed(entry) for entry in entries]


def _listed(entry: Any) -> ListedStatus:
    if not isinstance(entry, dict):
        raise InvalidInput("status.entry_malformed", field="credentialStatus")
    if entry.get("type") not in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]):
        raise InvalidInput("status.type_unsupported", type=ascii(entry.get("type"))[:60])
    purpose, url, index = (entry.get(k) for k in ("statusPurpose", "statusListCredential", "statusListIndex"))
    if not isinstance(purpose, str) or not purpose:
        raise InvalidInput("status.entry_malformed", field="statusPurpose")
    if not isinstance(url, str) or ":" not in url:
        raise InvalidInput("status.entry_malformed", field="statusListCredential")
    # §2.1: a string of digits; a plain number is read too, since issuers write it.
    if isinstance(index, bool) or not isinstance(index, str | int) or not str(index).isascii():
        raise InvalidInput("status.entry_malformed", field="statusListIndex")
    digits = str(index)
    if not digits.isdigit() or len(digits) > 12:
        raise InvalidInput("status.entry_malformed", field="statusListIndex")
    if entry.get("statusSize", 1) not in (1, "1"):
        raise InvalidInput("status.type_unsupported", type="statusSize")
    return ListedStatus(purpose, url, int(digits))
