"""Recognised regions as rows, the trust registry that reads them, and what learners brought from them."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.key import keyring, multikey, statement
from credit_bank.key.issuer import IssuerRecord
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.store.credentials import document_key
from credit_bank.store.tables import (
    Learner,
    LevelMapVersion,
    MovedCredential,
    Outcome,
    Region,
    RegionInstitution,
    RegionKey,
)


def get(session: Session, region_id: UUID) -> Region:
    """The region of that id. Raises Missing ``region.unknown``."""
    found = session.get(Region, region_id)
    if found is None:
        raise Missing("region.unknown")
    return found


def by_did(session: Session, did: str) -> Region | None:
    """The region of that bank, ended or not, or None."""
    return session.exec(select(Region).where(Region.did == did)).one_or_none()


def every(session: Session) -> Sequence[Region]:
    """All regions by name; ended ones last."""
    rows = session.exec(select(Region).order_by(col(Region.name))).all()
    return sorted(rows, key=lambda region: region.ended_at is not None)


def keys(session: Session, region_id: UUID) -> Sequence[RegionKey]:
    """A region's keys, the oldest first."""
    query = select(RegionKey).where(RegionKey.region_id == region_id)
    return session.exec(query.order_by(col(RegionKey.valid_from), col(RegionKey.multikey))).all()


def institutions(session: Session, region_id: UUID) -> Sequence[RegionInstitution]:
    """Whom a recognised bank accredits, by name."""
    query = select(RegionInstitution).where(RegionInstitution.region_id == region_id)
    return session.exec(query.order_by(col(RegionInstitution.name))).all()


def institution_by_did(session: Session, did: str) -> tuple[RegionInstitution, Region] | None:
    """An institution of a region that is recognised now, with the region; or None."""
    query = select(RegionInstitution, Region).join(Region, col(Region.id) == col(RegionInstitution.region_id))
    return session.exec(query.where(RegionInstitution.did == did, col(Region.ended_at).is_(None))).one_or_none()


def institution(session: Session, institution_id: UUID) -> RegionInstitution | None:
    """An institution of any region by its id, or None."""
    return session.exec(select(RegionInstitution).where(RegionInstitution.id == institution_id)).one_or_none()


def issuer(session: Session, did: str) -> IssuerRecord | None:
    """What a recognised bank states of that institution, or None."""
    found = institution_by_did(session, did)
    if found is None:
        return None
    row, region = found
    return statement.read_statement(row.statement, multikey.decode_public(row.signed_by), region.did)


def level_maps(session: Session, *, superseded: bool = False) -> Sequence[LevelMapVersion]:
    """The published level maps by source and version, those in force alone unless ``superseded``."""
    query = select(LevelMapVersion)
    if not superseded:
        query = query.where(col(LevelMapVersion.superseded_at).is_(None))
    return session.exec(
        query.order_by(col(LevelMapVersion.source), col(LevelMapVersion.target), col(LevelMapVersion.published_at))
    ).all()


def level_map(session: Session, source: str, target: str) -> LevelMap | None:
    """The map in force from one framework onto another, or None."""
    for row in level_maps(session):
        if (row.source, row.target) == (source, target):
            return as_map(row)
    return None


def as_map(row: LevelMapVersion) -> LevelMap:
    """A level map as the core knows it."""
    return LevelMap(row.source, row.target, row.version, json.loads(row.levels))


def known_digests(session: Session, digests: Iterable[bytes]) -> set[bytes]:
    """Which of these credentials were brought before, by anybody."""
    wanted, found = list(digests), set[bytes]()
    for start in range(0, len(wanted), 500):
        query = select(MovedCredential.digest).where(col(MovedCredential.digest).in_(wanted[start : start + 500]))
        found.update(session.exec(query))
    return found


def moved(session: Session, learner_id: UUID) -> Sequence[MovedCredential]:
    """What a learner brought from other banks, the newest first."""
    query = select(MovedCredential).where(MovedCredential.learner_id == learner_id)
    return session.exec(query.order_by(col(MovedCredential.moved_at).desc(), col(MovedCredential.id))).all()


def moved_one(session: Session, learner_id: UUID, outcome_id: UUID) -> MovedCredential:
    """What stands behind an outcome that was brought. Raises Missing ``moved.unknown``."""
    query = select(MovedCredential).where(
        MovedCredential.learner_id == learner_id, MovedCredential.outcome_id == outcome_id
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise Missing("moved.unknown")
    return found


def moved_of_region(
    session: Session, region_id: UUID, after: UUID | None = None, limit: int = 500
) -> Sequence[tuple[MovedCredential, Outcome]]:
    """What anybody brought from a region and still counts, by id from the one after ``after`` on."""
    query = (
        select(MovedCredential, Outcome)
        .join(
            Outcome,
            (col(Outcome.learner_id) == col(MovedCredential.learner_id))
            & (col(Outcome.id) == col(MovedCredential.outcome_id)),
        )
        .where(MovedCredential.region_id == region_id, col(MovedCredential.sealed_bundle).is_not(None))
        .order_by(col(MovedCredential.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(MovedCredential.id) > after)
    return session.exec(query).all()


def moved_count(session: Session, region_id: UUID) -> int:
    """How many credentials learners brought from a region."""
    query = select(func.count()).select_from(MovedCredential).where(MovedCredential.region_id == region_id)
    return session.exec(query).one()


def place(moved_id: UUID) -> bytes:
    """What binds a sealed bundle to its row."""
    return b"moved|" + moved_id.bytes


def open_bundle(session: Session, kek: bytes, row: MovedCredential) -> bytes:
    """The bundle as it was brought. Raises Missing ``credential.erased``; Conflict ``learner.erased``."""
    if row.sealed_bundle is None:
        raise Missing("credential.erased", credential=str(row.id))
    learner = session.get(Learner, row.learner_id)
    assert learner is not None
    return keyring.open_sealed(row.sealed_bundle, document_key(learner, kek), place(row.id))


def move(session: Session, kek: bytes, source: Learner, target: Learner, random_bytes: Callable[[int], bytes]) -> None:
    """Give what one learner brought to another, each bundle sealed anew under the other's key."""
    rows = session.exec(select(MovedCredential).where(MovedCredential.learner_id == source.id)).all()
    if not rows:
        return
    old, new = document_key(source, kek), document_key(target, kek)
    for row in rows:
        sealed = row.sealed_bundle
        if sealed is not None:
            plain = keyring.open_sealed(sealed, old, place(row.id))
            sealed = keyring.seal(plain, new, place(row.id), nonce=random_bytes(12))
        session.execute(
            update(MovedCredential)
            .where(col(MovedCredential.learner_id) == row.learner_id, col(MovedCredential.id) == row.id)
            .values(learner_id=target.id, sealed_bundle=sealed)
        )


def mark_checked(session: Session, row: MovedCredential, at: datetime) -> None:
    """Note when a credential's status was last looked at."""
    row.checked_at = at
    session.add(row)
