"""Recognising other cities' credit banks: stating oneself, pinning their keys, keeping their trust lists fresh.

Trust begins with a person who compares a key by a second channel (a letter, a telephone call). From then on every file
must be signed by a key that is known already; what a file says of new keys is then known, too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import admitting, founding
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.exchange.region import Region as RegionFile
from credit_bank.exchange.region import compose_region, read_bank, read_region, sign_bank
from credit_bank.key.issuer import KeyRecord
from credit_bank.recognition.framework import EVERGREEN, Framework
from credit_bank.recognition.known_frameworks import known_frameworks
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.store import institutions
from credit_bank.store import regions as rows
from credit_bank.store.tables import LevelMapVersion, Region, RegionInstitution, RegionKey


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a region's file changed: how many institutions are new, stated anew, or no longer stated."""

    region_id: UUID
    new: int
    renewed: int
    withdrawn: int


def own_file(session: Session, bank: Bank) -> bytes:
    """This bank's own region file, signed now: what other cities take to recognise it.

    Raises Conflict ``founding.not_founded``.
    """
    key = founding.bank_key(session, bank)
    keys = [KeyRecord(k.multikey, k.valid_from, k.valid_to, k.revoked_at) for k in institutions.bank_keys(session)]
    maps = [rows.as_map(row) for row in rows.level_maps(session)]
    names = {"did": bank.did, "name": bank.name, "name_en": bank.name_en or bank.name}
    statement = sign_bank(names, keys, EVERGREEN, maps, key.private, bank.now())
    return compose_region(statement, [admitting.statement(session, bank, i) for i in institutions.every(session)])


def recognise(session: Session, bank: Bank, content: bytes, key: str, recognised_by: UUID | None = None) -> Refreshed:
    """Recognise a bank whose key a person compared: ``key`` is the multikey as that person has it.

    A region that was ended is recognised anew. Raises InvalidInput ``region.own``, ``region.out_of_date`` or as
    ``read_region``; Conflict ``region.known``.
    """
    read = read_region(content, [key.strip()])
    if read.bank.did == bank.did:
        raise InvalidInput("region.own")
    known = rows.by_did(session, read.bank.did)
    if known is not None and known.ended_at is None:
        raise Conflict("region.known", name=known.name)
    now = bank.now()
    region = known or Region(
        did=read.bank.did, name=read.bank.name, name_en=read.bank.name_en, statement="", stated_at=read.bank.stated_at,
        good_until=read.bank.good_until, recognised_at=now,
    )  # fmt: skip
    region.recognised_at, region.recognised_by, region.ended_at = now, recognised_by, None
    session.add(region)
    session.flush()
    return _take(session, bank, region, read)


def refresh(session: Session, bank: Bank, region_id: UUID, content: bytes) -> Refreshed:
    """Take a newer file of a recognised bank, signed by a key that is known and not revoked.

    Raises Missing ``region.unknown``; Conflict ``region.ended``; InvalidInput ``region.of_other``, ``.older``,
    ``.out_of_date`` or as ``read_region``.
    """
    region = rows.get(session, region_id)
    if region.ended_at is not None:
        raise Conflict("region.ended", name=region.name)
    pinned = [k.multikey for k in rows.keys(session, region.id) if k.revoked_at is None]
    read = read_region(content, pinned)
    if read.bank.did != region.did:
        raise InvalidInput("region.of_other", name=read.bank.name)
    if read.bank.stated_at < region.stated_at:
        raise InvalidInput("region.older")
    return _take(session, bank, region, read)


def end(session: Session, bank: Bank, region_id: UUID) -> Region:
    """End a recognition: nothing more is taken from there; what was brought stays, and is no longer checked.

    Raises Missing ``region.unknown``; Conflict ``region.ended``.
    """
    region = rows.get(session, region_id)
    if region.ended_at is not None:
        raise Conflict("region.ended", name=region.name)
    region.ended_at = bank.now()
    session.add(region)
    session.flush()
    return region


