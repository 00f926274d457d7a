"""The learner's record to keep: in large print, in plain sentences, as text, and for a Braille printer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accessibility.text import braille
from accessibility.text.braille import BrailleUnavailable
from credit_bank.identity import account_number
from credit_bank.store import learners, outcomes
from web import record_paper, speaking
from web.accounts.permissions import LEARNER, now, permit
from web.banking import settings
from web.database import tx
from web.messages import CITY, civil_date, civil_time, locale, t
from web.record_paper import VERSIONS, Record, Row, Version
from web.security import limiter
from web.views.portfolio import Entry, download, entry_of, learner_id, total_rows, wanted_filter

blueprint = Blueprint("record", __name__)
LIMIT = "12 per minute"  # each runs a program of its own


def record() -> Record:
    """What the record says, in the reader's language."""
    wanted, asked = wanted_filter()
    learner = learners.get(tx(), learner_id())
    today = now().astimezone(CITY).date()
    entries = [entry_of(o, place, today) for o, place in outcomes.portfolio(tx(), learner.id, wanted)]
    return Record(
        lang=locale(),
        title=t("portfolio.record.title"),
        bank=settings().bank_name_en if locale() == "en" else settings().bank_name_zh,
        head=[
            (t("portfolio.record.name"), learner.name),
            (t("portfolio.record.account"), account_number.grouped(learner.account_number)),
            (t("portfolio.record.made"), civil_time(now())),
        ],
        filtered=t("portfolio.record.filtered") if asked else "",
        list_title=t("record.list"),
        columns=[
            t("portfolio.record.outcome"),
            t("verify.fact.awarded"),
            t("verify.fact.issuer"),
            t("verify.fact.level"),
            t("verify.fact.credits"),
            t("portfolio.filter.state"),
        ],
        rows=[_row(entry) for entry in entries],
        none=t("record.none"),
        sums_title=t("portfolio.record.sums"),
        sums=[
            t("record.sum", label=label, value=value, unit=unit)
            for label, value, unit, _ in total_rows(outcomes.totals(tx(), learner.id, today))
        ],
        note=t("portfolio.record.note"),
        made_at=now(),
    )


def _row(entry: Entry) -> Row:
    day = civil_date(entry.outcome.awarded_on)
    cells = (entry.outcome.title, day, entry.institution, entry.level or "—", entry.credits, entry.state[0])
    said = {"title": entry.outcome.title, "institution": entry.institution, "day": day, "credits": entry.credits}
    sentence = t("record.sentence", **said)
    if not entry.counts:
        sentence = t("record.does_not_count", sentence=sentence, state=entry.state[0])
    return Row(cells, sentence)


def _version() -> Version:
    asked = request.args.get("version", "standard")
    return next((version for version in VERSIONS if version == asked), "standard")


@blueprint.get("/portfolio/record/papers")
@permit(LEARNER)
def papers() -> str:
    """Every way to take the record along, each with whom it is for."""
    _, asked = wanted_filter()
    return render_template("record/papers.html", asked=asked, versions=VERSIONS, braille=braille.available())


@blueprint.get("/portfolio/record.pdf")
@permit(LEARNER)
@limiter.limit(LIMIT, key_func=speaking.reader)
def record_pdf() -> ResponseReturnValue:
    """The record as PDF that readers of speech can follow."""
    version = _version()
    made = record_paper.document(record(), version)
    return download(made, "application/pdf", f"record-{version}.pdf", inline=request.args.get("open") == "1")


@blueprint.get("/portfolio/record.txt")
@permit(LEARNER)
def record_text() -> ResponseReturnValue:
    """The record as text in the shape of a Braille page."""
    version = _version()
    made = braille.plain(record_paper.text(record(), version))
    return download(made.encode(), "text/plain; charset=utf-8", f"record-{version}.txt")


@blueprint.get("/portfolio/record.brf")
@permit(LEARNER)
@limiter.limit(LIMIT, key_func=speaking.reader)
def record_braille() -> ResponseReturnValue:
    """The record as a Braille ready file; where Braille cannot be made, the page that offers the text."""
    version = _version()
    try:
        made = braille.braille(record_paper.text(record(), version), locale())
    except BrailleUnavailable:
        flash(t("record.braille.cannot"), "warn")
        return redirect(url_for(".papers"), 303)
    return download(made.encode("ascii"), "application/x-brf", f"record-{version}.brf")
