"""The display settings: where to start from, then each preference alone, a group a page."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from accessibility.preference.colour import GOOD, contrast
from accessibility.preference.model import DEFAULTS, NAMES, Preference, started_from
from accessibility.preference.presentation import pair_of
from web import presentation
from web.accounts import unhurried
from web.accounts.permissions import PUBLIC, permit
from web.forms.display import GROUPS, GroupForm, PlacedForm, ProfileForm
from web.messages import t
from web.presentation import Place
from web.views.display.blueprint import blueprint


def where_kept() -> str:
    """Where a choice goes unless the person says otherwise, as the form's word for it."""
    return "account" if presentation.place() == "account" else "here"


def place_of(form: PlacedForm) -> Place:
    """Where the person wants the choice kept; whoever is not signed in has this device."""
    return "account" if "where" in form and form.where.data == "account" else presentation.here()


def said(place: Place) -> str:
    """What is said once a choice is kept."""
    return t(f"display.kept.{place}")


@blueprint.get("/settings/display")
@permit(PUBLIC)
def settings() -> str:
    """Where to start from, what differs now, and the ways on."""
    chosen = presentation.preference()
    form = ProfileForm(formdata=None, data={"profile": chosen.profile, "where": where_kept()})
    return _overview(form)


def _overview(form: ProfileForm) -> str:
    return render_template(
        "display/settings.html", form=form, groups=GROUPS, differs=differing(presentation.preference())
    )


@blueprint.post("/settings/display")
@permit(PUBLIC)
def save() -> ResponseReturnValue:
    """Start from a profile, or put everything on this device back."""
    to_overview: BaseResponse = redirect(url_for(".settings"), 303)
    if "forget" in request.form:
        place = presentation.place()
        flash(t("display.forgotten"), "good")
        if place == "account":
            return presentation.keep(to_overview, Preference(), place)
        unhurried.fit(to_overview, unhurried=False)
        return presentation.keep_on_device(presentation.end_visit(to_overview), {})
    form = ProfileForm()
    if not form.validate_on_submit():
        return _overview(form), 422
    place = place_of(form)
    flash(said(place), "good")
    return presentation.keep(to_overview, started_from(form.profile.data, presentation.preference()), place)


@blueprint.route("/settings/display/<group>", methods=["GET", "POST"])
@permit(PUBLIC)
def group(group: str) -> ResponseReturnValue:
    """The preferences of one group, each choice showing itself. "Try" shows the page so and keeps nothing."""
    kind = GROUPS.get(group)
    if kind is None:
        abort(404)
    if request.method == "GET":
        return _group(group, kind.of(presentation.preference(), where_kept()))
    form = kind()
    if not form.validate_on_submit():
        return _group(group, form), 422
    chosen = form.chosen(presentation.preference())
    if "try" in request.form:
        presentation.show(chosen)
        return _group(group, form, tried=True)
    place = place_of(form)
    flash(said(place), "good")
    if (low := ratio_of(chosen)) is not None and low < GOOD:
        flash(t("display.pair.warn", ratio=f"{low:.1f}", good=GOOD), "warn")
    return presentation.keep(redirect(url_for(".group", group=group), 303), chosen, place)


def _group(group: str, form: GroupForm, *, tried: bool = False) -> str:
    names = list(GROUPS)
    at = names.index(group)
    return render_template(
        f"display/{group}.html",
        form=form,
        group=group,
        tried=tried,
        ratio=ratio_of(presentation.preference()),
        good=GOOD,
        after=names[at + 1] if at + 1 < len(names) else None,
    )


def ratio_of(preference: Preference) -> float | None:
    """The contrast of the person's own colours where they hold."""
    pair = pair_of(preference)
    return contrast(*pair) if pair is not None else None


def differing(preference: Preference) -> list[tuple[str, str, str]]:
    """What is not as the house has it: group, name of the preference, its value in words."""
    group_of = {name: group for group, form in GROUPS.items() for name in form.names} | {"quiet_hours": "calm"}
    return [
        (group_of[name], t(f"display.{name}.label"), in_words(name, getattr(preference, name)))
        for name in NAMES
        if name in group_of and getattr(preference, name) != DEFAULTS[name]
    ]


def in_words(name: str, value: str) -> str:
    """A value of a preference in words."""
    if name == "quiet_hours" and value != "off":
        begin, _, end = value.partition("-")
        return t("display.quiet_hours.between", begin=int(begin), end=int(end))
    return t(f"display.{name}.{value}")
