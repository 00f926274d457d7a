"""Rule sets as Hypothesis makes them, for the laws of their files."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.outcome import SourceType
from credit_bank.recognition.rules.file import sealed
from credit_bank.recognition.rules.limit import Counted, Limit
from credit_bank.recognition.rules.rule import Award, Bridge, CreditSource, GradeStrategy, Item, Result, Rule
from credit_bank.recognition.rules.ruleset import Basis, GradeScale, GradeTable, LevelMap, Policy, RuleSet

printable = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
lines = st.lists(printable, min_size=1, max_size=3).map(" ".join)
maybe = st.one_of(st.just(""), lines)
amounts = st.integers(0, 20_000)
shares = st.fractions(0, 1, max_denominator=1000)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
units = st.frozensets(lines, max_size=2)


def unique(values: st.SearchStrategy, key: str, most: int = 3) -> st.SearchStrategy:
    """Tuples without two of the same id."""
    return st.lists(values, max_size=most, unique_by=lambda one: getattr(one, key)).map(tuple)


items = st.builds(
    Item,
    institution=st.one_of(st.just("*"), lines, st.just("did:web: x")),
    course=maybe,
    unit=maybe,
    same_title=st.booleans(),
    category=st.one_of(st.none(), st.sampled_from(Category)),
    source=st.one_of(st.none(), st.sampled_from(SourceType)),
    min_grade=maybe,
    max_grade=maybe,
    scale=maybe,
    min_attendance=st.one_of(st.none(), shares),
    min_credits=st.one_of(st.none(), amounts),
    max_credits=st.one_of(st.none(), amounts),
    level=st.sampled_from(["any", "same", "not-lower", "within"]),
    within=st.integers(0, 100),
    shelf_life=st.one_of(st.none(), st.integers(1, 50)),
    min_coverage=st.one_of(st.none(), shares),
)
simple_items = st.builds(Item, institution=lines, course=lines)
groups = st.lists(st.one_of(items, simple_items), min_size=1, max_size=3).map(tuple)
clauses = st.lists(groups, min_size=1, max_size=2).map(tuple)
awards = st.builds(Award, lines, maybe, st.one_of(st.none(), amounts))
rules = st.builds(
    Rule,
    id=lines,
    title=maybe,
    title_en=maybe,
    clauses=st.lists(clauses, min_size=1, max_size=2).map(tuple),
    awards=st.lists(awards, min_size=1, max_size=2).map(tuple),
    result=st.sampled_from(Result),
    reason=maybe,
    priority=st.integers(0, 1000),
    one_institution=st.booleans(),
    credit_source=st.sampled_from(CreditSource),
    credit_limit=st.one_of(st.none(), amounts),
    residue_component=maybe,
    splits=st.booleans(),
    grade=st.sampled_from(GradeStrategy),
    grade_table=maybe,
    counts_in_gpa=st.booleans(),
    bridge=st.one_of(st.none(), st.builds(Bridge, lines, maybe, shares)),
    use=lines,
    remaining=st.lists(lines, max_size=2).map(tuple),
    not_less=st.booleans(),
)
counted = st.builds(
    Counted,
    component=maybe,
    required=st.sampled_from([None, True, False]),
    categories=st.frozensets(st.sampled_from(Category)),
    sources=st.frozensets(st.sampled_from(SourceType), max_size=2),
    institutions=units,
    own=st.sampled_from([None, True, False]),
    min_level=st.one_of(st.none(), st.integers(0, 120)),
    rules=units,
)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """A limit whose bound is what its unit and base make it."""
    unit = draw(st.sampled_from(["credits", "courses", "outcomes"]))
    base = draw(st.sampled_from(["", "total", "component", "required"]))
    bound = draw(shares) if base else Fraction(draw(st.integers(0, 20_000)))
    return Limit(
        draw(lines), draw(lines), draw(maybe), draw(st.sampled_from(["at-most", "at-least"])), unit, bound, base,
        draw(lines) if base == "component" else "", draw(counted), draw(st.sampled_from(["", "year", "term"])),
        draw(st.sampled_from(["", "institution"])),
    )  # fmt: skip


words = st.dictionaries(lines, lines, min_size=1, max_size=3)
counts = st.dictionaries(lines, st.integers(0, 10**6), max_size=3)
scales = st.one_of(
    st.lists(lines, min_size=2, max_size=4, unique=True).flatmap(
        lambda grades: st.builds(GradeScale, lines, st.sampled_from(grades), st.just(tuple(grades)))
    ),
    st.builds(GradeScale, lines, st.integers(0, 50).map(str), st.just(()), st.integers(0, 9), st.integers(10, 200)),
)
rulesets = st.builds(
    RuleSet,
    id=lines,
    version=lines,
    title=lines,
    title_en=maybe,
    receiver=lines,
    basis=st.sampled_from(Basis),
    framework=st.just(EVERGREEN.id),
    valid_from=days,
    rules=unique(rules, "id", 4),
    limits=unique(limits(), "id", 2),
    programme=maybe,
    parties=st.lists(lines, max_size=2).map(tuple),
    policy=st.builds(
        Policy, st.lists(lines, max_size=2).map(tuple), st.integers(0, 5),
        st.sampled_from(["self-declared", "document-seen"]), st.one_of(st.none(), st.integers(1, 50)),
    ),
    scales=unique(scales, "id", 2),
    grade_tables=unique(st.builds(GradeTable, lines, lines, lines, words, counts, counts), "id", 2),
    level_maps=st.lists(st.builds(LevelMap, lines, lines, lines, words), max_size=2).map(tuple),
).map(lambda one: sealed(one, EVERGREEN))  # fmt: skip
