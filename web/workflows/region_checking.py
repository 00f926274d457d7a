"""Looking again at what learners brought from another city: the lists are fetched from that bank alone, then judged.

An address is asked only where it begins with the origin that the recognised bank's DID names, so that no document can
send requests anywhere else.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from sqlmodel import Session

from credit_bank import rechecking
from credit_bank.bank import Bank
from credit_bank.credential import status
from credit_bank.credential.bundle import parse_bundle
from credit_bank.errors import Conflict, CreditBankError
from credit_bank.rechecking import Rechecked
from credit_bank.store import regions
from web.connections.fetching import request
from web.database import Database

LARGEST_LIST = 2_000_000


class Fetched:
    """Status lists that were fetched before the transaction; an address that is not there stays unknown."""

    def __init__(self, found: Mapping[str, bytes]) -> None:
        self._found = found

    def status_list(self, url: str) -> bytes | None:
        """The list of that address, or None."""
        return self._found.get(url)


def origin_of_did(did: str) -> str:
    """The origin of a did:web (§3.2): HTTPS, or plain HTTP for this machine itself."""
    host = unquote(did.removeprefix("did:web:").partition(":")[0])
    local = host.partition(":")[0] in ("localhost", "127.0.0.1")
    return f"{'http' if local else 'https'}://{host}"


def check(
    db: Database,
    bank: Bank,
    region_id: UUID,
    *,
    private: bool,
    write: Callable[[Callable[[Session], Rechecked]], Rechecked],
) -> Rechecked:
    """Fetch the lists that the brought credentials stand in, and let what they say count, some credentials at a time.

    ``write`` runs each part in a transaction or in a savepoint of one. Raises Missing ``region.unknown``; Conflict
    ``region.ended``.
    """
    lists = _fetch_all(db, bank, region_id, private)
    found = Rechecked(0, (), 0, None)
    while True:
        part = write(partial(rechecking.recheck, bank=bank, region_id=region_id, lists=lists, after=found.last))
        found = Rechecked(
            found.looked_at + part.looked_at, found.changed + part.changed, found.unknown + part.unknown, part.last
        )
        if part.last is None:
            return found


def _fetch_all(db: Database, bank: Bank, region_id: UUID, private: bool) -> Fetched:
    with db.reading() as session:
        region = regions.get(session, region_id)
        if region.ended_at is not None:
            raise Conflict("region.ended", name=region.name)
        origin, wanted = origin_of_did(region.did), set[str]()
        after: UUID | None = None
        while page := regions.moved_of_region(session, region_id, after):
            after = page[-1][0].id
            for row, _ in page:
                bundle = parse_bundle(regions.open_bundle(session, bank.kek, row))
                wanted |= {url for url in _lists(bundle.credential) if url.startswith(f"{origin}/")}
    return Fetched({url: found for url in sorted(wanted) if (found := _fetch(url, private)) is not None})


def _lists(credential: dict[str, Any]) -> set[str]:
    found = {entry.list_url for entry in status.listed_statuses(credential)}
    return found | {beside for url in found if (beside := status.companion(url)) is not None}


def _fetch(url: str, private: bool) -> bytes | None:
    try:
        code, body = request("GET", url, private=private, largest=LARGEST_LIST)
    except CreditBankError:
        return None
    return body if code == 200 else None
