"""Learning events as xAPI statements, and statements from elsewhere as learning events (xAPI 1.0.3, IEEE 9274.1.1).

People are accounts: the home page is the bank's public address, the name a pseudonym that belongs to one learner and
one institution. No name, no address and no birthday leaves with a statement, and none is kept of one that comes in.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from adaptive.content.model import Text
from adaptive.errors import InvalidInput
from adaptive.exchange.problem import Problem, Problems
from adaptive.exchange.xapi_rules import VOIDED, check_statement, instant, uuid_of

Kind = Literal["answered", "experienced", "mastered", "completed"]
LARGEST_BATCH = 500

_ADL = "http://adlnet.gov/expapi/verbs/"
_VERBS: dict[Kind, tuple[str, str, str]] = {
    "answered": (_ADL + "answered", "回答了", "answered"),
    "experienced": (_ADL + "experienced", "学了", "experienced"),
    "mastered": ("https://w3id.org/xapi/dod-isd/verbs/mastered", "掌握了", "mastered"),
    "completed": (_ADL + "completed", "完成了", "completed"),
}
_TYPES: dict[Kind, str] = {
    "answered": "http://adlnet.gov/expapi/activities/question",
    "experienced": "http://adlnet.gov/expapi/activities/lesson",
    "mastered": "http://adlnet.gov/expapi/activities/objective",
    "completed": "http://adlnet.gov/expapi/activities/course",
}
# What verbs of others mean here; every other verb is kept as seen, without a meaning.
_MEANING: dict[str, Kind | Literal["outcome"]] = {
    _ADL + "answered": "answered", _ADL + "experienced": "experienced", _ADL + "attempted": "experienced",
    _ADL + "interacted": "experienced", "https://w3id.org/xapi/dod-isd/verbs/mastered": "mastered",
    _ADL + "mastered": "mastered", _ADL + "completed": "completed", _ADL + "passed": "outcome",
    _ADL + "failed": "outcome", _ADL + "scored": "outcome",
}  # fmt: skip
_UNDECIDED = ("id", "authority", "stored", "timestamp", "version", "attachments")


@dataclass(frozen=True, slots=True)
class LearningEvent:
    """Something that a learner did: ``object_id`` is a question, an item, a skill or a course, by the kind.

    ``learner`` is the pseudonym. ``score`` is 0 to 1; ``form`` the form of the item; ``course`` where it belongs.
    """

    id: UUID
    kind: Kind
    learner: str
    object_id: str
    name: Text
    at: datetime
    success: bool | None = None
    score: float | None = None
    form: str | None = None
    hints: int | None = None
    course: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A statement that came in: who (an account), what it means here, about what, and its own words as they came.

    ``meaning`` None is a verb without a meaning here. ``voids`` is the statement that it takes back. ``digest`` is the
    same for statements that xAPI takes for the same, so that one sent twice is one.
    """

    id: UUID
    home_page: str
    account: str
    verb: str
    meaning: Kind | Literal["outcome"] | None
    object_id: str
    name: str | None
    success: bool | None
    score: float | None
    completion: bool | None
    at: datetime | None
    voids: UUID | None
    digest: str
    statement: Mapping[str, Any]


def activity_id(origin: str, kind: Kind, object_id: str) -> str:
    """The IRI of what an event is about: its page on the bank's public address."""
    folder = "skills" if kind == "mastered" else "library"
    return f"{origin}/{folder}/{quote(object_id, safe='/#')}"


