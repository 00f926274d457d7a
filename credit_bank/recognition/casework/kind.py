"""The kinds of case, the states that a case can be in, and what a reviewer can say."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What is asked for."""

    RECOGNITION = "recognition"  # 认定
    CONVERSION = "conversion"  # 转换
    RPL = "rpl"  # 无定式成果 (rule R23)
    EX_ANTE = "ex-ante"  # 事先约定 (rule R25)
    APPEAL = "appeal"  # 申诉 (rule R26)
    IMPAIRMENT = "impairment"  # 撤销影响 (rule R27)
    CORRECTION = "correction"  # 更正 (rule R28)


class CaseState(StrEnum):
    """Where a case stands. ``OPEN`` says which of these are not yet decided."""

    FIRST_REVIEW = "first-review"  # 初审
    SECOND_REVIEW = "second-review"  # 复审
    PANEL = "panel"  # 专家组评审
    NOTICE = "notice"  # 公示
    RETURNED = "returned"  # 退回补充
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IMPAIRED = "impaired"  # what it rests on was revoked or suspended
    CONSUMED = "consumed"  # 已兑换
    REVERSED = "reversed"  # 已冲正
    # An appeal and a correction end in one of the first three, an impairment in the last two or as reversed.
    UPHELD = "upheld"  # 维持
    VARIED = "varied"  # 变更
    ANNULLED = "annulled"  # 撤销原决定
    KEPT = "kept"  # stands, as it did
    SUBSTITUTED = "substituted"  # rests on another outcome now


class Stage(StrEnum):
    """At which a vote is given."""

    FIRST = "first-review"
    SECOND = "second-review"
    PANEL = "panel"


class Vote(StrEnum):
    """What a reviewer says; a return asks the learner for more and ends the round."""

    AGREE = "agree"
    DISAGREE = "disagree"
    RETURN = "return"


AGAIN = (CaseKind.APPEAL, CaseKind.CORRECTION)
"""The kinds of case that are about a decision that may be wrong."""

REVIEWED = frozenset({CaseState.FIRST_REVIEW, CaseState.SECOND_REVIEW, CaseState.PANEL})
"""The states in which reviewers vote."""

OPEN = REVIEWED | {CaseState.NOTICE, CaseState.RETURNED}
"""The states in which a case is not decided for good."""

APPEALABLE = frozenset(
    {CaseState.APPROVED, CaseState.REFUSED, CaseState.REVERSED, CaseState.SUBSTITUTED, CaseState.KEPT}
)
"""The states whose decision a learner may appeal against."""
