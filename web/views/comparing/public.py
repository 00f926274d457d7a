"""What a course is taken as elsewhere, for anybody: published decisions only, no machine's guesses."""

from typing import Any

from flask import render_template, request, url_for

from credit_bank.store import institutions, precedents
from credit_bank.store.precedents import PrecedentFilter
from web.accounts.permissions import PUBLIC, permit
from web.database import tx
from web.views.comparing.blueprint import PAGE, blueprint, page_number, today


@blueprint.get("/equivalences")
@permit(PUBLIC)
def published() -> str:
    """Which of school Y's courses is this course of school X?"""
    with_some = precedents.with_public(tx(), today())
    targets = [one for one in institutions.every(tx()) if one.id in with_some]
    target = next((one for one in targets if one.handle == request.args.get("to")), None)
    wanted = PrecedentFilter(
        words=request.args.get("q", "").strip()[:100],
        source_name=request.args.get("from", "").strip()[:200],
        public_on=today(),
    )
    at = page_number()
    at_target = target.handle if target else ""
    count = precedents.count(tx(), target.id, wanted) if target else 0
    return render_template(
        "comparing/published.html",
        targets=targets,
        target=target,
        sources=precedents.source_names(tx(), target.id, PrecedentFilter(public_on=today())) if target else [],
        wanted=wanted,
        rows=precedents.page(tx(), target.id, wanted, offset=(at - 1) * PAGE, limit=PAGE) if target else [],
        count=count,
        page=at,
        pages=-(-count // PAGE),
        address=lambda page: url_for(
            ".published",
            **dict[str, Any]({"to": at_target, "from": wanted.source_name, "q": wanted.words, "page": page}),
        ),
    )
