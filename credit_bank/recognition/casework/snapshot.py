"""A proposal as plain JSON values, as a case and its decision keep it: every candidate with its reasons (R19, R31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credit_bank.errors import InvalidInput
from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.proposal import Proposal

Json = dict[str, Any]


def of_proposal(proposal: Proposal) -> Json:
    """The whole of it; amounts stay whole numbers of smallest steps, shares become fractions as text."""
    return {
        "programme": proposal.programme,
        "on": proposal.on.isoformat(),
        "candidates": [of_candidate(one) for one in proposal.candidates],
        "chosen": list(proposal.chosen),
        "reasons": {key: [reason.as_dict() for reason in found] for key, found in proposal.reasons.items()},
        "courses": {key: [reason.as_dict() for reason in found] for key, found in proposal.courses.items()},
        "counters": [
            {
                "limit": counter.limit,
                "ruleset": counter.ruleset,
                "sense": counter.sense,
                "bound": counter.bound,
                "already": counter.already,
                "parameters": dict(counter.parameters),
            }
            for counter in proposal.counters
        ],
        "credits": proposal.credits,
        "missing": proposal.missing,
        "rulesets": list(proposal.rulesets),
    }


def of_candidate(one: Candidate) -> Json:
    """One candidate with the hash of the rule set that it follows."""
    rule = one.rule
    return {
        "id": one.id,
        "ruleset": rule.ruleset,
        "sha256": rule.sha256,
        "rule": rule.rule,
        "basis": rule.basis.name.lower(),
        "spends": dict(one.spends),
        "given": [
            {
                "course": given.course,
                "component": given.component,
                "credits": given.credits,
                "bridged": given.bridged,
                "grade": given.grade,
                "counts_in_gpa": given.counts_in_gpa,
            }
            for given in one.given
        ],
        "result": one.result.value,
        "use": one.use,
        "eligible": one.eligible,
        "share": str(one.share),
        "bridge": {"task": one.bridge.task, "task_en": one.bridge.task_en} if one.bridge else None,
        "reasons": [reason.as_dict() for reason in one.reasons],
    }


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate as a decision grants it, read back from a snapshot."""

    id: str
    ruleset: str
    sha256: str
    rule: str
    use: str
    eligible: bool
    spends: Mapping[str, int]
    given: Sequence[Json]
    gives: bool

    @property
    def credits(self) -> int:
        """The credits that it gives at once, in smallest steps."""
        return sum(int(one["credits"]) for one in self.given)


def offers(snapshot: Json | None) -> dict[str, Offer]:
    """The candidates of a snapshot by id; none for None."""
    return {
        one["id"]: Offer(
            one["id"],
            one["ruleset"],
            one["sha256"],
            one["rule"],
            one["use"],
            bool(one["eligible"]),
            {key: int(value) for key, value in one["spends"].items()},
            list(one["given"]),
            one["result"] in ("equivalent", "elective", "block"),
        )
        for one in (snapshot or {}).get("candidates", ())
    }


def grantable(snapshot: Json | None, wanted: Sequence[str]) -> list[Offer]:
    """Those offers, if all can be granted together with no outcome spent twice for one use (rule R15).

    Raises InvalidInput ``case.candidate_unknown``, ``case.candidate_not_eligible`` or ``case.outcome_twice``.
    """
    known = offers(snapshot)
    spent: set[tuple[str, str]] = set()
    found = []
    for id in dict.fromkeys(wanted):
        offer = known.get(id)
        if offer is None:
            raise InvalidInput("case.candidate_unknown", candidate=id[:80])
        if not offer.eligible or not offer.gives:
            raise InvalidInput("case.candidate_not_eligible", candidate=offer.rule)
        for outcome in offer.spends:
            if (offer.use, outcome) in spent:
                raise InvalidInput("case.outcome_twice", candidate=offer.rule)
            spent.add((offer.use, outcome))
        found.append(offer)
    return found