def _take(session: Session, bank: Bank, region: Region, read: RegionFile) -> Refreshed:
    if read.bank.good_until < bank.now():
        raise InvalidInput("region.out_of_date", until=read.bank.good_until.isoformat())
    region.name, region.name_en, region.statement = read.bank.name, read.bank.name_en, read.statement
    region.stated_at, region.good_until = read.bank.stated_at, read.bank.good_until
    session.add(region)
    for key in read.bank.keys:
        session.merge(
            RegionKey(
                region_id=region.id, multikey=key.multikey, valid_from=key.valid_from, valid_to=key.valid_to,
                revoked_at=key.revoked_at,
            )
        )  # fmt: skip
    return _take_institutions(session, region, read)


def _take_institutions(session: Session, region: Region, read: RegionFile) -> Refreshed:
    """An institution that is stated no more keeps its last statement, which runs out by itself."""
    known = {row.did: row for row in rows.institutions(session, region.id)}
    new = renewed = 0
    for token, record in read.institutions:
        assert record.stated_at is not None
        row = known.pop(record.did, None)
        if row is None:
            row = RegionInstitution(
                region_id=region.id, did=record.did, name="", statement="", signed_by="", stated_at=record.stated_at
            )
            new += 1
        elif record.stated_at < row.stated_at:
            continue
        else:
            renewed += 1
        row.name, row.statement, row.signed_by, row.stated_at = record.name, token, read.signed_by, record.stated_at
        session.add(row)
    session.flush()
    return Refreshed(region.id, new, renewed, len(known))


def framework_of(session: Session, region: Region) -> Framework:
    """The framework that a recognised bank states as its own."""
    return read_bank(region.statement, [key.multikey for key in rows.keys(session, region.id)])[0].framework


def foreign_frameworks(session: Session) -> Mapping[str, Framework]:
    """Frameworks to map from, by id: those that recognised banks state, then published ones of elsewhere."""
    theirs = [framework_of(session, region) for region in rows.every(session) if region.ended_at is None]
    return {**known_frameworks(), **{found.id: found for found in theirs if found.id != EVERGREEN.id}}


def publish_level_map(session: Session, bank: Bank, mapping: LevelMap, by: UUID | None = None) -> LevelMapVersion:
    """Publish how levels of another framework are read here; the version before stays for the decisions that name it.

    Raises InvalidInput ``level_map.source_own``, ``.target_unknown``, ``.empty``, ``.level_unknown`` (with the level)
    or ``.not_rising``; Conflict ``level_map.version_known``.
    """
    check_level_map(mapping)
    if session.get(LevelMapVersion, (mapping.source, mapping.target, mapping.version)) is not None:
        raise Conflict("level_map.version_known", version=mapping.version)
    now = bank.now()
    before = select(LevelMapVersion).where(
        LevelMapVersion.source == mapping.source,
        LevelMapVersion.target == mapping.target,
        col(LevelMapVersion.superseded_at).is_(None),
    )
    for row in session.exec(before):
        row.superseded_at = now
        session.add(row)
    made = LevelMapVersion(
        source=mapping.source, target=mapping.target, version=mapping.version,
        levels=json.dumps(dict(mapping.levels), ensure_ascii=False), published_at=now, published_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def check_level_map(mapping: LevelMap) -> None:
    """Refuse a map that cannot be right. Raises as ``publish_level_map`` does."""
    if mapping.source == EVERGREEN.id:
        raise InvalidInput("level_map.source_own")
    if mapping.target != EVERGREEN.id:
        raise InvalidInput("level_map.target_unknown", target=mapping.target[:80])
    if not mapping.levels:
        raise InvalidInput("level_map.empty")
    ranks = {level.code: level.rank for level in EVERGREEN.levels}
    for code in mapping.levels.values():
        if code not in ranks:
            raise InvalidInput("level_map.level_unknown", level=code[:20], known=", ".join(ranks))
    rising = [ranks[code] for _, code in sorted(mapping.levels.items(), key=lambda pair: _rank(pair[0]))]
    if rising != sorted(rising):
        raise InvalidInput("level_map.not_rising")


def _rank(code: str) -> tuple[int, float | str]:
    """Codes that are numbers by number, others after them by name."""
    try:
        return (0, float(code))
    except ValueError:
        return (1, code)


def shown_level_map(row: LevelMapVersion) -> Mapping[str, str]:
    """A map's pairs in order of the source's levels."""
    pairs = rows.as_map(row).levels.items()
    return dict(sorted(pairs, key=lambda pair: _rank(pair[0])))
