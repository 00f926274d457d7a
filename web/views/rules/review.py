"""What a draft changes in the version in force, in sentences, and what stands against proposing it."""

from dataclasses import dataclass
from typing import Literal

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from credit_bank.errors import CreditBankError
from credit_bank.recognition.rules.difference import Change, changes
from credit_bank.recognition.rules.reading import FileRefused
from web.database import command
from web.messages import error_sentence, t
from web.views.desk.documents import propose
from web.views.rules import kept
from web.views.rules.blueprint import page
from web.views.rules.sentences import Said
from web.views.rules.step import Step
from web.views.rules.tables import about


@dataclass(frozen=True, slots=True)
class Shown:
    """One difference: what is new, gone, or says something else; ``gone`` and ``new`` are the sentences that differ."""

    kind: Literal["added", "removed", "changed"]
    title: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def differences(step: Step) -> list[Shown]:
    """What the draft changes; every entry is new where no version is in force."""
    base, draft = step.base, step.ruleset
    if base is None:
        found = [one.model for entries in step.draft.entries.values() for one in entries]
        return [Shown("added", said.title, (), _sentences(said)) for said in map(step.said, found)]
    old, new = ((one.title, *about(one, step.names)) for one in (base, draft))
    whole = _changed(t("rules.about.title"), old, new)
    found_whole = [whole] if whole.gone or whole.new else []
    return [*found_whole, *(_shown(step, one) for one in changes(base, draft))]


def _shown(step: Step, one: Change) -> Shown:
    before = step.said(one.before) if one.before is not None else None
    after = step.said(one.after) if one.after is not None else None
    if before is None and after is not None:
        return Shown("added", after.title, (), _sentences(after))
    if after is None and before is not None:
        return Shown("removed", before.title, _sentences(before), ())
    assert before is not None and after is not None
    old, new = (
        (one.title, *_sentences(one)) if before.title != after.title else _sentences(one) for one in (before, after)
    )
    found = _changed(after.title, old, new)
    if found.gone or found.new:
        return found
    order = [t("rules.order", number=getattr(each, "priority", 0)) for each in (one.before, one.after)]
    return _changed(after.title, (order[0],), (order[1],))


def _sentences(said: Said) -> tuple[str, ...]:
    return (said.main, *said.lines)


def _changed(title: str, before: tuple[str, ...], after: tuple[str, ...]) -> Shown:
    gone = tuple(one for one in before if one not in after)
    new = tuple(one for one in after if one not in before)
    return Shown("changed", title, gone, new)


def checked(step: Step, problems: tuple[str, ...] = (), status: int = 200) -> ResponseReturnValue:
    """The page of what is changed, with the button that proposes it."""
    faults = [(card.said.title, words, error) for name in step.draft.entries for card in step.cards(name)
              for words, error in card.faults]  # fmt: skip
    base = step.base
    lead = t("rules.review.lead", version=base.version) if base else t("rules.review.new")
    begun = kept.begun_from()
    newer = None
    if base and begun and begun.key == base.id and begun.version != base.version:
        newer = t("rules.review.newer", begun=begun.version, now=base.version)
    shown = page(
        "review", t("rules.review.title"), step.handle, lead=lead, problems=problems, step=step, newer=newer,
        differences=differences(step), faults=[*((None, one.words, one.error) for one in step.draft.faults), *faults],
    )  # fmt: skip
    return shown, status


def proposed(step: Step) -> ResponseReturnValue:
    """The draft proposed, for a second person to publish; or the page again with what stands against it."""
    problems: list[str] = []
    try:
        command(lambda session: propose(session, step.text, problems))
        kept.drop()
    except FileRefused:
        problems = [t("rules.mend_first", count=step.draft.errors)]
    except CreditBankError as error:
        problems.insert(0, error_sentence(error))
    else:
        flash(t("cases.documents.proposed"), "good")
        return redirect(url_for("desk.document_list", handle=step.handle), 303)
    return checked(step, tuple(problems), 422)
