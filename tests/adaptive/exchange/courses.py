"""Courses for exports: made by hand, and drawn by Hypothesis."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from adaptive.content import metadata
from adaptive.content.model import Course, Form, Item, Library, Option, Question, Skill, Text

LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"])
# White space is single and inside, as the content format's reader gives it.
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
LINES = st.lists(WORDS, min_size=1, max_size=2).map("\n".join)
NUMBERS = st.decimals(-10000, 10000, places=2).map(lambda value: f"{value:f}")


def course(questions: list[Question], body: str = "先**开窗**。", pictures: tuple[str, ...] = ()) -> Library:
    """A library of one course of one item."""
    forms = {"standard": Form("standard", body, 5)}
    named = tuple(replace(q, id=f"home/gas#q-{n}") for n, q in enumerate(questions, 1))
    item = Item(
        "home/gas", Text("用气"), ("home.gas",), 1, 5, "simple", forms, named,  # type: ignore[arg-type]
        metadata.derive(forms, named, pictures, hazards=(), summary=None), pictures=pictures,  # type: ignore[arg-type]
    )  # fmt: skip
    whole = Course(
        "home", Text("居家"), Text("居家安全"), "关于", "home", 1, ("elder",), ("home/gas",), "某处", "CC-BY-4.0",
        "person", date(2026, 1, 1), date(2027, 1, 1),
    )  # fmt: skip
    skill = Skill("home.gas", "home", Text("用气"), Text("会用气"), 1)
    return Library(
        {"home.gas": skill}, {"home": Text("居家")}, {"home": whole}, {"home/gas": item}, "0", {q.id: q for q in named}
    )


def _question(kind: str, **fields: st.SearchStrategy) -> st.SearchStrategy[Question]:
    return st.builds(
        Question, id=st.just("q"), kind=st.just(kind), prompt=LINES, skills=st.just(()), difficulty=st.integers(1, 5),
        explanation=LINES, hints=st.lists(LINES, max_size=2).map(tuple), easy_prompt=st.none() | WORDS, **fields,
    )  # fmt: skip


def _options(least: int, most: int | None = None) -> st.SearchStrategy[tuple[Option, ...]]:
    option = st.builds(Option, WORDS, st.booleans(), st.none() | WORDS)
    return st.lists(option, min_size=2, max_size=5, unique_by=lambda o: o.text).map(tuple).filter(
        lambda options: least <= sum(o.correct for o in options) <= (most or len(options))
    )  # fmt: skip


TEXTS = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple)
CHOICE = _question("choice", options=_options(1, 1))
SEVERAL = _question("several", options=_options(1))
LISTEN = _question("listen", options=_options(1, 1), script=LINES, lang=st.sampled_from(["zh-CN", "en"]))
ORDER = _question("order", sequence=st.lists(WORDS, min_size=2, max_size=4, unique=True).map(tuple))
MATCH = _question(
    "match", pairs=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4).map(tuple), distractors=st.just(()) | TEXTS
)
NUMBER = _question("number", answer=NUMBERS, tolerance=st.sampled_from(["0", "0.5"]), unit=st.none() | WORDS)
TEXT = _question("text", accept=TEXTS, reject=st.just(()) | TEXTS, model_answer=st.none() | WORDS)
KEYWORDS = _question("text", keywords=st.lists(TEXTS, min_size=1, max_size=3).map(tuple))
ANY = st.one_of(CHOICE, SEVERAL, LISTEN, ORDER, MATCH, NUMBER, TEXT, KEYWORDS)
SAID_BY_QTI = st.one_of(CHOICE, SEVERAL, ORDER, MATCH, NUMBER)
