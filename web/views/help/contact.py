"""How an institution is reached: kept up by its own staff."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.database import command, tx
from web.forms.help import ContactForm
from web.messages import t
from web.operations import contact_places
from web.views.help.blueprint import blueprint


@blueprint.route("/institution/<handle>/contact", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR, Role.CENTRE_STAFF)
def contact(handle: str) -> ResponseReturnValue:
    """Telephone, hours and address, as everybody sees them where they look for a person."""
    form = ContactForm(obj=contact_places.of_institution(tx(), g.institution.id))
    if not form.validate_on_submit():
        page = render_template("help/contact.html", form=form, institution=g.institution)
        return page, 422 if form.errors else 200
    said = {name: form[name].data or "" for name in ("phone", "hours", "hours_en", "address", "address_en")}
    who, at = actor().person_id, now()
    command(lambda session: contact_places.put(session, g.institution.id, said, by=who, now=at))
    audit.record(tx(), "contact.changed", now=at, person_id=who, institution_id=g.institution.id)
    flash(t("help.contact.done"), "good")
    return redirect(url_for(".contact", handle=handle), 303)
