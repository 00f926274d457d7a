"""Limits that cannot be kept, or that speak of what is not there."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.limit import Limit
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.ruleset import RuleSet


def limits(ruleset: RuleSet, programmes: Sequence[Programme]) -> Iterator[Lint]:
    """Findings about the limits of a set, for each programme that it serves."""
    rules = {rule.id for rule in ruleset.rules}
    for limit in ruleset.limits:
        place = (Place(ruleset.id, "limit", limit.id),)
        strange = sorted(limit.counted.rules - rules)
        if strange:
            yield Lint("limit.rule_missing", "error", place, {"rules": ", ".join(strange)})
        if limit.sense == "at-most" and limit.bound == 0:
            yield Lint("limit.nothing", "warning", place)
    served = [one for one in programmes if ruleset.serves(one)]
    for programme in served:
        for limit in ruleset.limits:
            yield from _within(limit, programme, (Place(ruleset.id, "limit", limit.id),))
    for n, one in enumerate(ruleset.limits):
        for other in ruleset.limits[:n]:
            if _clash(one, other, served):
                places = (Place(ruleset.id, "limit", other.id), Place(ruleset.id, "limit", one.id))
                yield Lint("limit.clash", "error", places)


def bound_in(limit: Limit, programme: Programme) -> Fraction | None:
    """The bound in credits, courses or outcomes; None where its base is not there."""
    if not limit.base:
        return limit.bound
    if limit.base == "component":
        component = next((one for one in programme.components if one.id == limit.base_component), None)
        return None if component is None else limit.bound * component.minimum
    if limit.base == "total" and limit.unit == "credits":
        return limit.bound * programme.total
    courses = [one for one in programme.courses if limit.base == "total" or one.required]
    return limit.bound * (sum(one.credits for one in courses) if limit.unit == "credits" else len(courses))


def _within(limit: Limit, programme: Programme, place: tuple[Place, ...]) -> Iterator[Lint]:
    components = {one.id: one for one in programme.components}
    for id in {limit.base_component, limit.counted.component} - {""}:
        if id not in components:
            yield Lint("limit.component_missing", "error", place, {"component": id, "programme": programme.id})
    bound = bound_in(limit, programme)
    if bound is None or limit.sense != "at-least":
        return
    component = components.get(limit.counted.component)
    if limit.unit == "credits":
        most = programme.total if component is None or component.maximum is None else component.maximum
    else:
        most = sum(component is None or one.component == component.id for one in programme.courses)
    if bound > most and limit.unit != "outcomes":
        yield Lint("limit.too_much", "error", place, {"programme": programme.id})


def _clash(one: Limit, other: Limit, programmes: Sequence[Programme]) -> bool:
    """Whether one asks for more than the other allows of the same thing."""
    if one.sense == other.sense or (one.unit, one.counted, one.per) != (other.unit, other.counted, other.per):
        return False
    least, most = (one, other) if one.sense == "at-least" else (other, one)
    if most.window and not least.window:
        return False  # there may be as many windows as are needed
    if (least.base, least.base_component) == (most.base, most.base_component):
        return least.bound > most.bound
    bounds = [(bound_in(least, programme), bound_in(most, programme)) for programme in programmes]
    return any(low is not None and high is not None and low > high for low, high in bounds)
