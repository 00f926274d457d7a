"""Trying the bank without an account: a made-up portfolio to look at, and one's own files put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from credit_bank.errors import InvalidInput
from credit_bank.recognition.framework import Category
from credit_bank.report import Outcome
from web import submissions
from web.accounts.permissions import PUBLIC, permit
from web.forms.base import refuse
from web.forms.trial import FilesForm
from web.messages import number, t
from web.security import limiter
from web.views import verify
from web.views.verify import Result

blueprint = Blueprint("trial", __name__)

MAX_FILES = 10
# A portfolio of nobody, so that a visitor sees one before opening an account: (key, credits, category, level, hours).
SAMPLE = (
    ("calligraphy", "2", "other", "2", "36"),
    ("electrician", "8", "vocational", "5", "160"),
    ("statistics", "3", "academic", "6", "54"),
)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that a visitor brought: its name, and the credential in it or why it is not counted.

    ``twice``: the same credential as an earlier file.
    """

    name: str
    result: Result | None
    problem: str | None
    twice: bool = False

    @property
    def passes(self) -> bool:
        """Whether it holds a credential that passes every check."""
        return self.result is not None and self.result.view.outcome == Outcome.PASS


@blueprint.get("/try")
@permit(PUBLIC)
def page() -> str:
    """A made-up portfolio, and the form for one's own files."""
    return _page(FilesForm(formdata=None))


def _page(form: FilesForm) -> str:
    totals = _total_rows([(category, Decimal(credits)) for _, credits, category, _, _ in SAMPLE])
    return render_template("trial/trial.html", form=form, sample=SAMPLE, totals=totals)


@blueprint.post("/try")
@permit(PUBLIC)
@limiter.limit("10 per minute")
def bring() -> ResponseReturnValue:
    """Verify up to ten files and show them as a portfolio. Nothing is kept."""
    form = FilesForm()
    given = [f for f in form.files.data or [] if isinstance(f, FileStorage) and f.filename]
    if not given and not form.files.errors:
        refuse(form.files, t("trial.files.missing"))
    if len(given) > MAX_FILES:
        refuse(form.files, t("trial.files.too_many", most=MAX_FILES))
    if not form.is_submitted() or not given or len(given) > MAX_FILES:
        return _page(form), 422
    brought = _once([_brought(f) for f in given])
    counted = [b.result.facts for b in brought if b.passes and b.result]
    response = make_response(
        render_template(
            "trial/result.html",
            brought=brought,
            totals=_total_rows([(f["category"], _decimal(f["credits"])) for f in counted]),
            passed=len(counted),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _brought(given: FileStorage) -> Brought:
    name = (given.filename or "")[:80]
    try:
        found = submissions.from_file(given.stream.read(submissions.MAX_FILE + 1), verify.origins())
        if found.token is not None:
            return Brought(name, None, t("trial.link"))
        return Brought(name, verify.check(found.document, found.way), None)
    except InvalidInput as error:
        return Brought(name, None, verify.problem_sentence(error))


def _once(brought: Sequence[Brought]) -> list[Brought]:
    """The same credential brought twice counts once."""
    seen: set[str] = set()
    kept = []
    for item in brought:
        # Only a credential that passes is known by its id; an altered copy is shown for what it is.
        own_id = item.result.facts["id"] if item.result and item.passes else None
        if own_id is not None and own_id in seen:
            item = Brought(item.name, None, t("trial.twice"), twice=True)
        elif own_id is not None:
            seen.add(own_id)
        kept.append(item)
    return kept


def _decimal(text: str | None) -> Decimal:
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)


def _total_rows(counted: Sequence[tuple[str | None, Decimal]]) -> list[tuple[str, str, str, str]]:
    rows = [(t("portfolio.total"), _sum(counted), t("portfolio.total_unit", count=len(counted)), "")]
    for category in Category:
        part = [pair for pair in counted if pair[0] == category.value]
        unit = t("portfolio.total_unit", count=len(part))
        rows.append((t(f"site.category.{category.value}"), _sum(part), unit, category.value))
    return rows


def _sum(counted: Sequence[tuple[str | None, Decimal]]) -> str:
    return number(str(sum((credits for _, credits in counted), Decimal(0))))
