"""Bundling: a credential with everything needed to check it without a network."""

from sqlmodel import Session

from credit_bank import admitting, founding, status_listing, verifying
from credit_bank.bank import Bank
from credit_bank.credential import parse
from credit_bank.credential.bundle import Bundle
from credit_bank.store import institutions
from credit_bank.store.tables import Credential


def bundle(session: Session, bank: Bank, credential: Credential) -> Bundle:
    """A credential with everything needed to check it without a network, as things stand now.

    Raises as ``verifying.open_document`` does.
    """
    institution = institutions.get(session, credential.institution_id)
    lists = [
        parse.parse_object(found)
        for purpose in ("revocation", "suspension")
        if (
            found := verifying.StoredStatus(session, bank).status_list(
                status_listing.list_url(bank, credential.status_list_id, purpose)
            )
        )
    ]
    return Bundle(
        credential=parse.parse_object(verifying.open_document(session, bank, credential)),
        statement=admitting.statement(session, bank, institution),
        bank_key=founding.bank_key(session, bank).multikey,
        status_lists=tuple(lists),
        log=verifying.receipt(session, credential),
    )
