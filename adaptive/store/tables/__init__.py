"""The tables of the adaptive library."""

from adaptive.store.tables.answer import Answer, Decision, ItemVisit, StudySession
from adaptive.store.tables.companion import CompanionQuestion, PassageIndex, PassageRow, PassageWord
from adaptive.store.tables.learner import (
    FairnessAttribute,
    LearnerModel,
    LearnerState,
    LearningMark,
    LearningPlan,
    LearningPreference,
    MasteredSkill,
)
from adaptive.store.tables.shared import FairnessCheck, ModelWeights, PolicyState, SharedTerm

__all__ = [
    "Answer",
    "CompanionQuestion",
    "Decision",
    "FairnessAttribute",
    "FairnessCheck",
    "ItemVisit",
    "LearnerModel",
    "LearnerState",
    "LearningMark",
    "LearningPlan",
    "LearningPreference",
    "MasteredSkill",
    "ModelWeights",
    "PassageIndex",
    "PassageRow",
    "PassageWord",
    "PolicyState",
    "SharedTerm",
    "StudySession",
]
