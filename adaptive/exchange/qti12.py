"""QTI 1.2 as Common Cartridge uses it (CC QTI profile): assessments and question banks."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from adaptive.content.model import Option, Question
from adaptive.exchange import qti_own
from adaptive.exchange.draft import choice, number_of, question
from adaptive.exchange.markup import deep, each, first, words
from adaptive.exchange.picture import Shelf
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import sources, to_plain

_TAKEN = ("response_lid", "response_str", "response_num")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A ``respcondition`` that gives points: the values that must be there, those that must not, and its feedback."""

    wanted: tuple[tuple[str, str], ...]
    unwanted: tuple[tuple[str, str], ...]
    score: Decimal
    feedback: tuple[str, ...]
    substring: bool


def read_assessment(root: Element, problems: Problems, shelf: Shelf) -> tuple[str, list[Question]]:
    """The title of an assessment or bank (``questestinterop``), and its questions.

    What cannot be taken is noted: ``interaction``, ``no_key``, ``match_many``.
    """
    head = next(iter(deep(root, "assessment", "objectbank")), root)
    found: list[Question] = []
    for item in deep(root, "item"):
        found += _Item(item, problems, shelf).read()
    return head.get("title", ""), found


class _Item:
    """One ``item``: its presentation, its scoring rules, its feedback."""

    def __init__(self, item: Element, problems: Problems, shelf: Shelf) -> None:
        self.item, self.problems, self.shelf = item, problems, shelf
        self.place = item.get("title") or item.get("ident") or ""
        self.meta = {
            words(first(field, "fieldlabel")): words(first(field, "fieldentry"))
            for field in deep(item, "qtimetadatafield")
        }
        self.rules = [_rule(node) for node in deep(item, "respcondition")]
        self.right = [rule for rule in self.rules if rule.score > 0 and (rule.wanted or rule.unwanted)]

    def read(self) -> list[Question]:
        presentation = first(self.item, "presentation")
        responses = [] if presentation is None else list(deep(presentation, *_TAKEN, "response_xy", "response_grp"))
        if presentation is None or not responses:
            kind = self.meta.get("cc_profile") or "no response"
            self.problems.left_out(self.place, "interaction", kind=kind)
            return []
        grouped = len(responses) > 1 and all(node.tag == "response_lid" for node in responses)
        if any(node.tag not in _TAKEN for node in responses) or (len(responses) > 1 and not grouped):
            self.problems.left_out(self.place, "interaction", kind=responses[0].tag)
            return []
        html = self._material(presentation, stop=responses)
        found = self._match(responses, html) if grouped else self._one(responses[0], html)
        return [] if found is None else [qti_own.restored(found, self.item)]

    def _one(self, response: Element, html: str) -> Question | None:
        name = self.item.get("ident") or "question"
        fields = self._fields(html)
        prompt = to_plain(html, self.place, self.problems)
        if response.tag == "response_lid":
            return self._choice(response, name, prompt, fields)
        accepted = list(dict.fromkeys(value for rule in self.right for _ident, value in rule.wanted if value))
        if not accepted:
            self.problems.left_out(self.place, "no_key")
            return None
        fib = next(iter(deep(response, "render_fib")), None)
        is_number = response.tag == "response_num" or (fib is not None and fib.get("fibtype") in ("Decimal", "Integer"))
        number = number_of(accepted[0]) if is_number else None
        if number is not None:
            return question(name, "number", prompt, answer=f"{number:f}", **fields)
        if any(rule.substring for rule in self.right):
            self.problems.changed(self.place, "substring")
            return question(name, "text", prompt, accept=tuple(accepted), keywords=(tuple(accepted),), **fields)
        return question(name, "text", prompt, accept=tuple(accepted), **fields)

    def _choice(self, response: Element, name: str, prompt: str, fields: dict[str, Any]) -> Question | None:
        labels = [(label.get("ident", ""), self._label(label)) for label in deep(response, "response_label")]
        wanted = [value for rule in self.right for _ident, value in rule.wanted]
        if not set(wanted) & {ident for ident, _text in labels}:
            self.problems.left_out(self.place, "no_key")
            return None
        cardinality = response.get("rcardinality", "Single")
        if cardinality == "Ordered":
            texts = dict(labels)
            return question(name, "order", prompt, sequence=tuple(texts[v] for v in wanted if v in texts), **fields)
        options = [Option(text, ident in wanted, self._why(ident)) for ident, text in labels]
        return choice(name, prompt, options, several=cardinality == "Multiple", **fields)

    def _match(self, responses: list[Element], html: str) -> Question | None:
        """Several lists of the same choices: what stands before each belongs to the choice that earns points."""
        right = {ident: value for rule in self.right for ident, value in rule.wanted}
        pairs: list[tuple[str, str]] = []
        all_right: dict[str, str] = {}
        for response in responses:
            labels = {label.get("ident", ""): self._label(label) for label in deep(response, "response_label")}
            all_right |= labels
            value = right.get(response.get("ident", ""))
            if value not in labels:
                self.problems.left_out(self.place, "no_key")
                return None
            pairs.append(
                (to_plain(self._material(response, stop=list(deep(response, "render_choice")))), labels[value])
            )
        used = {b for _a, b in pairs}
        rest = tuple(dict.fromkeys(text for text in all_right.values() if text not in used))
        prompt = to_plain(html, self.place, self.problems)
        name = self.item.get("ident") or "question"
        return question(name, "match", prompt, pairs=tuple(pairs), distractors=rest, **self._fields(html))

    def _label(self, label: Element) -> str:
        return to_plain(self._material(label), self.place, self.problems)

    def _material(self, node: Element, stop: list[Element] | None = None) -> str:
        """The texts of an element as HTML, up to the first of the elements in ``stop``."""
        ends = {id(element) for element in stop or ()}
        parts: list[str] = []
        pending = [node]
        while pending:
            current = pending.pop()
            if id(current) in ends:
                continue
            if current.tag == "mattext":
                parts.append(f"<div>{''.join(current.itertext())}</div>")
            elif current.tag == "matimage":
                parts.append(f'<img src="{current.get("uri", "")}" alt="{words(current)}">')
            elif current.tag in ("mataudio", "matvideo", "matapplet", "matapplication"):
                self.problems.left_out(self.place, "html_element", element=current.tag.removeprefix("mat"))
            pending += reversed(list(current))
        return "".join(parts)

    def _fields(self, html: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for src, alt in sources(html):
            if "picture" not in fields and (name := self.shelf.take(src)):
                fields |= {"picture": name, "picture_text": alt or None}
        own = {ident for rule in self.rules for ident in rule.feedback}
        hints, texts = [], []
        for node in each(self.item, "itemfeedback"):
            hints += [text for hint in deep(node, "hintmaterial") if (text := to_plain(self._material(hint)))]
            is_choice = node.get("ident") in own and self._choice_of(node.get("ident", "")) is not None
            plain = to_plain(self._material(node, stop=[n for n in node if n.tag == "hint"]))
            if plain and not is_choice and plain not in texts:
                texts.append(plain)
        return {**fields, "hints": tuple(hints), "explanation": "\n".join(texts)}

    def _choice_of(self, feedback: str) -> str | None:
        """The only choice for which a feedback is shown, by a rule that asks for nothing else."""
        rules = [rule for rule in self.rules if feedback in rule.feedback]
        if len(rules) == 1 and len(rules[0].wanted) == 1 and not rules[0].unwanted and not rules[0].score:
            return rules[0].wanted[0][1]
        return None

    def _why(self, ident: str) -> str | None:
        for node in each(self.item, "itemfeedback"):
            if self._choice_of(node.get("ident", "")) == ident:
                return to_plain(self._material(node)) or None
        return None


def _rule(node: Element) -> _Rule:
    condition = first(node, "conditionvar")
    excluded = {id(v) for n in (deep(condition, "not") if condition is not None else ()) for v in n.iter()}
    wanted: list[tuple[str, str]] = []
    unwanted: list[tuple[str, str]] = []
    substring = False
    for value in deep(condition, "varequal", "varsubstring") if condition is not None else ():
        entry = (value.get("respident", ""), (value.text or "").strip())
        (unwanted if id(value) in excluded else wanted).append(entry)
        substring |= value.tag == "varsubstring"
    score = max((number_of(words(v)) or Decimal(0) for v in each(node, "setvar")), default=Decimal(0))
    feedback = tuple(f.get("linkrefid", "") for f in each(node, "displayfeedback"))
    return _Rule(tuple(wanted), tuple(unwanted), score, feedback, substring)
