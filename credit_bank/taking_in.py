"""Taking in: a learner's record that another city's bank signed for this one, held against what is known here.

Each credential is checked with the sending bank's statement about its issuer; what is kept says by which framework and
level map its credits and level were read.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlmodel import Session

from credit_bank import rechecking, settling
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.credential import transfer
from credit_bank.credential.bundle import Bundle, compose_bundle
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.summary import Summary, summary
from credit_bank.credential.transfer import Transfer, TransferStatement
from credit_bank.depositing import fingerprint
from credit_bank.errors import CreditBankError, InvalidInput
from credit_bank.identity.name import plain_name
from credit_bank.key import keyring
from credit_bank.recognition.foreign import ReadHere, read_here
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.regions import framework_of
from credit_bank.report import Outcome as Finding
from credit_bank.report import VerificationReport
from credit_bank.store import credentials, learners, outcomes, regions
from credit_bank.store.tables import Learner, MovedCredential, Outcome, Region, RegionInstitution


@dataclass(frozen=True, slots=True)
class Received:
    """One credential of a transfer as it would be taken in.

    ``problem`` is the code of why it is not (``taking_in.…``), else None; ``here`` its credits and level at this bank.
    """

    facts: Summary
    report: VerificationReport
    bundle: Bundle
    digest: bytes
    problem: str | None
    here: ReadHere


@dataclass(frozen=True, slots=True)
class Looked:
    """A transfer file held against the ledger: who sends it, for whom, and each credential with what is found.

    ``name_matches``: the name that the sending bank states is the learner's. Where it is not, a person decides (R30).
    """

    statement: TransferStatement
    region: Region
    name_matches: bool
    received: tuple[Received, ...]


def look(session: Session, bank: Bank, learner_id: UUID, content: bytes) -> Looked:
    """What a transfer file holds and what of it can be taken in for this learner; nothing is written.

    Raises InvalidInput ``transfer.malformed``, ``transfer.sender_unknown``, ``taking_in.for_other_bank``,
    ``taking_in.for_other_account`` or ``taking_in.out_of_date``.
    """
    parsed = transfer.parse_transfer(content)
    statement, region = _statement(session, parsed)
    if statement.receiver != bank.did:
        raise InvalidInput("taking_in.for_other_bank")
    learner = learners.get(session, learner_id)
    owner = learners.by_account_numbers(session, [statement.account]).get(statement.account)
    if owner is None or owner.id != learner.id:
        raise InvalidInput("taking_in.for_other_account")
    if statement.good_until < bank.now():
        raise InvalidInput("taking_in.out_of_date", until=statement.good_until.isoformat())
    stated = {one.digest: one.subject for one in statement.credentials}
    digests = [bytes.fromhex(transfer.digest_of(bundle.credential)) for bundle in parsed.bundles]
    known = regions.known_digests(session, digests)
    held = {print_ for _, print_ in outcomes.fingerprints(session, [learner.id])}
    received = tuple(
        _received(session, bank, region, bundle, digest, stated.get(digest.hex()), digest in known, held)
        for bundle, digest in zip(parsed.bundles, digests, strict=True)
    )
    return Looked(statement, region, plain_name(statement.name) in _names(session, learner), received)


def _statement(session: Session, parsed: Transfer) -> tuple[TransferStatement, Region]:
    for region in regions.every(session):
        if region.ended_at is not None:
            continue
        usable = [k.multikey for k in regions.keys(session, region.id) if k.revoked_at is None]
        try:
            statement = transfer.read_statement(parsed.token, usable)
        except InvalidInput as problem:
            if problem.code != "transfer.sender_unknown":
                raise
            continue
        if statement.sender == region.did:
            return statement, region
    raise InvalidInput("transfer.sender_unknown")


def _names(session: Session, learner: Learner) -> set[str]:
    return {plain_name(learner.name), *(plain_name(f.name) for f in learners.former_names(session, learner.id))}


def _received(
    session: Session,
    bank: Bank,
    region: Region,
    bundle: Bundle,
    digest: bytes,
    subject: str | None,
    known: bool,
    held: set[bytes],
) -> Received:
    facts = summary(bundle.credential)
    report = rechecking.check(session, bank, bundle, subject or "")
    theirs = framework_of(session, region)
    mapping = regions.level_map(session, theirs.id, EVERGREEN.id)
    here = read_here(facts["credits"] or "", facts["level_code"] or "", theirs, EVERGREEN, mapping)
    problem = None
    if known:
        problem = "taking_in.known"
    elif subject is None:
        problem = "taking_in.not_stated"
    elif report.outcome is not Finding.PASS:
        problem = "taking_in.not_verified"
    elif not facts["title"]:
        problem = "taking_in.untitled"
    elif _fingerprint(session, facts) in held:
        problem = "taking_in.known"
    return Received(facts, report, bundle, digest, problem, here)


def _fingerprint(session: Session, facts: Summary) -> bytes:
    """What makes it the same outcome; two of one file that agree in it are one, and the first is kept."""
    awarded = _awarded(facts)
    course = facts["code"] or facts["title"] or ""
    return fingerprint(_institution(session, facts).id, course, awarded.isoformat() if awarded else "")


def take_in(session: Session, bank: Bank, learner_id: UUID, content: bytes, *, by: UUID | None = None) -> list[UUID]:
    """Take in what can be taken of a transfer file; the outcomes' ids.

    A person at the counter who saw a document says ``by``; without, the names must match (rule R30).
    Raises as ``look``; InvalidInput ``taking_in.name_differs``, ``taking_in.nothing_new``.
    """
    held = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    looked = look(session, bank, held.id, content)
    if not looked.name_matches and by is None:
        raise InvalidInput("taking_in.name_differs", name=looked.statement.name)
    good = [one for one in looked.received if one.problem is None]
    if not good:
        raise InvalidInput("taking_in.nothing_new")
    key = credentials.document_key(held, bank.kek)
    made = [_keep(session, bank, held, looked, one, key, by) for one in good]
    deposit = Decision(UUID(looked.statement.id), "deposited", None, by)
    settling.earn(session, bank, [outcome.model_dump() for outcome in made], deposit)
    return [outcome.id for outcome in made]


def _keep(
    session: Session, bank: Bank, learner: Learner, looked: Looked, one: Received, key: bytes, by: UUID | None
) -> Outcome:
    outcome = _outcome(session, bank, learner, one, by)
    session.add(outcome)
    facts, now = one.facts, bank.now()
    row = MovedCredential(
        learner_id=learner.id,
        outcome_id=outcome.id,
        region_id=looked.region.id,
        transfer=looked.statement.id,
        digest=one.digest,
        framework=facts["framework"] or "",
        credits=facts["credits"] or "",
        level=facts["level_code"] or "",
        level_map=one.here.level_map,
        basis=one.here.basis,
        moved_at=now,
        checked_at=now,
    )
    row.sealed_bundle = keyring.seal(
        compose_bundle(one.bundle), key, regions.place(row.id), nonce=bank.random_bytes(12)
    )
    session.add(row)
    session.flush()
    return outcome


def _outcome(session: Session, bank: Bank, learner: Learner, one: Received, by: UUID | None) -> Outcome:
    facts, institution = one.facts, _institution(session, one.facts)
    return Outcome(
        learner_id=learner.id,
        institution_id=institution.id,
        title=facts["title"] or "",
        code=facts["code"],
        category=facts["category"] or "other",
        framework=EVERGREEN.id,
        credits=one.here.credits,
        hours=_tenths(facts["hours"]),
        hour_kind=facts["hour_kind"],
        level=one.here.level or None,
        grade=facts["grade"],
        term=facts["term"],
        awarded_on=_awarded(facts) or bank.now().date(),
        valid_until=_day(facts["valid_until"]),
        state="issued",
        fingerprint=_fingerprint(session, facts),
        source="region",
        recorded_at=bank.now(),
        recorded_by=by,
    )


def _institution(session: Session, facts: Summary) -> RegionInstitution:
    found = regions.institution_by_did(session, facts["issuer_id"] or "")
    assert found is not None, "a credential that passed has an issuer that is known"
    return found[0]


def _awarded(facts: Summary) -> date | None:
    return _day(facts["awarded"]) or _day(facts["valid_from"])


def _day(value: str | None) -> date | None:
    try:
        return parse_instant(value, "date").date() if value else None
    except CreditBankError:
        return None


def _tenths(hours: str | None) -> int | None:
    return int(Fraction(hours) * 10) if hours else None
