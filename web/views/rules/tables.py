"""Limits, scales, tables and the policy of a rule set in plain sentences."""

from collections.abc import Iterator

from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.limit import Counted, Limit
from credit_bank.recognition.rules.ruleset import GradeScale, GradeTable, LevelMap, RuleSet
from credit_bank.recognition.rules.writing import fraction_text, tenths_text
from web.messages import civil_date, locale, t
from web.views.rules.naming import Names
from web.views.rules.sentences import Said, listed, rule_said


def said(entry: object, names: Names, framework: Framework) -> Said:
    """An entry of any list of a rule set in words."""
    match entry:
        case Limit():
            return _limit(entry, names, framework)
        case GradeScale():
            return _scale(entry)
        case GradeTable():
            return _grade_table(entry)
        case LevelMap():
            return Said(
                f"{entry.source} → {entry.target}", t("rules.says.level_map", **_maps(entry)), _pairs(entry.levels)
            )
    return rule_said(entry, names, framework)  # type: ignore[arg-type] # the last kind there is


def _maps(entry: LevelMap) -> dict[str, str]:
    return {"source": entry.source, "target": entry.target, "version": entry.version}


def _limit(limit: Limit, names: Names, framework: Framework) -> Said:
    title = (limit.title_en if locale() == "en" else "") or limit.title or limit.id
    if limit.base:
        base = t(f"rules.base.{limit.base}", component=names.component(limit.base_component))
        amount = t("rules.amount.share", base=base, share=fraction_text(limit.bound))
    else:
        count = framework.credits(int(limit.bound)) if limit.unit == "credits" else str(limit.bound)
        amount = t(f"rules.amount.{limit.unit}", count=count)
    counted = t("rules.also").join(_counted(limit.counted, names)) or t("rules.counted.all")
    key = "residency" if limit.counted.own and limit.sense == "at-least" else limit.sense
    main = t(f"rules.says.{key}", counted=counted, amount=amount)
    lines = [t(f"rules.line.window_{limit.window}")] if limit.window else []
    if limit.per:
        lines.append(t("rules.line.per"))
    return Said(title, main, tuple(lines))


def _counted(counted: Counted, names: Names) -> Iterator[str]:
    if counted.component:
        yield t("rules.counted.component", component=names.component(counted.component))
    if counted.required is not None:
        yield t("rules.counted.required" if counted.required else "rules.counted.optional")
    if counted.categories:
        yield listed([t(f"site.category.{one.value}") for one in sorted(counted.categories)], "or")
    if counted.sources:
        yield listed([t(f"rules.source.{one.value}") for one in sorted(counted.sources)], "or")
    if counted.institutions:
        where = listed([names.institution(one) for one in sorted(counted.institutions)], "or")
        yield t("rules.counted.institutions", institutions=where)
    if counted.own is not None:
        yield t("rules.counted.own" if counted.own else "rules.counted.others")
    if counted.min_level is not None:
        yield t("rules.counted.min_level", level=tenths_text(counted.min_level))
    if counted.rules:
        yield t("rules.counted.rules", rules=t("rules.comma").join(sorted(counted.rules)))


def _scale(scale: GradeScale) -> Said:
    if scale.grades:
        grades = t("rules.comma").join(scale.grades)
        return Said(scale.id, t("rules.says.scale_words", grades=grades, passing=scale.passing))
    return Said(
        scale.id, t("rules.says.scale_numbers", lowest=scale.lowest, highest=scale.highest, passing=scale.passing)
    )


def _grade_table(table: GradeTable) -> Said:
    main = t("rules.says.grade_table", source=table.scale, target=table.target_scale)
    lines = _pairs(table.grades)
    for key, counts in (("counts", table.counts), ("target_counts", table.target_counts)):
        if counts:
            shown = t("rules.comma").join(f"{grade} {count}" for grade, count in counts.items())
            lines = (*lines, t(f"rules.line.{key}", counts=shown))
    return Said(table.id, main, lines)


def _pairs(table: object) -> tuple[str, ...]:
    pairs = dict(table) if isinstance(table, dict) else {}
    return (t("rules.comma").join(f"{one} → {other}" for one, other in pairs.items()),) if pairs else ()


def about(ruleset: RuleSet, names: Names) -> tuple[str, ...]:
    """What holds of the whole set, a sentence each."""
    policy = ruleset.policy
    found = [t(f"rules.basis.{ruleset.basis.name.lower()}")]
    if ruleset.programme:
        found.append(t("rules.about.programme", programme=names.programmes.get(ruleset.programme, ruleset.programme)))
    else:
        found.append(t("rules.about.every_programme"))
    if ruleset.parties:
        found.append(t("rules.about.parties", parties=listed([names.institution(one) for one in ruleset.parties])))
    if ruleset.valid_until:
        days = {"since": civil_date(ruleset.valid_from), "until": civil_date(ruleset.valid_until)}
        found.append(t("rules.about.from_until", **days))
    else:
        found.append(t("rules.about.from", since=civil_date(ruleset.valid_from)))
    found.append(t(f"rules.about.identity_{policy.identity}"))
    if policy.max_age is not None:
        found.append(t("rules.about.max_age", count=policy.max_age))
    found.append(t("rules.about.notice" if policy.notice_days else "rules.about.no_notice", count=policy.notice_days))
    found.append(t("rules.about.chain" if policy.chain else "rules.about.no_chain", count=policy.chain))
    if policy.uses != ("conversion",):
        found.append(t("rules.about.uses", uses=t("rules.comma").join(policy.uses)))
    found.append(t("rules.about.four_eyes"))
    return tuple(found)
