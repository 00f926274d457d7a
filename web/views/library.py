"""The learning library: courses by area, a course, one item as a calm page in the form that suits, its pictures."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from adaptive.content import metadata, raster, video
from adaptive.content.model import FORM_KINDS, Course, Form, FormKind, Item
from adaptive.store import answers, mastered, preferences, visits
from credit_bank.store.types import new_id
from web import learning, presentation
from web.accounts.permissions import BANK_ADMIN, LEARNER, PUBLIC, actor_or_none, now, permit
from web.assets import FOR_EVER
from web.banking import settings
from web.database import request_writes, tx
from web.htmx import render
from web.languages import named
from web.markdown import article
from web.messages import locale
from web.views.recommended import ON_SHELF, shown, suggestions
from web.ways import resting_in

blueprint = Blueprint("library", __name__)

AUDIENCES = ("elder", "adult", "disabled", "carer", "worker")
# A pause is for whoever reads aloud.
PAUSE = re.compile(r"(?m)^[（(]停顿\s*[\d.]+\s*秒[）)]\s*$")
# A picture is shown, never run: nothing in it may load or execute anything, whoever wrote it.
PICTURE_POLICY = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reader stands with an item: ``done`` all questions answered right, ``begun`` some answered."""

    done: bool
    begun: bool


@blueprint.get("/library")
@permit(PUBLIC)
def index() -> ResponseReturnValue:
    """All courses by area; what the words or the reader asked for."""
    words = request.args.get("q", "").strip()[:80]
    audience = request.args.get("audience", "")
    audience = audience if audience in AUDIENCES else ""
    found = [c for c in learning.library().courses.values() if not audience or audience in c.audience]
    items: list[Item] = []
    if words:
        items = [item for item in learning.library().items.values() if _says(words, *_texts_of(item))]
        own = {item.course_id for item in items}
        found = [c for c in found if c.id in own or _says(words, *_texts_of_course(c))]
        items = [item for item in items if not audience or audience in learning.course_of(item).audience]
    found_for_me = None if words or audience else suggestions()
    who = actor_or_none()
    return render(
        "library/index.html",
        "results",
        areas=_by_area(found),
        count=len(found),
        items=items[:12],
        words=words,
        audience=audience,
        audiences=AUDIENCES,
        going_on=_going_on(),
        learner=who is not None and who.learner_id is not None,
        suggested=[shown(entry) for entry in found_for_me.entries[:ON_SHELF]] if found_for_me else [],
        personalised=found_for_me is not None and found_for_me.personalised,
        minutes=_minutes,
    )


def _by_area(courses: Sequence[Course]) -> list[tuple[str, list[Course]]]:
    areas = learning.library().areas
    return [
        (named(areas[area]), sorted((c for c in courses if c.area == area), key=lambda c: c.level))
        for area in areas
        if any(c.area == area for c in courses)
    ] + [("", [c for c in courses if c.area not in areas])] * any(c.area not in areas for c in courses)


def _going_on() -> Item | None:
    """The item that the reader opened last, for going on with it."""
    learner_id = learning.stored_learner()
    visit = visits.last(tx(), learner_id) if learner_id else None
    return learning.library().items.get(visit.item_id) if visit else None


def _texts_of(item: Item) -> list[str]:
    skills = learning.library().skills
    named = [skills[s] for s in item.skills if s in skills]
    texts = [item.title, *(s.name for s in named), *(s.can for s in named)]
    return [t for text in texts for t in (text.zh, text.en or "")]


def _texts_of_course(course: Course) -> list[str]:
    area = learning.library().areas.get(course.area)
    texts = [course.title, course.summary, *([area] if area else [])]
    return [t for text in texts for t in (text.zh, text.en or "")]


