"""Another approach, as a page offers it."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from adaptive.content.model import Question
from adaptive.store.tables import Decision
from web import learning
from web.database import tx
from web.messages import t
from web.operations import groups
from web.reasons import reason_sentences


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered and why: a link with its words, or a question that is worked out here (``example``)."""

    sentence: str
    href: str | None = None
    words: str = ""
    example: Question | None = None


def offer_of(kept: Decision | None) -> Offer | None:
    """The offer that was kept after an answer, if there is one."""
    if kept is None or not kept.reasons:
        return None
    library = learning.library()
    said = Markup(" ").join(reversed(reason_sentences(kept)))
    kind, item_id = kept.facts["kind"], kept.item_id or ""
    if kind == "form" and item_id in library.items:
        form = kept.facts["form"]
        course, _, item = item_id.partition("/")
        return Offer(said, url_for("library.item", course=course, item=item, form=form), t(f"library.form.{form}"))
    if kind == "example" and kept.question_id is not None and kept.question_id in library.questions:
        return Offer(said, example=library.questions[kept.question_id])
    if kind == "prerequisite":
        before = kept.facts["skill"]
        found = next((item for item in library.items.values() if before in item.skills), None)
        if found is not None:
            course, _, item = found.id.partition("/")
            return Offer(said, url_for("library.item", course=course, item=item), t("practice.offer_before"))
    in_groups = groups.joined_by(tx(), kept.learner_id) if kind == "person" else []
    if in_groups:
        ask = url_for("groups.ask", group_id=in_groups[0].group.id, skill=kept.scope)
        return Offer(said, ask, t("groups.ask.link"))
    return Offer(said, url_for("pages.help", _anchor="stuck"), t("practice.offer_person"))
