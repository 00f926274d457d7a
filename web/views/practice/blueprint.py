"""The blueprint of practice, and the addresses at which a scope is practised."""

from flask import Blueprint, request, url_for

from adaptive.suiting import Order
from web import learning
from web.languages import named
from web.messages import t

blueprint = Blueprint("practice", __name__)


def address_of(scope: str, **more: object) -> str:
    """The address at which a scope is practised."""
    course, _, item = scope.partition("/")
    if item:
        return url_for("practice.of_item", course=course, item=item, **more)  # type: ignore[arg-type]
    if course:
        return url_for("practice.of_course", course=course, **more)  # type: ignore[arg-type]
    return url_for("practice.everything", **more)  # type: ignore[arg-type]


def back_of(scope: str) -> tuple[str, str]:
    """Where a scope's practice leads back to: address and words."""
    course, _, item = scope.partition("/")
    library = learning.library()
    if item:
        return url_for("library.item", course=course, item=item), named(library.items[scope].title)
    if course:
        return url_for("library.course", course=course), named(library.courses[course].title)
    return url_for("library.index"), t("library.title")


def asked_order() -> Order:
    """The order that the address asks for."""
    found = request.args.get("order")
    return "own" if found == "own" else "again" if found == "again" else "suited"


def in_order(order: str) -> dict[str, object]:
    """What an address says of an order; nothing of the usual one."""
    return {} if order == "suited" else {"order": order}
