"""What can be recommended, and what is known of the person for it, as plain values."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

ActivityKind = Literal["course", "class", "event", "online", "group"]


@dataclass(frozen=True, slots=True)
class Activity:
    """A course of the library, a class at a centre, an event, something online, a group that meets.

    ``starts_at`` and ``ends_at`` are unix seconds; None for what is always there. ``source`` is who offers it. There is
    no count of participants and no rating here on purpose: what is popular is not what suits.
    """

    id: str
    kind: ActivityKind
    title: str
    skills: tuple[str, ...]
    place: str | None = None
    district: str | None = None
    starts_at: float | None = None
    ends_at: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Interests:
    """What a choice of activities may look at.

    ``goal`` are the skills of the plan still to be learned; ``ready`` those whose prerequisites are held; ``mastered``
    those that are; ``not_for_me`` are ids of activities, sources (``source:<name>``), kinds (``kind:<name>``) and areas
    (``area:<name>``) that the person does not want; ``seen`` how often each was shown without being taken up;
    ``taken`` what was taken up. ``district`` is set only if the person gave it in order to find things near home.
    """

    goal: Collection[str] = ()
    ready: Collection[str] = ()
    mastered: Collection[str] = ()
    areas_of_interest: Collection[str] = ()
    not_for_me: Collection[str] = ()
    taken: Collection[str] = ()
    seen: dict[str, int] = field(default_factory=dict)
    district: str | None = None


def areas_of(activity: Activity) -> frozenset[str]:
    """The areas of its skills (what stands before the first dot)."""
    return frozenset(skill.partition(".")[0] for skill in activity.skills)
