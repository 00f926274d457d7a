"""Looking again at what learners brought from another city: the lists are fetched from that bank alone, then judged.

An address is asked only where it begins with the origin that the recognised bank's DID names, so that no document can
send requests anywhere else.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from credit_bank import rechecking
from credit_bank.credential import status
from credit_bank.credential.bundle import parse_bundle
from credit_bank.errors import Conflict, CreditBankError
from credit_bank.rechecking import Rechecked
from credit_bank.store import regions
from web.banking import bank, settings
from web.connections.fetching import request
from web.database import command, database

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


def check(region_id: UUID) -> Rechecked:
    """Fetch the lists that the brought credentials stand in, and let what they say count.

    Raises Missing ``region.unknown``; Conflict ``region.ended``.
    """
    with database().reading() as session:
        region = regions.get(session, region_id)
        if region.ended_at is not None:
            raise Conflict("region.ended", name=region.name)
        origin, wanted = origin_of_did(region.did), set[str]()
        after: UUID | None = None
        while page := regions.moved_of_region(session, region_id, after):
            after = page[-1][0].id
            for row, _ in page:
                bundle = parse_bundle(regions.open_bundle(session, bank().kek, row))
                wanted |= {url for url in _lists(bundle.credential) if url.startswith(f"{origin}/")}
    lists = Fetched({url: found for url in sorted(wanted) if (found := _fetch(url)) is not None})
    return command(lambda session: rechecking.recheck(session, bank(), region_id, lists))


def _lists(credential: dict[str, Any]) -> set[str]:
    found = {entry.list_url for entry in status.listed_statuses(credential)}
    return found | {beside for url in found if (beside := status.companion(url)) is not None}


def _fetch(url: str) -> bytes | None:
    try:
        code, body = request("GET", url, private=settings().connect_private, largest=LARGEST_LIST)
    except CreditBankError:
        return None
    return body if code == 200 else None
