"""A small library made by hand: two courses, a graph with a join, items in several forms."""

from datetime import date

from adaptive.content.model import (
    Accessibility,
    Course,
    Form,
    FormKind,
    Item,
    Library,
    MicroCredential,
    Option,
    Question,
    Skill,
    Text,
)

REQUIRES = {
    "phone.power": (),
    "phone.touch": ("phone.power",),
    "phone.call": ("phone.touch",),
    "phone.lock": ("phone.power",),
    "pay.wallet": ("phone.touch", "phone.lock"),
    "pay.scan": ("pay.wallet",),
    "pay.refund": ("pay.scan",),
}
COURSES = {
    "phone": ("power", "touch", "call", "lock"),
    "pay": ("wallet", "scan", "refund"),
}
FORMS: tuple[FormKind, ...] = ("standard", "easy")


def small_library(
    requires: dict[str, tuple[str, ...]] | None = None,
    item_requires: dict[str, tuple[str, ...]] | None = None,
    without_items: frozenset[str] = frozenset(),
) -> Library:
    """A library with an item and two questions for each skill of the graph."""
    graph = REQUIRES if requires is None else requires
    skills = {
        key: Skill(key, key.partition(".")[0], Text(key), Text(key), 1 + len(before), before)
        for key, before in graph.items()
    }
    items = {item.id: item for key in graph if key not in without_items for item in (_item(key, item_requires or {}),)}
    areas = dict.fromkeys(skill.area for skill in skills.values())
    courses = {area: _course(area, [item for item in items.values() if item.course_id == area]) for area in areas}
    questions = {question.id: question for item in items.values() for question in item.questions}
    return Library(skills, {area: Text(area) for area in areas}, courses, items, "0" * 64, questions)


def _item(skill: str, item_requires: dict[str, tuple[str, ...]]) -> Item:
    item_id = skill.replace(".", "/")
    questions = tuple(
        Question(
            f"{item_id}#q{n}", "choice", "?", (skill,), 2 + n, "!", options=(Option("a", True), Option("b", why="-"))
        )
        for n in range(2)
    )
    return Item(
        item_id,
        Text(item_id),
        (skill,),
        1,
        10,
        "simple",
        {kind: Form(kind, "text", 10) for kind in FORMS},
        questions,
        Accessibility(("textual",), (("textual",),), (), ("none",), Text("text")),
        requires=item_requires.get(skill, ()),
    )


def _course(area: str, items: list[Item]) -> Course:
    return Course(
        area,
        Text(area),
        Text(area),
        area,
        area,
        1,
        ("elder",),
        tuple(item.id for item in items),
        "author",
        "CC-BY-4.0",
        "person",
        date(2026, 1, 1),
        date(2027, 1, 1),
        MicroCredential(Text(area), tuple(item.skills[0] for item in items[-1:]), 6, 1) if area == "pay" else None,
    )
