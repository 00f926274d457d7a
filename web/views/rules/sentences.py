"""A rule in plain sentences: what is taken, from whom, into what, how much, under which conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.lint_rule import items_of
from credit_bank.recognition.rules.rule import Award, CreditSource, Item, Result, Rule
from credit_bank.recognition.rules.writing import fraction_text, tenths_text
from web.messages import locale, t
from web.views.rules.naming import Names

_USUAL = Item()


@dataclass(frozen=True, slots=True)
class Said:
    """An entry in words: what it is called, what it says, and what else holds, a sentence each."""

    title: str
    main: str
    lines: tuple[str, ...] = ()


def rule_said(rule: Rule, names: Names, framework: Framework) -> Said:
    """A rule in words."""
    return _Rule(rule, names, framework).said()


def listed(parts: list[str], word: str = "and") -> str:
    """Parts as a list in words: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return t("rules.comma").join(parts[:-1]) + t(f"rules.{word}") + parts[-1]


@dataclass(frozen=True, slots=True)
class _Rule:
    rule: Rule
    names: Names
    framework: Framework

    def said(self) -> Said:
        rule = self.rule
        title = (rule.title_en if locale() == "en" else "") or rule.title or rule.id
        return Said(title, self._main(), tuple(self._lines()))

    def _main(self) -> str:
        rule, taken = self.rule, self._taken()
        if rule.result in (Result.DENIED, Result.PENDING, Result.NONE):
            given = listed([self._given(one) for one in rule.awards], "or") or t("rules.any_course")
            return t(f"rules.says.{rule.result.value}", taken=taken, given=given)
        courses = [one for one in rule.awards if one.course]
        key = "block" if rule.result is Result.BLOCK else "course" if courses else "elective"
        return t(f"rules.says.{key}", taken=taken, given=listed([self._given(one) for one in rule.awards]))

    def _taken(self) -> str:
        clauses = []
        for clause in self.rule.clauses:
            groups = [listed([self._item(item) for item in group]) for group in clause]
            text = listed(groups, "or")
            clauses.append(t("rules.one_of", choices=text) if len(groups) > 1 and len(self.rule.clauses) > 1 else text)
        return listed(clauses)

    def _item(self, item: Item) -> str:
        where = self.names.institution(item.institution)
        if item.course:
            return t("rules.takes.course", where=where, course=self.names.source(item.institution, item.course))
        if item.unit:
            return t("rules.takes.any_unit" if item.unit == "*" else "rules.takes.unit", where=where, unit=item.unit)
        if item.same_title:
            return t("rules.takes.title", where=where)
        if item.category:
            return t("rules.takes.category", where=where, category=t(f"site.category.{item.category.value}"))
        if item.source:
            return t("rules.takes.source", where=where, source=t(f"rules.source.{item.source.value}"))
        return t("rules.takes.anything", where=where)

    def _given(self, award: Award) -> str:
        if not award.course:
            text = self.names.component(award.component)
        elif award.component:
            target, part = self.names.target(award.course), self.names.component(award.component)
            text = t("rules.gives.course_in", course=target, component=part)
        else:
            text = self.names.target(award.course)
        return (
            text if award.credits is None else t("rules.gives.fixed", what=text, credits=self._credits(award.credits))
        )

    def _credits(self, steps: int) -> str:
        return self.framework.credits(steps)

    def _lines(self) -> Iterator[str]:
        rule = self.rule
        if rule.reason:
            yield t("rules.line.reason", reason=rule.reason)
        items = list(items_of(rule))
        asked = {replace(one, institution="*", course="", unit="", same_title=False) for one in items}
        if len(asked) == 1:
            yield from self._conditions(items[0])
        else:
            for item in items:
                yield from (t("rules.line.of", what=self._item(item), words=one) for one in self._conditions(item))
        if rule.one_institution:
            yield t("rules.line.one_institution")
        if rule.result in (Result.EQUIVALENT, Result.ELECTIVE, Result.BLOCK):
            yield from self._giving()
        if rule.use != "conversion":
            yield t("rules.line.use", use=rule.use)

    def _conditions(self, item: Item) -> Iterator[str]:
        if item.min_grade:
            yield t("rules.line.min_grade", grade=item.min_grade)
        if item.max_grade:
            yield t("rules.line.max_grade", grade=item.max_grade)
        if item.min_attendance is not None:
            yield t("rules.line.min_attendance", share=fraction_text(item.min_attendance))
        if item.min_credits is not None:
            yield t("rules.line.min_credits", credits=self._credits(item.min_credits))
        if item.max_credits is not None:
            yield t("rules.line.max_credits", credits=self._credits(item.max_credits))
        if item.min_coverage is not None:
            yield t("rules.line.min_coverage", share=fraction_text(item.min_coverage))
        if item.category and (item.course or item.unit or item.same_title):
            yield t("rules.line.category", category=t(f"site.category.{item.category.value}"))
        if item.source and (item.course or item.unit or item.same_title or item.category):
            yield t("rules.line.source", source=t(f"rules.source.{item.source.value}"))
        if item.level != _USUAL.level:
            yield t(f"rules.line.level_{item.level}", within=tenths_text(item.within))
        if item.shelf_life is not None:
            yield t("rules.line.shelf_life", count=item.shelf_life)

    def _giving(self) -> Iterator[str]:
        rule = self.rule
        yield t(f"rules.credit.{rule.credit_source.value}")
        if rule.credit_limit is not None:
            yield t("rules.line.credit_limit", credits=self._credits(rule.credit_limit))
        if rule.residue_component and rule.credit_source is CreditSource.CONSERVE:
            yield t("rules.line.residue", component=self.names.component(rule.residue_component))
        if rule.not_less:
            yield t("rules.line.not_less")
        if rule.splits:
            yield t("rules.line.splits")
        yield t(f"rules.grade.{rule.grade.value}", table=rule.grade_table)
        if rule.counts_in_gpa:
            yield t("rules.line.gpa")
        if rule.bridge is not None:
            task = (rule.bridge.task_en if locale() == "en" else "") or rule.bridge.task
            yield t("rules.line.bridge", share=fraction_text(rule.bridge.share), task=task)
        if rule.remaining:
            yield t("rules.line.remaining", courses=listed([self.names.target(one) for one in rule.remaining]))
