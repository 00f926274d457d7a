"""The tables of the credit bank.

Table models do not validate (they are rows, not values); what enters them has been checked by the pure core.
"""

from credit_bank.store.tables.account import CreditJournal, CreditPosting, CreditUse
from credit_bank.store.tables.casework import (
    CaseDecision,
    CaseEvent,
    CaseEvidence,
    CaseReview,
    CaseSource,
    EvidenceJudgement,
    RecognitionCase,
)
from credit_bank.store.tables.document import DocumentAcceptance, DocumentEndorsement, PublishedDocument
from credit_bank.store.tables.institution import (
    Accreditation,
    AdmissionApplication,
    BankKey,
    Course,
    Deployment,
    ImportBatch,
    Institution,
    InstitutionKey,
)
from credit_bank.store.tables.learner import FormerName, IdentityDigest, Learner, Outcome, ShareLink, Subject
from credit_bank.store.tables.ledger import (
    Checkpoint,
    Credential,
    IdempotencyKey,
    LeafOpening,
    Log,
    LogLeaf,
    LogNode,
    PublishedStatusList,
    StatusChange,
    StatusList,
)
from credit_bank.store.tables.precedent import ComparisonState, Precedent
from credit_bank.store.tables.region import LevelMapVersion, MovedCredential, Region, RegionInstitution, RegionKey

__all__ = [
    "Accreditation",
    "AdmissionApplication",
    "BankKey",
    "CaseDecision",
    "CaseEvent",
    "CaseEvidence",
    "CaseReview",
    "CaseSource",
    "Checkpoint",
    "ComparisonState",
    "Course",
    "Credential",
    "CreditJournal",
    "CreditPosting",
    "CreditUse",
    "Deployment",
    "DocumentAcceptance",
    "DocumentEndorsement",
    "EvidenceJudgement",
    "FormerName",
    "IdempotencyKey",
    "IdentityDigest",
    "ImportBatch",
    "Institution",
    "InstitutionKey",
    "LeafOpening",
    "Learner",
    "LevelMapVersion",
    "Log",
    "LogLeaf",
    "LogNode",
    "MovedCredential",
    "Outcome",
    "Precedent",
    "PublishedDocument",
    "PublishedStatusList",
    "RecognitionCase",
    "Region",
    "RegionInstitution",
    "RegionKey",
    "ShareLink",
    "StatusChange",
    "StatusList",
    "Subject",
]
