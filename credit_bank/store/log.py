"""An institution's log as rows: leaves, the nodes of complete subtrees, checkpoints.

Sequencing locks the log's row, so that two writers of one log queue; the primary key on the sequence number refuses a
second writer that did not.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, or_, update
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.log import merkle
from credit_bank.store.tables import Checkpoint, LeafOpening, Log, LogLeaf, LogNode


def locked(session: Session, institution_id: UUID) -> Log:
    """The log, locked until the transaction ends. Raises Missing ``log.unknown``."""
    found = session.exec(
        select(Log)
        .where(Log.institution_id == institution_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Missing("log.unknown", institution=str(institution_id))
    return found


def get(session: Session, institution_id: UUID) -> Log:
    """The log of an institution. Raises Missing ``log.unknown``."""
    found = session.get(Log, institution_id)
    if found is None:
        raise Missing("log.unknown", institution=str(institution_id))
    return found


def nodes(session: Session, institution_id: UUID, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of complete nodes by (level, position), in one query."""
    if not places:
        return {}
    wanted = or_(*(and_(col(LogNode.level) == level, col(LogNode.position) == at) for level, at in places))
    rows = session.execute(
        select(LogNode.level, LogNode.position, LogNode.hash).where(
            col(LogNode.institution_id) == institution_id, wanted
        )
    )
    return {(level, position): value for level, position, value in rows}


def frontier(session: Session, institution_id: UUID, size: int) -> list[bytes]:
    """The roots of the complete subtrees of the first ``size`` leaves, the largest first."""
    places = merkle.frontier_nodes(size)
    found = nodes(session, institution_id, places)
    return [found[place] for place in places]


def append(session: Session, institution_id: UUID, entries: Sequence[bytes], at: datetime) -> int:
    """Sequence entries as the log's next leaves, in the caller's transaction; the sequence number of the first.

    Marks the log as touched in ``session.info``, so that whoever owns the transaction can have it published.
    """
    log = locked(session, institution_id)
    first = log.size
    complete, _ = merkle.append_all(
        first, frontier(session, institution_id, first), [merkle.leaf_hash(entry) for entry in entries]
    )
    session.execute(
        insert(LogLeaf),
        [
            {"institution_id": institution_id, "sequence": first + n, "entry": entry, "logged_at": at}
            for n, entry in enumerate(entries)
        ],
    )
    session.execute(
        insert(LogNode),
        [
            {"institution_id": institution_id, "level": level, "position": position, "hash": value}
            for level, position, value in complete
        ],
    )
    session.execute(update(Log).where(col(Log.institution_id) == institution_id).values(size=first + len(entries)))
    session.info.setdefault("touched_logs", set()).add(institution_id)
    return first


def keep_openings(session: Session, institution_id: UUID, openings: Sequence[tuple[int, UUID, bytes]]) -> None:
    """Keep what opens leaves: (sequence, learner, salt)."""
    session.execute(
        insert(LeafOpening),
        [
            {"institution_id": institution_id, "sequence": sequence, "learner_id": learner_id, "salt": salt}
            for sequence, learner_id, salt in openings
        ],
    )


def entry(session: Session, institution_id: UUID, sequence: int) -> bytes:
    """A leaf's entry. Raises Missing ``log.leaf_unknown``."""
    found = session.get(LogLeaf, (institution_id, sequence))
    if found is None:
        raise Missing("log.leaf_unknown", sequence=sequence)
    return found.entry


def latest_checkpoint(session: Session, institution_id: UUID) -> Checkpoint | None:
    """The newest checkpoint, or None before the first."""
    return session.exec(
        select(Checkpoint)
        .where(Checkpoint.institution_id == institution_id)
        .order_by(col(Checkpoint.size).desc())
        .limit(1)
    ).first()


def inclusion_proof(session: Session, institution_id: UUID, sequence: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree of the first ``size`` leaves (RFC 6962 §2.1.1), in O(log n) rows."""
    places: list[tuple[int, int]] = []

    def note(level: int, position: int) -> bytes:
        places.append((level, position))
        return merkle.EMPTY_ROOT

    merkle.inclusion_proof_from(note, sequence, size)
    found = nodes(session, institution_id, places)
    return merkle.inclusion_proof_from(lambda level, position: found[level, position], sequence, size)


def unpublished(session: Session) -> Sequence[UUID]:
    """The institutions whose log has leaves that no checkpoint covers yet."""
    newest = (
        select(Checkpoint.size)
        .where(col(Checkpoint.institution_id) == col(Log.institution_id))
        .order_by(col(Checkpoint.size).desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Log.institution_id).where(col(Log.size) > 0, or_(newest.is_(None), newest < col(Log.size)))
    )
    return [row[0] for row in rows]
