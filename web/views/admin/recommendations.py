"""What came of the recommendations: taken up, varied, or only what is popular; it is looked at and never changed."""

from flask import render_template

from adaptive import watching_recommendations
from web import learning
from web.accounts.permissions import BANK_ADMIN, now, permit
from web.database import tx
from web.views.admin.blueprint import blueprint


@blueprint.get("/admin/learning/recommendations")
@permit(BANK_ADMIN)
def recommendations() -> str:
    """The report of ``credit-bank learning evaluate-recommendations`` as a page."""
    library = learning.library()
    return render_template(
        "admin/recommendations.html",
        seen=watching_recommendations.look(tx(), library, now()),
        fewest=watching_recommendations.FEWEST_LISTS,
        trapped_from=watching_recommendations.TRAPPED,
        courses=library.courses,
    )
