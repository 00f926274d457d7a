"""One step of the editor: the draft that came with the form, who is at work, and what its page shows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import g, request

from credit_bank import registering
from credit_bank.recognition.rules.lint_finding import Place
from credit_bank.recognition.rules.rewriting import rewritten
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.store import documents
from web.banking import bank
from web.database import tx
from web.forms.rules import Choices, OutcomeForm
from web.messages import t
from web.views.rules import kept
from web.views.rules.blueprint import page
from web.views.rules.draft import Draft, Entry, Fault, looked_through
from web.views.rules.kinds import OFFERED, kind_of
from web.views.rules.naming import Names, names_for, programmes_of, served
from web.views.rules.sentences import Said
from web.views.rules.tables import about, said
from web.views.rules.trying import tried

CARDS = 100
"""How many cards of a list stand on a page."""
NAMED = 10
"""How many cards with errors are named at the head of a list that has several pages."""
GROUPS = (("rule", ("rule",)), ("limit", ("limit",)), ("table", ("scale", "grade_table", "level_map")))


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as its card shows it."""

    entry: Entry
    said: Said
    kind: str
    faults: tuple[tuple[str, bool], ...]
    touched: bool

    @property
    def place(self) -> str:
        """What buttons call it: its list and its number."""
        return f"{self.entry.section}:{self.entry.number}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Cards shown at once, of how many, and on which page; ``wrong`` are cards on any page that have errors."""

    cards: list[Card]
    total: int
    number: int
    pages: int
    wrong: list[Card]


class Step:
    """A step with a draft's text. Raises FileRefused where no cards can be made of it."""

    def __init__(self, handle: str, text: str, touched: str = "") -> None:
        self.handle, self.text, self.touched = handle, text, touched
        self.day: date = bank().today()
        self.draft: Draft = looked_through(tx(), text, self.day)

    @property
    def ruleset(self) -> RuleSet:
        """What is read of the draft."""
        return self.draft.ruleset

    @cached_property
    def base(self) -> RuleSet | None:
        """The version in force of the same set, or None."""
        for kind in ("ruleset", "agreement"):
            for row in documents.versions(tx(), g.institution.id, kind, self.ruleset.id):
                if row.state == "in-force":
                    return registering.rulesets([row])[0]
        return None

    @cached_property
    def names(self) -> Names:
        """The names of what the draft and the version in force speak of."""
        sets = [self.ruleset, *([self.base] if self.base else [])]
        return names_for(tx(), g.institution, sets, self.day)

    def with_table(self, table: dict[str, Any], touched: str = "") -> "Step":
        """The step after the draft was changed to say what a table says."""
        return Step(self.handle, rewritten(self.text, table), touched)

    def said(self, entry: object) -> Said:
        """An entry in words."""
        return said(entry, self.names, self.draft.framework)

    def card(self, entry: Entry) -> Card:
        """An entry as a card, its faults with the titles of the other entries they are about."""
        faults = tuple((self._fault(one), one.error) for one in entry.faults)
        kind = kind_of(entry.section, entry.raw, entry.model)
        words = t(f"rules.kind.{kind.section}.{kind.name}")
        place = f"{entry.section}:{entry.number}"
        return Card(entry, self.said(entry.model), words, faults, place == self.touched)

    def _fault(self, fault: Fault) -> str:
        others = "".join(t("rules.other", name=self._title(place)) for place in fault.others)
        return f"{fault.words}{others}"

    def _title(self, place: Place) -> str:
        for entry in self.draft.entries.get(place.kind, ()):
            if entry.id == place.id and place.ruleset == self.ruleset.id:
                return self.said(entry.model).title
        return place.id or place.ruleset

    def cards(self, *sections: str) -> list[Card]:
        """The cards of some lists; rules in the order in which they go before each other."""
        return [self.card(one) for one in self._ordered(*sections)]

    def _ordered(self, *sections: str) -> list[Entry]:
        found = [one for section in sections for one in self.draft.entries[section]]
        return sorted(found, key=lambda one: getattr(one.model, "priority", 0))

    def leaf(self, *sections: str) -> Leaf:
        """The cards of a list that are shown at once: those around what was changed, else those that were asked for."""
        every = self._ordered(*sections)
        pages = max(1, -(-len(every) // CARDS))
        places = [f"{one.section}:{one.number}" for one in every]
        act, _colon, asked = request.form.get("do", "").partition(":")
        asked = asked if act == "page" else request.form.get("page", "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
        if self.touched in places:
            number = places.index(self.touched) // CARDS + 1
        number = min(max(number, 1), pages)
        shown = [self.card(one) for one in every[(number - 1) * CARDS : number * CARDS]]
        wrong = [one for one in every if any(fault.error for fault in one.faults)] if pages > 1 else []
        return Leaf(shown, len(every), number, pages, [self.card(one) for one in wrong[:NAMED]])

    def choices(self) -> Choices:
        """What the draft's forms offer for choice."""
        sets = self.ruleset
        return Choices(
            scales=[(one.id, one.id) for one in sets.scales],
            tables=[(one.id, one.id) for one in sets.grade_tables],
            components=list(self.names.components.items()),
            programmes=list(self.names.programmes.items()),
        )

    def places(self) -> list[tuple[str, str]]:
        """The institutions that can be chosen, as a form shows them."""
        return [(one, "") for one in sorted({self.names.shown(handle) for handle in self.names.institutions})]

    def overview(self, notice: str = "", before: str = "") -> tuple[str, int]:
        """The page of cards; the outcome to try goes with every step once it was filled in.

        ``before`` is the draft before this step, where one may want it back.
        """
        if request.method == "POST" and request.form.get("do", "").partition(":")[0] not in ("show", "try", "page"):
            kept.keep(self.ruleset.title or self.ruleset.id, self.text)
        form = self.outcome_form()
        asked = request.form.get("try_on", "") == "on" and not self.draft.problems
        found = tried(form, self.ruleset, self.names) if asked else None
        refused = asked and found is None and request.form.get("do") == "try"
        shown = page(
            "cards", self.ruleset.title or t("rules.new_title"), self.handle, lead=t("rules.lead"),
            wrong=form if refused else None, step=self, draft=self.draft, form=form, tried=found,
            about=about(self.ruleset, self.names), offered=OFFERED, notice=notice, before=before,
            groups=[(name, self.leaf(*sections)) for name, sections in GROUPS], places=self.places(),
            scales=[(one.id, "") for one in self.ruleset.scales],
        )  # fmt: skip
        return shown, 422 if refused else 200

    def outcome_form(self) -> OutcomeForm:
        """The form of an outcome to try, as it came."""
        sent = "try_title" in request.form
        form = OutcomeForm(**({} if sent else {"formdata": None, "data": {"try_awarded_on": self.day}}))
        rows = served(self.ruleset, programmes_of(tx(), g.institution, self.day))
        form.try_programme.choices = [(one.id, self.names.programmes.get(one.id, one.id)) for one in rows]
        return form
