"""Founding the bank: its own key, its centre, and the origin that is signed into everything it issues."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.errors import Conflict
from credit_bank.key import keyring, multikey
from credit_bank.key.keyring import SigningKey
from credit_bank.store import institutions
from credit_bank.store.tables import BankKey, Deployment


def found(session: Session, bank: Bank) -> None:
    """Give the bank its key and fix its origin, once; founding again changes nothing.

    Raises Conflict ``founding.origin_changed`` when the bank was founded on another origin: what was issued names it.
    """
    fixed = institutions.deployment(session)
    if fixed is None:
        session.add(Deployment(public_origin=bank.origin, fixed_at=bank.now()))
    elif fixed.public_origin != bank.origin:
        raise Conflict("founding.origin_changed", fixed=fixed.public_origin, given=bank.origin)
    if not institutions.bank_keys(session):
        private = Ed25519PrivateKey.generate()
        public = multikey.encode_public(private.public_key())
        sealed = keyring.seal(
            private.private_bytes_raw(), bank.kek, f"bank|{public}".encode(), nonce=bank.random_bytes(12)
        )
        session.add(BankKey(multikey=public, sealed_private=sealed, valid_from=bank.now()))
    session.flush()


def bank_key(session: Session, bank: Bank) -> SigningKey:
    """The bank's signing key in use.

    Raises Conflict ``founding.not_founded``; InvalidInput ``key.unsealing_failed``.
    """
    usable = [k for k in institutions.bank_keys(session) if k.revoked_at is None and k.valid_to is None]
    if not usable:
        raise Conflict("founding.not_founded")
    row = usable[-1]
    raw = keyring.open_sealed(row.sealed_private, bank.kek, f"bank|{row.multikey}".encode())
    return SigningKey.of(bank.did, Ed25519PrivateKey.from_private_bytes(raw))


def check(session: Session, bank: Bank) -> None:
    """Refuse to start with the wrong origin or the wrong key.

    Raises Conflict ``founding.origin_changed``; InvalidInput ``key.unsealing_failed``.
    """
    fixed = institutions.deployment(session)
    if fixed is not None:
        if fixed.public_origin != bank.origin:
            raise Conflict("founding.origin_changed", fixed=fixed.public_origin, given=bank.origin)
        bank_key(session, bank)
