"""The learning map: areas, the skills of one as a picture with a list beside it, and one skill."""

from collections import Counter
from functools import lru_cache

from flask import Blueprint, abort, render_template

from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library, Skill
from adaptive.path.map import SkillMap, SkillStatus, lay_out
from adaptive.path.plan import items_by_skill
from adaptive.path.tall import stand_up
from adaptive.standing import Standings, map_statuses, standings
from adaptive.store import plans
from web import learning
from web.accounts.permissions import PUBLIC, permit
from web.database import tx
from web.drawing import picture
from web.languages import named
from web.messages import locale
from web.reasons import reason_sentence

blueprint = Blueprint("map", __name__)

STATUSES = ("mastered", "due", "begun", "ready", "locked")


@blueprint.get("/map")
@permit(PUBLIC)
def index() -> str:
    """Every area, and how far one is in each."""
    library = learning.library()
    known = _statuses(_where())
    areas = []
    for area in library.areas:
        skills = [s for s in library.skills.values() if s.area == area]
        if skills:
            order = lay_out_area(area).order
            counts = Counter(known[key].status for key in order if key in known)
            areas.append((area, named(library.areas[area]), order, counts))
    return render_template("map/index.html", areas=areas, known=known, statuses=STATUSES, kept=bool(known))


@blueprint.get("/map/<area>")
@permit(PUBLIC)
def area(area: str) -> str:
    """The skills of an area: as a list, and as a picture of the same."""
    library = learning.library()
    if area not in library.areas:
        abort(404)
    layout = lay_out_area(area)
    known = _statuses(_where())
    return render_template(
        "map/area.html",
        area=area,
        name=named(library.areas[area]),
        rows=[(library.skills[key], known.get(key), _before(library, library.skills[key])) for key in layout.order],
        across={key: _across(library, key) for key in layout.order},
        picture=picture(layout, library, known, locale()),
        tall=picture(stand_up(layout), library, known, locale()),
        statuses=[s for s in STATUSES if any(known[k].status == s for k in layout.order if k in known)],
        skills=library.skills,
        kept=bool(known),
        may_ask=learning.may_ask_to_keep(),
    )


@blueprint.get("/skills/<skill>")
@permit(PUBLIC)
def skill(skill: str) -> str:
    """One skill: what one can do then, where it is taught, what comes before and after, how far one is."""
    library = learning.library()
    found = library.skills.get(skill)
    if found is None:
        abort(404)
    where = _where()
    status = _statuses(where).get(skill)
    graph = SkillGraph(library.skills)
    learner_id = learning.stored_learner()
    plan = plans.current(tx(), learner_id) if learner_id else None
    return render_template(
        "map/skill.html",
        skill=found,
        area=named(library.areas[found.area]),
        status=status,
        reason=reason_sentence(status.reason.as_json()) if status else "",
        items=items_by_skill(library).get(skill, []),
        before=[library.skills[key] for key in graph.requires(skill)],
        after=[library.skills[key] for key in graph.leads_to(skill)],
        courses=library.courses,
        in_plan=plan is not None and any(step["skill_id"] == skill for step in plan.steps),
        kept=learner_id is not None,
        may_ask=learning.may_ask_to_keep(),
    )


def lay_out_area(area: str) -> SkillMap:
    """The map of an area, laid out once for a library."""
    return _laid_out(learning.library().digest, area)


@lru_cache(maxsize=256)
def _laid_out(_digest: str, area: str) -> SkillMap:
    library = learning.library()
    return lay_out(library, [area])


def _where() -> Standings | None:
    learner_id = learning.stored_learner()
    return standings(tx(), learning.learning(), learner_id) if learner_id else None


def _statuses(where: Standings | None) -> dict[str, SkillStatus]:
    """How far the reader is in every skill; empty for whoever's learning is not kept."""
    return map_statuses(SkillGraph(learning.library().skills), where) if where else {}


def _across(library: Library, key: str) -> tuple[tuple[str, list[Skill]], ...]:
    """What leads from other areas here, and from here to them."""
    area, graph = library.skills[key].area, SkillGraph(library.skills)
    sides = (("from_elsewhere", graph.requires(key)), ("to_elsewhere", graph.leads_to(key)))
    return tuple(
        (side, [library.skills[other] for other in others if library.skills[other].area != area])
        for side, others in sides
    )


def _before(library: Library, skill: Skill) -> list[Skill]:
    return [library.skills[key] for key in skill.requires if key in library.skills]