def _says(words: str, *texts: str) -> bool:
    """Whether every word stands in one of the texts, width and case aside."""
    said = _folded(" ".join(texts))
    return all(word in said for word in _folded(words).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _minutes(course: Course) -> int:
    return sum(learning.library().items[item].minutes for item in course.items)


@blueprint.get("/library/<course>")
@permit(PUBLIC)
def course(course: str) -> str:
    """A course: what it is about, for whom, who wrote it, its items in the neutral order."""
    found = course_or_404(course)
    library = learning.library()
    items = [library.items[item_id] for item_id in found.items]
    standing = _standing(items)
    open_items = [i for i in items if i.id not in standing or not standing[i.id].done]
    resting, ways = resting_in(course)
    return render_template(
        "library/course.html",
        course=found,
        about=article(found.about, shift=1),
        items=items,
        go_on=(open_items or items)[0],
        through=not open_items,
        resting=resting,
        ways=ways,
        begun=any(s.begun for s in standing.values()),
        standing=standing,
        skills=library.skills,
        mastered=_mastered(),
        may_ask=learning.may_ask_to_keep(),
    )


def course_or_404(course_id: str) -> Course:
    """The course of that name."""
    found = learning.library().courses.get(course_id)
    if found is None:
        abort(404)
    return found


def item_or_404(course_id: str, name: str) -> Item:
    """The item of that name in that course."""
    found = learning.library().items.get(f"{course_id}/{name}")
    if found is None or found.id not in course_or_404(course_id).items:
        abort(404)
    return found


def _standing(items: Sequence[Item]) -> dict[str, Standing]:
    learner_id = learning.stored_learner()
    if learner_id is None:
        return {}
    outcomes = answers.questions_answered(tx(), learner_id)
    return {
        item.id: Standing(
            bool(item.questions) and all(outcomes.get(q.id) == "right" for q in item.questions),
            any(q.id in outcomes for q in item.questions),
        )
        for item in items
    }


def _mastered() -> frozenset[str]:
    learner_id = learning.stored_learner()
    return frozenset(mastered.of_learner(tx(), learner_id)) if learner_id else frozenset()


@blueprint.get("/library/<course>/<item>")
@permit(PUBLIC)
def item(course: str, item: str) -> str:
    """One item in one form. Which form was opened is kept when the reader agreed to that."""
    learner_id = learning.stored_learner()
    if learner_id is not None and request.method == "GET":  # who asks for the headers alone has opened nothing
        request_writes()
    found, whole = item_or_404(course, item), course_or_404(course)
    form = _form(found)
    visit = None
    if learner_id is not None and request.method == "GET":
        visit = visits.opened(tx(), learner_id, new_id(), found.id, form.kind, now())
    place = whole.items.index(found.id)
    return render_template(
        "library/item.html",
        course=whole,
        item=found,
        form=form,
        form_kinds=[kind for kind in FORM_KINDS if kind in found.forms],
        body=article(PAUSE.sub("", form.body), lang=form.lang, picture=lambda name: picture_address(found, name)),
        visit=visit,
        number=place + 1,
        before=learning.library().items[whole.items[place - 1]] if place else None,
        after=learning.library().items[whole.items[place + 1]] if place + 1 < len(whole.items) else None,
    )


def _form(found: Item) -> Form:
    """The form that was asked for, or the one that the reader prefers, or the standard one."""
    learner_id = learning.stored_learner()
    preferred = preferences.get(tx(), learner_id, now()).form if learner_id is not None else None
    kind: FormKind
    easy = "easy" if presentation.shown().easy else None
    for kind in (request.args.get("form"), preferred, easy, "standard"):  # type: ignore[assignment] # any word may be asked
        if kind in found.forms:
            return found.forms[kind]
    return next(iter(found.forms.values()))


@blueprint.get("/library/<course>/<item>/metadata.json")
@permit(PUBLIC)
def item_metadata(course: str, item: str) -> Response:
    """The item described as a schema.org LearningResource, with its accessibility, in JSON-LD."""
    found = item_or_404(course, item)
    address = settings().site + url_for(".item", course=course, item=item)
    response = jsonify(metadata.describe(found, course_or_404(course), address=address, locale=locale()))
    response.mimetype = "application/ld+json"
    return response


@blueprint.get("/library/<course>/<item>/pictures/<name>")
@permit(PUBLIC)
def picture(course: str, item: str, name: str) -> Response:
    """A picture of an item, as its file stands."""
    found = item_or_404(course, item)
    if not raster.PICTURE_NAME.fullmatch(name) or name not in found.pictures:
        abort(404)
    path = learning.shelf().folders[found.id] / name
    try:
        body, digest = path.read_bytes(), _digest(path, path.stat().st_mtime_ns)
    except OSError:
        abort(404)
    response = make_response(body)
    response.mimetype = raster.MIMETYPES[raster.ending(name)]
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == digest else "public, max-age=300"
    return response


@lru_cache(maxsize=4096)
def _digest(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def picture_address(found: Item, name: str) -> str | None:
    """The address of a picture of an item, ending in a hash of its content; None when the item has no such picture."""
    if name not in found.pictures:
        return None
    path = learning.shelf().folders[found.id] / name
    course_id, _, item_name = found.id.partition("/")
    try:
        digest = _digest(path, path.stat().st_mtime_ns)
    except OSError:
        return None
    return url_for("library.picture", course=course_id, item=item_name, name=name, v=digest)


@blueprint.get("/library/<course>/<item>/video/<name>")
@permit(PUBLIC)
def sign_video(course: str, item: str, name: str) -> Response:
    """The item in sign language, in the pieces that a player asks for."""
    found = item_or_404(course, item)
    if name != found.sign_video:
        abort(404)
    path = learning.shelf().folders[found.id] / name
    if path.is_symlink() or not path.is_file():
        abort(404)
    return send_file(path.resolve(), video.MIMETYPES[name], conditional=True, max_age=300)


@blueprint.post("/library/visits/<uuid:visit_id>")
@permit(LEARNER)
def noticed(visit_id: UUID) -> ResponseReturnValue:
    """What the page could tell about a visit: seconds in sight and how often the reader went back up."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        abort(404)
    seconds, back = request.form.get("seconds", 0.0, float), request.form.get("back", 0, int)
    if not (0 <= seconds <= 86_400 and 0 <= back <= 10_000):
        abort(400)
    visits.noticed(tx(), learner_id, visit_id, seconds, {"back": back})
    return "", 204


@blueprint.get("/admin/library")
@permit(BANK_ADMIN)
def faults() -> str:
    """What was wrong with the content when it was read, and what is left out because of it."""
    shelf = learning.shelf()
    return render_template(
        "library/faults.html",
        faults=[fault for fault in shelf.faults if fault.severity == "error"],
        left_out=shelf.left_out,
        courses=len(shelf.library.courses),
        items=len(shelf.library.items),
        questions=len(shelf.library.questions),
    )
