"""Names for what rules speak of: institutions, their courses, and the receiver's own courses and parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from credit_bank import registering
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.lint_rule import items_of
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.store import courses, documents, institutions
from credit_bank.store.tables import Institution, PublishedDocument
from web.messages import locale, t

MOST = 300
"""How many courses of one institution are offered for choice."""


@dataclass(frozen=True, slots=True)
class Names:
    """``institutions`` by handle; ``taken`` the titles of other institutions' courses by (handle, code); ``courses``
    and ``components`` the titles of what the programmes have that the rules are for, ``programmes`` those by id."""

    institutions: Mapping[str, str] = field(default_factory=dict)
    taken: Mapping[tuple[str, str], str] = field(default_factory=dict)
    courses: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)

    def institution(self, handle: str) -> str:
        """The name of an institution, "any institution" for "*"."""
        return t("rules.anywhere") if handle == "*" else self.institutions.get(handle, handle)

    def shown(self, handle: str) -> str:
        """What stands in a form for an institution: its name, or its handle where two have that name."""
        name = self.institution(handle)
        return name if list(self.institutions.values()).count(name) < 2 else handle

    def handle(self, text: str) -> str:
        """The handle of what was typed: a name, "any institution", or the text itself."""
        plain = " ".join(text.split())
        known = {name: handle for handle, name in self.institutions.items() if self.shown(handle) == name}
        return "*" if plain == t("rules.anywhere") else known.get(plain, plain)

    def source(self, handle: str, code: str) -> str:
        """A course of another institution: its title with its code."""
        title = self.taken.get((handle, code), "")
        return t("rules.titled", title=title, code=code) if title else t("rules.named", name=code)

    def target(self, code: str) -> str:
        """A course of the receiver."""
        if code == "*":
            return t("rules.same_course")
        title = self.courses.get(code, "")
        return t("rules.titled", title=title, code=code) if title else t("rules.named", name=code)

    def component(self, id: str) -> str:
        """A part of a programme."""
        return t("rules.named", name=self.components.get(id, id))


def programmes_of(session: Session, receiver: Institution, day: date) -> list[tuple[PublishedDocument, Programme]]:
    """The programmes in force of an institution."""
    rows = documents.in_force(session, day, kind="programme", institution_id=receiver.id)
    return [(row, registering.programme(row)) for row in rows]


def served(ruleset: RuleSet, found: Iterable[tuple[PublishedDocument, Programme]]) -> list[Programme]:
    """The programmes that a rule set is for."""
    return [one for _row, one in found if ruleset.programme in ("", one.id)]


def names_for(session: Session, receiver: Institution, rulesets: Iterable[RuleSet], day: date) -> Names:
    """The names of what these rule sets of an institution speak of."""
    english = locale() == "en"
    every = institutions.every(session)
    published = programmes_of(session, receiver, day)
    sets = list(rulesets)
    programmes = {one.id: one for each in sets for one in served(each, published)} or {
        one.id: one for _, one in published
    }
    mentioned: dict[str, set[str]] = {}
    for one in sets:
        for rule in one.rules:
            for item in items_of(rule):
                if item.course:
                    mentioned.setdefault(item.institution, set()).add(item.course)
    ids = {one.handle: one.id for one in every}
    taken = {
        (handle, code): course.title
        for handle, codes in mentioned.items()
        if handle in ids
        for code, course in courses.current(session, ids[handle], codes).items()
    }
    return Names(
        institutions={one.handle: (one.name_en if english else "") or one.name for one in every},
        taken=taken,
        courses={course.code: course.title for one in programmes.values() for course in one.courses},
        components={
            part.id: (part.title_en if english else "") or part.title
            for one in programmes.values()
            for part in one.components
        },
        programmes={one.id: (one.title_en if english else "") or one.title for _row, one in published},
    )


def offered(session: Session, receiver: Institution, names: Names, handles: Iterable[str]) -> list[tuple[str, str]]:
    """Courses of other institutions to choose from: their codes, and what they are. Those of ``handles`` come first."""
    first = [handle for handle in dict.fromkeys(handles) if handle in names.institutions]
    order = [*first, *(handle for handle in names.institutions if handle not in first)]
    ids = {one.handle: one.id for one in institutions.every(session)}
    found: list[tuple[str, str]] = []
    for handle in order:
        if handle == receiver.handle or len(found) >= MOST:
            continue
        rows = courses.page(session, ids[handle], limit=MOST - len(found))
        found += [
            (row.code, t("rules.offered", title=row.title, institution=names.institutions[handle])) for row in rows
        ]
    return found
