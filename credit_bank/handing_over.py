"""Handing over: a learner's record on its way to another city's bank, signed for that bank and one account there."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from credit_bank import bundling, founding
from credit_bank.bank import Bank
from credit_bank.credential import transfer
from credit_bank.credential.bundle import Bundle
from credit_bank.credential.summary import summary
from credit_bank.credential.transfer import Moved, TransferStatement
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.identity import account_number
from credit_bank.store import credentials, learners, regions
from credit_bank.store.types import new_id


def hand_over(
    session: Session, bank: Bank, learner_id: UUID, region_id: UUID, account: str, wanted: Sequence[UUID] | None = None
) -> bytes:
    """A transfer file of a learner's credentials (all, or those ``wanted``) for an account at a recognised bank.

    Raises InvalidInput as ``account_number.parse`` and ``transfer.nothing``; Conflict ``region.ended``.
    """
    region = regions.get(session, region_id)
    if region.ended_at is not None:
        raise Conflict("region.ended", name=region.name)
    number = account_number.parse(account)
    learner = learners.get(session, learner_id)
    chosen = [
        row
        for row in credentials.of_learner(session, learner_id)
        if row.superseded_by is None and row.sealed_document is not None and (wanted is None or row.id in wanted)
    ]
    if not chosen:
        raise InvalidInput("transfer.nothing")
    bundles = [bundling.bundle(session, bank, row) for row in chosen]
    now = bank.now()
    statement = TransferStatement(
        id=str(new_id()),
        sender=bank.did,
        receiver=region.did,
        account=number,
        name=learner.name,
        identity=learner.identity_level,
        credentials=tuple(_moved(bundle) for bundle in bundles),
        made_at=now,
        good_until=now + transfer.LIFETIME,
    )
    token = transfer.sign_transfer(statement, founding.bank_key(session, bank).private)
    return transfer.compose_transfer(token, bundles)


def _moved(bundle: Bundle) -> Moved:
    return Moved(transfer.digest_of(bundle.credential), summary(bundle.credential)["subject_id"] or "")
