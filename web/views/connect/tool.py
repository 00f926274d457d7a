"""We are the tool: a platform's people arrive, read, practise, and may take their result back."""

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive.content.model import Course
from adaptive.store import mastered
from credit_bank.errors import InvalidInput
from web.accounts import audit
from web.accounts.permissions import LEARNER, PUBLIC, actor, actor_or_none, now, permit
from web.banking import bank, settings
from web.connections import as_tool, keys, messages
from web.connections.fetching import check_address
from web.connections.messages import Launch
from web.connections.tables import LtiPlatform
from web.database import command, database, request_writes, tx
from web.forms.account import ConfirmForm
from web.learning import library
from web.libraries import LIBRARY_ERRORS
from web.messages import error_sentence, locale, t
from web.security import limiter
from web.views.connect import blueprint
from web.views.connect.sending import handing_over, key_sets

COOKIE = "evergreen_launch"


@blueprint.get("/lti/jwks.json")
@permit(PUBLIC)
def jwks() -> Response:
    """Our public keys."""
    return jsonify(keys.own_jwks(tx(), bank()))


@blueprint.route("/lti/login", methods=["GET", "POST"])
# another system sends the browser here; it changes nothing but a state that this browser alone can use
@permit(PUBLIC)
@limiter.limit("120 per minute")
def login() -> ResponseReturnValue:
    """A platform begins a login: on to its authentication request, with a state that belongs to this browser."""
    request_writes()
    browser = request.cookies.get(COOKIE, "")
    browser = browser if 20 <= len(browser) <= 100 else messages.fresh()
    given = {name: value for name, value in request.values.items() if len(value) <= 2000 and value.isprintable()}
    target = command(
        lambda s: as_tool.begin_login(
            s, given, browser=browser, redirect_uri=f"{settings().site}/lti/launch", now=now()
        )
    )
    response = make_response(redirect(target, 302))
    response.set_cookie(
        COOKIE, browser, max_age=7200, path="/lti/", secure=settings().cookie_secure, httponly=True, samesite="Lax"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/lti/launch")
# the platform's page posts here; the signature, the state and the nonce are what is trusted
@permit(PUBLIC)
@limiter.limit("120 per minute")
def launch() -> ResponseReturnValue:
    """The signed launch comes back: checked, used once, and shown only to the browser that began it."""
    state, token = request.form.get("state", ""), request.form.get("id_token", "")
    if len(token) > 50_000:
        raise InvalidInput("lti.message", part="id_token")
    with database().reading() as session:
        login_row, platform = as_tool.login_of(session, state, now())
        session.expunge_all()
    found = as_tool.check_launch(login_row, platform, token, key_sets(), settings().site)
    code = command(lambda s: as_tool.accept_launch(s, state, found, now()))
    # A cross-site post carries no cookies; the page that it leads to does, and asks for the browser's own.
    return redirect(url_for("connect.arrived", code=code), 303)


def _arrival(code: str) -> tuple[LtiPlatform, Launch]:
    _row, platform, found = as_tool.launch_of(tx(), code, request.cookies.get(COOKIE, ""), now())
    return platform, found


def _course(found: Launch) -> Course | None:
    """The course that a launch points to: ``…/library/<course>`` or an item of it."""
    path = found.target.removeprefix(settings().site).partition("?")[0].strip("/").split("/")
    return library().courses.get(path[1]) if len(path) > 1 and path[0] == "library" else None


@blueprint.get("/lti/arrived/<code>")
@permit(PUBLIC)
def arrived(code: str) -> ResponseReturnValue:
    """Where someone came from, where to begin, and what may go back."""
    platform, found = _arrival(code)
    if found.kind == "LtiDeepLinkingRequest":
        return render_template(
            "connect/choose.html", form=ConfirmForm(), platform=platform, launch=found, code=code, lang=locale(),
            courses=library().courses.values(), items=library().items,
        )  # fmt: skip
    me = actor_or_none()
    return render_template(
        "connect/arrived.html", form=ConfirmForm(), platform=platform, launch=found, code=code, course=_course(found),
        lang=locale(), learner=me is not None and me.learner_id is not None,
    )  # fmt: skip


@blueprint.post("/lti/arrived/<code>/choose")
@permit(PUBLIC)
def choose(code: str) -> ResponseReturnValue:
    """Send the courses and items that were chosen back to the platform (deep linking)."""
    platform, found = _arrival(code)
    if found.return_url is None:
        raise InvalidInput("lti.message", part="deep_link_return_url")
    check_address(found.return_url, private=settings().connect_private)  # a form leads there, and the policy names it
    wanted = request.form.getlist("chosen")[: 100 if found.several else 1]
    items = []
    for name in wanted:
        titled = library().courses.get(name) or library().items.get(name)
        if titled is not None:
            items.append({"title": titled.title.in_language(locale()), "url": f"{settings().site}/library/{name}"})
    key = keys.own_key(tx(), bank(), now())
    token = messages.deep_link_response(
        key, now(), issuer=platform.issuer, client_id=platform.client_id, deployment=found.deployment, data=found.data,
        items=items,
    )  # fmt: skip
    return handing_over(platform, found.return_url, {"JWT": token})


@blueprint.post("/lti/arrived/<code>/score")
@permit(LEARNER)
def score(code: str) -> ResponseReturnValue:
    """The learner sends their own result to the platform that they came from, and says that the account is theirs."""
    me = actor()
    assert me.learner_id is not None
    with database().reading() as session:
        _row, platform, found = as_tool.launch_of(session, code, request.cookies.get(COOKIE, ""), now())
        as_tool.is_linked(session, platform, found.subject, me.learner_id)
        course = _course(found)
        if course is None:
            raise InvalidInput("lti.no_score")
        skills = {skill for name in course.items for skill in library().items[name].skills}
        given = float(len(skills & mastered.of_learner(session, me.learner_id).keys()))
        key = keys.own_key(session, bank(), now())
        session.expunge_all()
    learner_id = me.learner_id

    def remember(session: Session) -> None:
        as_tool.link(session, platform, found.subject, learner_id, now())
        audit.record(
            session, "connection.score_sent", now=now(), person_id=me.person_id, institution_id=platform.institution_id,
            subject_id=platform.id,
        )  # fmt: skip

    try:
        as_tool.send_score(
            platform, found, key, given=given, maximum=float(len(skills)), now=now(), private=settings().connect_private
        )
        command(remember)
        flash(t("connect.score.sent", name=platform.name, given=int(given), maximum=len(skills)), "good")
    except LIBRARY_ERRORS as error:
        flash(error_sentence(error), "bad")
    return redirect(url_for("connect.arrived", code=code), 303)
