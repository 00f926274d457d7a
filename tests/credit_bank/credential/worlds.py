"""A small world to verify in: a bank, an institution with its log and status lists, and one credential."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_bank.credential.bundle import Bundle
from credit_bank.credential.compose import compose
from credit_bank.credential.evidence import LogEvidence, StatusLists, credential_digest
from credit_bank.credential.model import AchievementSpec, Award, IssuerProfile, StatusEntry
from credit_bank.credential.securing.cryptosuite import SuiteName
from credit_bank.credential.securing.data_integrity import add_proof
from credit_bank.credential.status import compose_status_list, empty_bits, set_bits
from credit_bank.credential.verify import verify
from credit_bank.key import multikey
from credit_bank.key.did import did_web
from credit_bank.key.keyring import SigningKey
from credit_bank.key.trust import Accreditation, IssuerRecord, KeyRecord, TrustList, sign_statement
from credit_bank.log import leaf, merkle
from credit_bank.log.checkpoint import Checkpoint, sign_checkpoint
from credit_bank.recognition.framework import Category
from credit_bank.report import VerificationReport

ORIGIN = "http://localhost:8000"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
ISSUED = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
NOW = datetime(2026, 7, 2, tzinfo=UTC)
BANK_DID = did_web(ORIGIN)
DID = did_web(ORIGIN, "qinghe")
LOG_ORIGIN = "localhost:8000/institutions/qinghe/log"
CREDENTIAL_ID = "urn:uuid:3f0c2a9e-5d14-4c1b-9a55-2f1b0c7d8e01"
SUBJECT_ID = "urn:uuid:7b1e4d62-0c3a-4f8e-8d21-6a5b4c3d2e02"
LIST = f"{ORIGIN}/status/0198f0aa-0000-7000-8000-000000000001"
INDEX = 40_321

ISSUER = IssuerProfile(DID, "清河社区学院", f"{ORIGIN}/institutions/qinghe")
SPEC = AchievementSpec(
    id="urn:uuid:5a6b7c8d-1e2f-4a3b-8c4d-9e0f1a2b3c03",
    name="智能手机入门",
    description="从开机学起：打电话、看照片、防诈骗。",
    criteria="到课八成以上，并通过结业练习。",
    category=Category.OTHER,
    framework_id="evergreen-1",
    framework_name="常青学分框架（第一版）",
    framework_url=f"{ORIGIN}/frameworks/evergreen-1",
    human_code="SJ-101",
    field_of_study="信息技术",
    language="zh-CN",
    level_code="2",
    level_name="2 级",
    credits="2.5",
    hours="45",
)
AWARD = Award(
    subject_id=SUBJECT_ID,
    awarded=ISSUED - timedelta(days=1),
    valid_from=ISSUED,
    valid_until=datetime(2036, 7, 1, tzinfo=UTC),
    grade="优秀",
    term="2026 春",
)


def private_key(number: int) -> Ed25519PrivateKey:
    """A key of the tests' own, always the same for a number."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(key: Ed25519PrivateKey) -> str:
    return multikey.encode_public(key.public_key())


BANK_KEY = private_key(1)
LOG_KEY = private_key(2)
KEY = SigningKey.of(DID, private_key(3))
OTHER_KEY = SigningKey.of(DID, private_key(4))

RECORD = IssuerRecord(
    did=DID,
    name="清河社区学院",
    keys=(KeyRecord(KEY.multikey, SINCE),),
    accreditations=(Accreditation("other", SINCE),),
    log_origin=LOG_ORIGIN,
    log_keys=(KeyRecord(public(LOG_KEY), SINCE),),
)


def unsigned(spec: AchievementSpec = SPEC, award: Award = AWARD) -> dict[str, Any]:
    return compose(CREDENTIAL_ID, ISSUER, spec, award, StatusEntry(f"{LIST}/revocation", INDEX))


def status_list(purpose: str, *, marked: bool = False, key: SigningKey = KEY, **other: Any) -> dict[str, Any]:
    bits = set_bits(empty_bits(), [INDEX]) if marked else empty_bits()
    list_of = other.get("list_of", purpose)
    document = compose_status_list(
        f"{LIST}/{purpose}", other.get("did", DID), list_of, bits, ISSUED, other.get("until")
    )
    return add_proof(document, key, ISSUED, "eddsa-jcs-2022")


def receipt(document: dict[str, Any], *, index: int = 5, size: int = 11) -> LogEvidence:
    salt = bytes(range(32))
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    leaves[index] = merkle.leaf_hash(leaf.commit("issue", credential_digest(document), salt))
    note = sign_checkpoint(Checkpoint(LOG_ORIGIN, size, merkle.root(leaves)), LOG_KEY)
    return LogEvidence(index, salt, tuple(merkle.inclusion_proof(leaves, index)), note)


@dataclass(frozen=True)
class World:
    """A credential and what is needed to verify it; ``check`` verifies, with anything replaced."""

    credential: dict[str, Any]
    record: IssuerRecord
    lists: tuple[dict[str, Any], ...]
    log: LogEvidence | None

    def check(self, source: bytes | dict[str, Any] | None = None, **changed: Any) -> VerificationReport:
        given: dict[str, Any] = {
            "now": NOW,
            "trust": TrustList([self.record]),
            "status_lists": StatusLists(self.lists),
            "log": self.log,
            "subject": SUBJECT_ID,
        }
        return verify(self.credential if source is None else source, **{**given, **changed})

    def bundle(self) -> Bundle:
        statement = sign_statement(self.record, BANK_DID, BANK_KEY, ISSUED)
        return Bundle(self.credential, statement, public(BANK_KEY), self.lists, self.log)

    def but(self, **changed: Any) -> "World":
        return replace(self, **changed)


def world(suite: SuiteName = "eddsa-rdfc-2022", spec: AchievementSpec = SPEC, award: Award = AWARD) -> World:
    credential = add_proof(unsigned(spec, award), KEY, ISSUED, suite)
    return World(credential, RECORD, (status_list("revocation"), status_list("suspension")), receipt(credential))
