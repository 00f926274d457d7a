"""The sheet that a question is answered on: signed, so that nothing has to be kept before the answer comes.

It names the question, what was shown with it, and whose sheet it is; its key makes sending it twice one answer. Someone
who is not signed in practises with sheets alone: nothing about them is stored.
"""

import random
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from adaptive.content.model import Question

SALT = "practice-sheet-1"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question put to somebody.

    ``scope`` and ``order`` are what is practised and how; ``key`` names the choice that it shows, or, where nothing is
    kept, the sheet; ``presented`` is in unix seconds; ``hints`` how many are shown, ``transcript`` whether what is
    spoken is; ``learner`` is empty for someone whose learning is not kept, who goes on to ``number`` in the authors'
    order.
    """

    question: str
    scope: str
    order: str
    key: str
    presented: float
    hints: int = 0
    transcript: bool = False
    easy: bool = False
    number: int = 0
    decision: str = ""
    learner: str = ""
    form: str = ""

    def signed(self) -> str:
        """The sheet as a form field."""
        return _serializer().dumps(asdict(self))

    def shown_at(self) -> datetime:
        """When it was put."""
        return datetime.fromtimestamp(self.presented, UTC)

    def decision_id(self) -> UUID | None:
        """The choice that it came from."""
        return UUID(self.decision) if self.decision else None

    def with_hint(self) -> "Sheet":
        """The sheet with one hint more."""
        return replace(self, hints=self.hints + 1)

    def shuffled(self, count: int) -> list[int]:
        """0 to count - 1 in the order of this sheet: the same each time it is shown, never all in place."""
        order = list(range(count))
        generator = random.Random(self.key)  # noqa: S311 - an order on a page, no secret
        generator.shuffle(order)
        if count > 1 and order == sorted(order):
            order = [*order[1:], order[0]]
        return order


def opened(token: str) -> Sheet | None:
    """The sheet of a form field; None when it is not ours or of another time."""
    try:
        found: Any = _serializer().loads(token[:4000])
        return Sheet(**found)
    except (BadData, TypeError):
        return None


def order_of_options(sheet: Sheet, question: Question) -> list[int]:
    """The options in the order shown: mixed, two of them as their author wrote them."""
    count = len(question.options)
    return sheet.shuffled(count) if count > 2 else list(range(count))


def _serializer() -> URLSafeSerializer:
    key = current_app.config["SECRET_KEY"]
    return URLSafeSerializer(key, salt=SALT)
