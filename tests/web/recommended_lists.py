"""Lists of recommendations as they were shown a month ago, with what came of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from adaptive.store.tables import Decision, ItemVisit


def shown_lists(session: Session, courses: Sequence[str], lists: int, *, popular: bool) -> None:
    """Keep so many lists of these courses, each of another learner; the n-th course is on every (n + 1)-th list.

    Every third entry was drawn by chance, and each entry that was not was taken up. Courses had been opened before as
    often as they are shown now when they are ``popular``, else the other way round.
    """
    now = datetime.now(UTC)
    at = now - timedelta(days=30)
    for number in range(lists):
        learner = uuid4()
        entries = [
            {"activity_id": course, "propensity": 0.9, "explored": (number + place) % 3 == 0, "reasons": []}
            for place, course in enumerate(courses)
            if number % (place + 1) == 0
        ]
        session.add(
            Decision(
                learner_id=learner, id=uuid4(), chosen_at=at, place="recommendation", policy="adaptive", reasons=[],
                facts={"shown": entries}, weights_version="w", library_digest="d",
            )
        )  # fmt: skip
        taken = at + timedelta(days=2)
        session.add_all(_visit(learner, entry["activity_id"], taken) for entry in entries if not entry["explored"])
    for place, course in enumerate(courses):
        before = len(courses) - place if popular else place + 1
        session.add_all(_visit(uuid4(), course, now - timedelta(days=120)) for _one in range(before))
    session.flush()


def _visit(learner: UUID, course: object, at: datetime) -> ItemVisit:
    return ItemVisit(learner_id=learner, id=uuid4(), item_id=f"{course}/x", form="easy", opened_at=at)
