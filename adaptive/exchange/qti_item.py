"""One question of QTI 2.1, 2.2 or 3.0 (1EdTech Question & Test Interoperability, assessment items)."""

from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from adaptive.content.model import Option, Question
from adaptive.exchange import qti_own
from adaptive.exchange.draft import choice, number_of, question
from adaptive.exchange.markup import deep, each, first, html_of, words
from adaptive.exchange.picture import Shelf, of_question
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_plain

BLANK = "____"
_INTERACTIONS = ("choiceInteraction", "orderInteraction", "matchInteraction", "textEntryInteraction",
                 "inlineChoiceInteraction", "extendedTextInteraction")  # fmt: skip
_FOREIGN = frozenset({
    *("associateInteraction", "drawingInteraction", "gapMatchInteraction", "graphicAssociateInteraction"),
    *("graphicGapMatchInteraction", "graphicOrderInteraction", "hotspotInteraction", "hottextInteraction"),
    *("mediaInteraction", "positionObjectInteraction", "positionObjectStage", "selectPointInteraction"),
    *("sliderInteraction", "uploadInteraction", "customInteraction", "portableCustomInteraction"),
})  # fmt: skip
_NO_PROMPT = frozenset({"prompt", "rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "stylesheet",
                        "templateBlock", "templateInline"}) | _FOREIGN  # fmt: skip
_TEMPLATES = ("match_correct", "map_response", "CC2_match", "CC2_map_response")


def read_item(item: Element, problems: Problems, shelf: Shelf) -> list[Question]:
    """The questions of an ``assessmentItem``: one for each interaction that the format knows.

    What cannot be taken is noted: ``interaction`` (its kind is unknown here), ``no_key`` (no right answer is stated),
    ``composite`` (several interactions of one item become several questions), ``scoring`` (a rule of its own).
    """
    place = item.get("title") or item.get("identifier") or ""
    body = first(item, "itemBody")
    if body is None:
        problems.left_out(place, "no_body")
        return []
    for foreign in sorted({node.tag for node in deep(body, *_FOREIGN)}):
        problems.left_out(place, "interaction", kind=foreign)
    found = list(deep(body, *_INTERACTIONS))
    if not found:
        if not any(True for _ in deep(body, *_FOREIGN)):
            problems.left_out(place, "no_interaction")
        return []
    if len(found) > 1:
        problems.changed(place, "composite", count=len(found))
    _note_scoring(item, place, problems)
    name = item.get("identifier") or "question"
    read = []
    for number, interaction in enumerate(found, 1):
        marks = {id(i): BLANK if i is interaction else ("…" if _is_inline(i) else "") for i in found}
        one = _Reader(item, body, interaction, marks, place, problems, shelf).read(
            name if len(found) == 1 else f"{name}-{number}"
        )
        if one is not None:
            read.append(one)
    return read


def _is_inline(interaction: Element) -> bool:
    return interaction.tag in ("textEntryInteraction", "inlineChoiceInteraction")


def _note_scoring(item: Element, place: str, problems: Problems) -> None:
    processing = first(item, "responseProcessing")
    if processing is None:
        return
    template = processing.get("template", "") or processing.get("templateLocation", "")
    if template and not any(known in template for known in _TEMPLATES):
        problems.changed(place, "scoring")
    if any(
        True for _ in deep(processing, "customOperator", "product", "sum", "random", "fieldValue", "lookupOutcomeValue")
    ):
        problems.changed(place, "scoring")


