"""QTI 1.2 as Common Cartridge uses it (CC QTI profile): assessments and question banks."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from adaptive.content.model import Option, Question
from adaptive.exchange import qti_own
from adaptive.exchange.draft import choice, number_of, question
from adaptive.exchange.markup import deep, each, first, words
from adaptive.exchange.picture import Shelf, of_question
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import to_plain

BLANK = "____"
_BLANKS = ("fill_in_multiple_blanks_question", "multiple_dropdowns_question")
_TAKEN = ("response_lid", "response_str", "response_num")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A ``respcondition`` that gives points: the values that must be there, those that must not, its
    feedback, and the numbers that an answer lies between."""

    wanted: tuple[tuple[str, str], ...]
    unwanted: tuple[tuple[str, str], ...]
    score: Decimal
    feedback: tuple[str, ...]
    substring: bool
    bounds: tuple[Decimal, ...] = ()


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
        self.right = [rule for rule in self.rules if rule.score > 0 and (rule.wanted or rule.unwanted or rule.bounds)]

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
        picture, html = of_question(self._material(presentation, stop=responses), self.shelf, self.place, self.problems)
        prompt = to_plain(html, self.place, self.problems)
        fields = picture | self._fields()
        if grouped and self.meta.get("question_type") in _BLANKS:
            return self._blanks(responses, prompt, fields)
        found = self._match(responses, prompt, fields) if grouped else self._one(responses[0], prompt, fields)
        return [] if found is None else [qti_own.restored(found, self.item)]

    def _blanks(self, responses: list[Element], prompt: str, fields: dict[str, Any]) -> list[Question]:
        """A text with several blanks, as Canvas writes it: ``[name]`` where each list belongs; a question for each."""
        self.problems.changed(self.place, "composite", count=len(responses))
        names = [to_plain(self._material(r, stop=list(deep(r, "render_choice")))) for r in responses]
        right = {value for rule in self.right for _ident, value in rule.wanted}
        found = []
        for number, (response, own) in enumerate(zip(responses, names, strict=True), 1):
            text = prompt
            for name in names:
                text = text.replace(f"[{name}]", BLANK if name == own else "…")
            labels = [(label.get("ident", ""), self._label(label)) for label in deep(response, "response_label")]
            ident = f"{self.item.get('ident') or 'question'}-{number}"
            if self.meta["question_type"] == "multiple_dropdowns_question":
                options = [Option(label, key in right) for key, label in labels]
                found.append(choice(ident, text, options, **fields) if any(o.correct for o in options) else None)
            else:
                accept = tuple(dict.fromkeys(label for _key, label in labels if label))
                found.append(question(ident, "text", text, accept=accept, **fields) if accept else None)
        if None in found:
            self.problems.left_out(self.place, "no_key")
        return [one for one in found if one is not None]

    def _one(self, response: Element, prompt: str, fields: dict[str, Any]) -> Question | None:
        name = self.item.get("ident") or "question"
        if response.tag == "response_lid":
            return self._choice(response, name, prompt, fields)
        accepted = list(dict.fromkeys(value for rule in self.right for _ident, value in rule.wanted if value))
        fib = next(iter(deep(response, "render_fib")), None)
        is_number = response.tag == "response_num" or (fib is not None and fib.get("fibtype") in ("Decimal", "Integer"))
        if is_number and (found := self._number(accepted)):
            answer, tolerance = found
            return question(name, "number", prompt, answer=answer, tolerance=tolerance, **fields)
        if not accepted:
            self.problems.left_out(self.place, "no_key")
            return None
        if any(rule.substring for rule in self.right):
            self.problems.changed(self.place, "substring")
            return question(name, "text", prompt, accept=tuple(accepted), keywords=(tuple(accepted),), **fields)
        return question(name, "text", prompt, accept=tuple(accepted), **fields)

    def _number(self, accepted: list[str]) -> tuple[str, str] | None:
        """A number and what it may be off by: the middle of the bounds, where they are all that is said."""
        bounds = next((rule.bounds for rule in self.right if rule.bounds), ())
        low, high = (min(bounds), max(bounds)) if len(bounds) > 1 else (None, None)
        number = number_of(accepted[0]) if accepted else None
        if len({n for text in accepted if (n := number_of(text)) is not None}) > 1:
            self.problems.changed(self.place, "partial_credit")
        if low is None or high is None:
            return None if number is None else (f"{number:f}", "0")
        middle = (low + high) / 2
        if number is not None and (high - number) != (number - low):
            self.problems.changed(self.place, "scoring")
        number = middle if number is None else number
        return f"{number.normalize():f}", f"{min(high - number, number - low).normalize():f}"

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

    def _match(self, responses: list[Element], prompt: str, fields: dict[str, Any]) -> Question | None:
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
        name = self.item.get("ident") or "question"
        return question(name, "match", prompt, pairs=tuple(pairs), distractors=rest, **fields)

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

    def _fields(self) -> dict[str, Any]:
        own = {ident for rule in self.rules for ident in rule.feedback}
        hints, texts = [], []
        for node in each(self.item, "itemfeedback"):
            hints += [text for hint in deep(node, "hintmaterial") if (text := to_plain(self._material(hint)))]
            is_choice = node.get("ident") in own and self._choice_of(node.get("ident", "")) is not None
            plain = to_plain(self._material(node, stop=[n for n in node if n.tag == "hint"]))
            if plain and not is_choice and plain not in texts:
                texts.append(plain)
        return {"hints": tuple(hints), "explanation": "\n".join(texts)}

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
    limits = () if condition is None else deep(condition, "vargt", "vargte", "varlt", "varlte")
    bounds = tuple(n for v in limits if id(v) not in excluded and (n := number_of(words(v))) is not None)
    return _Rule(tuple(wanted), tuple(unwanted), score, feedback, substring, bounds)