def statement_of(event: LearningEvent, origin: str) -> dict[str, Any]:
    """An event as a statement, without anything that names a person."""
    verb, zh, en = _VERBS[event.kind]
    name = {"zh-CN": event.name.zh, **({"en": event.name.en} if event.name.en else {})}
    found: dict[str, Any] = {
        "id": str(event.id),
        "actor": {"objectType": "Agent", "account": {"homePage": origin, "name": event.learner}},
        "verb": {"id": verb, "display": {"zh-CN": zh, "en": en}},
        "object": {
            "objectType": "Activity",
            "id": activity_id(origin, event.kind, event.object_id),
            "definition": {"type": _TYPES[event.kind], "name": name},
        },
        "timestamp": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    result: dict[str, Any] = {} if event.success is None else {"success": event.success}
    if event.score is not None:
        result["score"] = {"scaled": event.score}
    if event.kind == "completed":
        result["completion"] = True
    if result:
        found["result"] = result
    extensions = {
        f"{origin}/xapi/{key}": value for key, value in (("form", event.form), ("hints", event.hints)) if value
    }
    context: dict[str, Any] = {"platform": "Evergreen", "language": "zh-CN"}
    if event.course:
        parent = {"objectType": "Activity", "id": activity_id(origin, "completed", event.course)}
        context["contextActivities"] = {"parent": [parent]}
    if extensions:
        context["extensions"] = extensions
    return found | {"context": context}


def read_statements(body: object, new_id: Callable[[], UUID]) -> tuple[tuple[Received, ...], tuple[Problem, ...]]:
    """The statements of a request's body, one or a list; with problems, none of them is to be stored (1.0.3 §2.1.1).

    Every actor must be an account (``xapi_actor``): an address or a name is not kept here. ``new_id`` names a statement
    that came without an id. Raises InvalidInput ``exchange.xapi_body`` or ``exchange.xapi_batch``.
    """
    listed = body if isinstance(body, list) else [body]
    if not all(isinstance(entry, dict) for entry in listed):
        raise InvalidInput("exchange.xapi_body")
    if len(listed) > LARGEST_BATCH:
        raise InvalidInput("exchange.xapi_batch", limit=LARGEST_BATCH)
    problems = Problems()
    found: list[Received] = []
    seen: set[UUID] = set()
    for number, entry in enumerate(listed):
        place = f"{number}." if isinstance(body, list) else ""
        if not check_statement(entry, problems, place):
            continue
        received = _received(entry, uuid_of(entry.get("id")) or new_id(), place, problems)
        if received is not None:
            if received.id in seen:
                problems.left_out(f"{place}id", "xapi_twice")
            seen.add(received.id)
            found.append(received)
    return tuple(found), problems.all()


def _received(entry: Mapping[str, Any], id: UUID, place: str, problems: Problems) -> Received | None:
    account = entry["actor"].get("account")
    if account is None or entry["actor"].get("objectType", "Agent") != "Agent":
        problems.left_out(f"{place}actor", "xapi_actor")
        return None
    verb = entry["verb"]["id"]
    target, result = entry["object"], entry.get("result", {})
    names = target.get("definition", {}).get("name", {})
    scaled = result.get("score", {}).get("scaled")
    return Received(
        id=id,
        home_page=account["homePage"],
        account=account["name"],
        verb=verb,
        meaning=_MEANING.get(verb),
        object_id=str(target.get("id", "")),
        name=next(
            (names[tag] for tag in ("zh-CN", "zh", "en", "en-US") if tag in names), next(iter(names.values()), None)
        ),
        success=_success(verb, result),
        score=float(scaled) if scaled is not None else None,
        completion=result.get("completion"),
        at=instant(entry.get("timestamp")),
        voids=uuid_of(target.get("id")) if verb == VOIDED else None,
        digest=digest(entry),
        statement=_without_names(entry),
    )


def _success(verb: str, result: Mapping[str, Any]) -> bool | None:
    """Whether it went well: as the result says, or as the verb does."""
    said: bool | None = result.get("success")
    if said is None and verb in (_ADL + "passed", _ADL + "failed"):
        return verb == _ADL + "passed"
    return said


def digest(statement: Mapping[str, Any]) -> str:
    """SHA-256 over what makes a statement this statement: without what a record store may set (1.0.3 §2.2)."""
    kept = {key: value for key, value in statement.items() if key not in _UNDECIDED}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _without_names(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement without the free names of people, and without authority."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            is_person = any(key in value for key in ("account", "mbox", "mbox_sha1sum", "openid", "member"))
            dropped = {"name", "mbox", "mbox_sha1sum", "openid"} if is_person else set()
            return {key: plain(inner) for key, inner in value.items() if key not in dropped}
        return [plain(inner) for inner in value] if isinstance(value, list) else value

    kept: dict[str, Any] = plain({key: value for key, value in statement.items() if key != "authority"})
    return kept


def standing(received: Iterable[Received]) -> tuple[Received, ...]:
    """The statements that stand: neither taken back by another nor taking one back. A voiding cannot be voided."""
    listed = list(received)
    voiding = {r.id for r in listed if r.voids is not None}
    voided = {r.voids for r in listed if r.voids is not None and r.voids not in voiding}
    return tuple(r for r in listed if r.id not in voided and r.id not in voiding)