class _Reader:
    """One interaction of an item, with what belongs to it."""

    def __init__(
        self, item: Element, body: Element, interaction: Element, marks: dict[int, str], place: str,
        problems: Problems, shelf: Shelf,
    ) -> None:  # fmt: skip
        self.item, self.body, self.interaction = item, body, interaction
        self.marks = marks if _is_inline(interaction) else dict.fromkeys(marks, "")
        self.place, self.problems, self.shelf = place, problems, shelf
        self.prompt = ""
        identifier = interaction.get("responseIdentifier", "RESPONSE")
        self.declaration = next(
            (d for d in each(item, "responseDeclaration") if d.get("identifier") == identifier), None
        )
        self.keys = [words(value) for value in each(first(self.declaration, "correctResponse"), "value")]
        self.mapping = {
            entry.get("mapKey", ""): number_of(entry.get("mappedValue", "0")) or Decimal(0)
            for entry in each(first(self.declaration, "mapping"), "mapEntry")
        }

    def read(self, name: str) -> Question | None:
        kinds = {
            "choiceInteraction": self._choice, "inlineChoiceInteraction": self._choice,
            "orderInteraction": self._order, "matchInteraction": self._match,
            "textEntryInteraction": self._entry, "extendedTextInteraction": self._entry,
        }  # fmt: skip
        own = first(self.interaction, "prompt")
        parts = [html_of(self.body, _NO_PROMPT, self.marks), html_of(own) if own is not None else ""]
        if to_plain(parts[0]) == to_plain(parts[1]):
            # Some systems say the question in the body and once more as the prompt.
            parts = parts[:1]
        html = "".join(f"<div>{part}</div>" for part in parts if part.strip())
        picture, html = of_question(html, self.shelf, self.place, self.problems)
        self.prompt = to_plain(html, self.place, self.problems).removesuffix(f"\n{BLANK}")
        found = kinds[self.interaction.tag](name)
        if found is None:
            return None
        hints, solution = self._feedback()
        found = replace(found, **picture, hints=hints, explanation=solution)
        return qti_own.restored(found, self.interaction)

    def _plain(self, node: Element) -> str:
        return to_plain(html_of(node, frozenset({"feedbackInline"})), self.place, self.problems)

    def _right(self) -> set[str]:
        """The identifiers of right answers: as stated, or those that earn points."""
        return set(self.keys) or {key for key, value in self.mapping.items() if value > 0}

    def _choice(self, name: str) -> Question | None:
        right = self._right()
        options = [
            Option(self._plain(node), node.get("identifier") in right, self._why(node))
            for node in deep(self.interaction, "simpleChoice", "inlineChoice")
        ]
        if not any(option.correct for option in options):
            self.problems.left_out(self.place, "no_key")
            return None
        cardinality = "" if self.declaration is None else self.declaration.get("cardinality", "")
        several = cardinality == "multiple" and self.interaction.get("maxChoices", "1") != "1"
        return choice(name, self.prompt, options, several=several)

    def _why(self, node: Element) -> str | None:
        inline = first(node, "feedbackInline")
        if inline is not None:
            return to_plain(html_of(inline), self.place, self.problems) or None
        own = [f for f in each(self.item, "modalFeedback") if f.get("identifier") == node.get("identifier")]
        return "\n".join(to_plain(html_of(f)) for f in own) or None

    def _order(self, name: str) -> Question | None:
        choices = {node.get("identifier"): self._plain(node) for node in deep(self.interaction, "simpleChoice")}
        if not self.keys or set(self.keys) - choices.keys():
            self.problems.left_out(self.place, "no_key")
            return None
        return question(name, "order", self.prompt, sequence=tuple(choices[key] for key in self.keys))

    def _match(self, name: str) -> Question | None:
        sets = each(self.interaction, "simpleMatchSet")
        pairs = [tuple(key.split()) for key in self.keys or [k for k, v in self.mapping.items() if v > 0]]
        if len(sets) != 2 or not pairs or any(len(pair) != 2 for pair in pairs):
            self.problems.left_out(self.place, "no_key")
            return None
        left, right = (
            {n.get("identifier", ""): self._plain(n) for n in each(s, "simpleAssociableChoice")} for s in sets
        )
        pairs = [pair if pair[0] in left else pair[::-1] for pair in pairs]
        if any(a not in left or b not in right for a, b in pairs):
            self.problems.left_out(self.place, "no_key")
            return None
        if len({a for a, _b in pairs}) < len(pairs) or len(pairs) < len(left):
            self.problems.left_out(self.place, "match_many")
            return None
        used = {b for _a, b in pairs}
        return question(
            name, "match", self.prompt, pairs=tuple((left[a], right[b]) for a, b in pairs),
            distractors=tuple(text for key, text in right.items() if key not in used),
        )  # fmt: skip

    def _entry(self, name: str) -> Question | None:
        right = [*self.keys, *(key for key, value in self.mapping.items() if value > 0 and key not in self.keys)]
        own = qti_own.answers(self.interaction)
        if not right and not own:
            self.problems.left_out(self.place, "no_key")
            return None
        base = "" if self.declaration is None else self.declaration.get("baseType", "string")
        number = number_of(right[0]) if right and base in ("float", "integer") else None
        if number is not None:
            return question(name, "number", self.prompt, answer=f"{number:f}", tolerance=self._tolerance(number))
        return question(name, "text", self.prompt, accept=tuple(dict.fromkeys(right)))

    def _tolerance(self, answer: Decimal) -> str:
        for equal in deep(self.item, "equal"):
            mode = equal.get("toleranceMode", "exact")
            values = [v for text in equal.get("tolerance", "").split() if (v := number_of(text)) is not None]
            if values and mode == "absolute":
                return f"{max(values):f}"
            if values and mode == "relative":
                return f"{abs(answer) * max(values) / 100:f}"
        for equal in deep(self.item, "equalRounded"):
            figures = number_of(equal.get("figures", ""))
            if figures is not None and 0 <= figures <= 15:
                # What rounds to the same number lies within half of its last figure (QTI, ``equalRounded``).
                by_places = equal.get("roundingMode") == "decimalPlaces"
                last = -int(figures) if by_places else answer.adjusted() - int(figures) + 1
                return f"{Decimal(5).scaleb(last - 1):f}"
        return "0"

    def _feedback(self) -> tuple[tuple[str, ...], str]:
        """Hints, and what works the answer out: an item's feedback that belongs to no single choice."""
        choices = {n.get("identifier") for n in deep(self.body, "simpleChoice", "inlineChoice")}
        hints, solution = [], []
        for node in (*each(self.item, "modalFeedback"), *deep(self.body, "feedbackBlock")):
            text = to_plain(html_of(node), self.place, self.problems)
            is_hint = "hint" in (node.get("outcomeIdentifier", "") + node.get("identifier", "")).lower()
            if is_hint:
                hints.append(text)
            elif node.get("identifier") not in choices and text and text not in solution:
                solution.append(text)
        return tuple(hint for hint in hints if hint), "\n".join(solution)
