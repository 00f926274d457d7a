"""A page for tests that shows every macro of page.html and form.html, so that each is looked at in a browser."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, abort, flash, render_template, request
from flask_wtf.file import FileField
from jinja2 import ChoiceLoader, DictLoader
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from web import htmx
from web.accounts.permissions import PUBLIC, permit
from web.error_pages import error_page
from web.forms.base import CivilDateField, Form, Required, label
from web.messages import t

TEMPLATE = Path(__file__).with_name("gallery.html")
PART = """{% extends "base.html" %}{% block title %}{{ t("site.help") }}{% endblock %}{% block content %}
<h1>{{ t("site.help") }}</h1>
<form action="/test/part" data-hx-get="/test/part" data-hx-target="#found">
<div class="field"><label for="word">{{ t("site.help") }}</label><input class="input" id="word" name="word"></div>
<button class="button">{{ t("display.profile.save") }}</button>
</form>
<div id="found">{% block found %}<h2 tabindex="-1" data-focus>{{ word }}</h2>{% endblock %}</div>
{% endblock %}"""


class Sample(Form):
    """One field of each kind, labelled with sentences that exist."""

    name = StringField(label("site.institutions"), [Required()])
    secret = PasswordField(label("site.sign_in"), [Required()])
    place = SelectField(
        label("form.year"), choices=lambda: [SelectChoice("a", t("site.category.academic")), SelectChoice("b", "B")]
    )
    words = TextAreaField(label("site.about"))
    kind = RadioField(
        label("display.layout.label"),
        [Required()],
        choices=lambda: [SelectChoice(c, t(f"site.category.{c}")) for c in ("academic", "vocational", "other")],
    )
    agreed = BooleanField(label("site.help"), [Required()])
    day = CivilDateField(label("form.day"), [Required()])
    paper = FileField(label("site.trust_list"))


def install(app: Flask) -> None:
    """Give a test's application the page, at ``/test/gallery``; posted, it is a refused form."""
    source = TEMPLATE.read_text("utf-8")
    app.jinja_env.loader = ChoiceLoader([DictLoader({"gallery.html": source, "part.html": PART}), app.jinja_env.loader])  # type: ignore[list-item]

    @app.get("/test/gallery")
    @permit(PUBLIC)
    def show_gallery() -> str:
        flash(t("signin.signed_out"), "good")
        return render_template("gallery.html", form=Sample(formdata=None), moment=datetime(2026, 9, 1, tzinfo=UTC))

    @app.get("/test/part")
    @permit(PUBLIC)
    def show_part() -> Response:
        word = request.args.get("word", "…")
        if word == "fail":
            abort(503)
        return htmx.announce(htmx.render("part.html", "found", word=word), f"{word}!")

    @app.get("/test/errors/<int:status>")
    @permit(PUBLIC)
    def show_error(status: int) -> tuple[str, int]:
        return error_page(status, without_actor=status >= 500)

    @app.post("/test/gallery")
    @permit(PUBLIC)
    def refuse_gallery() -> tuple[str, int]:
        form = Sample()
        assert not form.validate_on_submit()
        return render_template("gallery.html", form=form, moment=datetime(2026, 9, 1, tzinfo=UTC)), 422
