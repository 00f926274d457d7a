"""Whether a statement is one: the rules of xAPI 1.0.3 (Data) and IEEE 9274.1.1 (xAPI 2.0), each by its place."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from adaptive.exchange.problem import Problems

VERSIONS = re.compile(r"(?:1\.0(?:\.\d+)?|2\.0(?:\.\d+)?)\Z")
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")
_DURATION = re.compile(
    r"P(?=.)(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?W)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=.)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?\Z"
)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)\Z", re.IGNORECASE)
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_KEYS = {
    "statement": {"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version",
                  "attachments"},
    "verb": {"id", "display"},
    "account": {"homePage", "name"},
    "activity": {"objectType", "id", "definition"},
    "result": {"score", "success", "completion", "response", "duration", "extensions"},
    "score": {"scaled", "raw", "min", "max"},
    "context": {"registration", "instructor", "team", "contextActivities", "revision", "platform", "language",
                "statement", "extensions", "contextAgents", "contextGroups"},
    "contextActivities": {"parent", "grouping", "category", "other"},
    "reference": {"objectType", "id"},
}  # fmt: skip
Check = Callable[[object], bool]


def is_uuid(value: object) -> bool:
    """Whether a value is a UUID as text."""
    return isinstance(value, str) and bool(_UUID.match(value))


def is_iri(value: object) -> bool:
    """Whether a value is an absolute IRI."""
    return isinstance(value, str) and len(value) <= 2000 and bool(_IRI.match(value))


def instant(value: object) -> datetime | None:
    """The moment that a timestamp names; None where it names none (RFC 3339; ``-00:00`` is not allowed)."""
    if not isinstance(value, str) or not _TIMESTAMP.match(value) or value.endswith(("-00:00", "-0000", "-00")):
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None


def check_statement(statement: object, problems: Problems, place: str = "") -> bool:
    """Whether a statement keeps to the rules; each break is noted as ``xapi_rule`` with its place and the rule."""
    return _Checker(problems).statement(statement, place)


class _Checker:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.ok = True

    def wrong(self, place: str, rule: str) -> None:
        """Note a broken rule."""
        self.ok = False
        self._problems.left_out(place or "statement", "xapi_rule", rule=rule)

    def statement(self, value: object, place: str, *, inside: bool = False) -> bool:
        """A statement, or a sub-statement inside one."""
        keys = _KEYS["statement"] - ({"id", "stored", "version", "authority"} if inside else set())
        found = self.mapping(value, place, keys | ({"objectType"} if inside else set()))
        if found is None:
            return False
        for required in ("actor", "verb", "object"):
            if required not in found:
                self.wrong(f"{place}{required}", "missing")
        self.optional(found, place, "id", is_uuid, "uuid")
        self.optional(found, place, "timestamp", lambda v: instant(v) is not None, "timestamp")
        self.optional(found, place, "stored", lambda v: instant(v) is not None, "timestamp")
        self.optional(found, place, "version", lambda v: isinstance(v, str) and bool(VERSIONS.match(v)), "version")
        if "actor" in found:
            self.agent(found["actor"], f"{place}actor.")
        if "authority" in found:
            self.agent(found["authority"], f"{place}authority.")
        if "verb" in found:
            self.verb(found["verb"], f"{place}verb.")
        if "object" in found:
            self.target(found["object"], f"{place}object.", inside=inside)
            self.voiding(found, place)
        if "result" in found:
            self.result(found["result"], f"{place}result.")
        if "context" in found:
            kind = (
                found["object"].get("objectType", "Activity") if isinstance(found.get("object"), dict) else "Activity"
            )
            self.context(found["context"], f"{place}context.", is_activity=kind == "Activity")
        if "attachments" in found:
            self.attachments(found["attachments"], f"{place}attachments")
        return self.ok

    def mapping(self, value: object, place: str, keys: set[str] | None) -> dict[str, Any] | None:
        """A JSON object of known keys and no null."""
        if not isinstance(value, dict):
            self.wrong(place.rstrip("."), "object")
            return None
        for key, inner in value.items():
            if keys is not None and key not in keys:
                self.wrong(f"{place}{key}", "unknown")
            if inner is None:
                self.wrong(f"{place}{key}", "null")
        return value

    def optional(self, found: Mapping[str, Any], place: str, key: str, check: Check, rule: str) -> None:
        """A value that may be missing."""
        if key in found and not check(found[key]):
            self.wrong(f"{place}{key}", rule)

    def agent(self, value: object, place: str) -> None:
        """An agent or group: exactly one identifier (a group without one has members)."""
        found = self.mapping(value, place, {"objectType", "name", "member", *_IDENTIFIERS})
        if found is None:
            return
        kind = found.get("objectType", "Agent")
        identifiers = [name for name in _IDENTIFIERS if name in found]
        anonymous = kind == "Group" and not identifiers and isinstance(found.get("member"), list)
        if kind not in ("Agent", "Group") or (len(identifiers) != 1 and not anonymous):
            self.wrong(place.rstrip("."), "one_identifier")
        self.optional(found, place, "name", lambda v: isinstance(v, str), "text")
        self.optional(found, place, "mbox", lambda v: is_iri(v) and str(v).startswith("mailto:"), "mailto")
        self.optional(found, place, "openid", is_iri, "iri")
        self.optional(
            found,
            place,
            "mbox_sha1sum",
            lambda v: isinstance(v, str) and bool(re.fullmatch("[0-9a-fA-F]{40}", v)),
            "sha1",
        )
        if "account" in found:
            account = self.mapping(found["account"], f"{place}account.", _KEYS["account"])
            if account is not None and not (is_iri(account.get("homePage")) and isinstance(account.get("name"), str)):
                self.wrong(f"{place}account", "account")
        if "member" in found:
            members = found["member"] if isinstance(found["member"], list) else [None]
            for n, member in enumerate(members):
                self.agent(member, f"{place}member.{n}.")

    def verb(self, value: object, place: str) -> None:
        found = self.mapping(value, place, _KEYS["verb"])
        if found is not None:
            if not is_iri(found.get("id")):
                self.wrong(f"{place}id", "iri")
            self.language_map(found, place, "display")

    def language_map(self, found: Mapping[str, Any], place: str, key: str) -> None:
        if key in found and not (
            isinstance(found[key], dict)
            and all(_LANGUAGE.match(tag) and isinstance(text, str) for tag, text in found[key].items())
        ):
            self.wrong(f"{place}{key}", "language_map")

    def target(self, value: object, place: str, *, inside: bool) -> None:
        kind = value.get("objectType", "Activity") if isinstance(value, dict) else "Activity"
        if kind in ("Agent", "Group"):
            self.agent(value, place)
        elif kind == "StatementRef":
            found = self.mapping(value, place, _KEYS["reference"])
            if found is not None and not is_uuid(found.get("id")):
                self.wrong(f"{place}id", "uuid")
        elif kind == "SubStatement" and not inside:
            self.statement(value, place, inside=True)
        elif kind == "Activity":
            self.activity(value, place)
        else:
            self.wrong(f"{place}objectType", "object_type")

    def activity(self, value: object, place: str) -> None:
        found = self.mapping(value, place, _KEYS["activity"])
        if found is None:
            return
        if not is_iri(found.get("id")):
            self.wrong(f"{place}id", "iri")
        if "definition" in found:
            definition = self.mapping(found["definition"], f"{place}definition.", None)
            if definition is not None:
                self.language_map(definition, f"{place}definition.", "name")
                self.language_map(definition, f"{place}definition.", "description")
                for key in ("type", "moreInfo"):
                    self.optional(definition, f"{place}definition.", key, is_iri, "iri")
                self.extensions(definition, f"{place}definition.")

    def extensions(self, found: Mapping[str, Any], place: str) -> None:
        if "extensions" in found and not (
            isinstance(found["extensions"], dict) and all(is_iri(key) for key in found["extensions"])
        ):
            self.wrong(f"{place}extensions", "iri_keys")

    def voiding(self, found: Mapping[str, Any], place: str) -> None:
        """A voiding statement names another statement (1.0.3 §2.3.2)."""
        verb, target = found.get("verb"), found["object"]
        is_reference = isinstance(target, dict) and target.get("objectType") == "StatementRef"
        if isinstance(verb, dict) and verb.get("id") == VOIDED and not is_reference:
            self.wrong(f"{place}object", "voids_statement")

    def result(self, value: object, place: str) -> None:
        found = self.mapping(value, place, _KEYS["result"])
        if found is None:
            return
        for key in ("success", "completion"):
            self.optional(found, place, key, lambda v: isinstance(v, bool), "truth")
        self.optional(found, place, "response", lambda v: isinstance(v, str), "text")
        self.optional(found, place, "duration", lambda v: isinstance(v, str) and bool(_DURATION.match(v)), "duration")
        self.extensions(found, place)
        if "score" in found:
            self.score(found["score"], f"{place}score.")

    def score(self, value: object, place: str) -> None:
        found = self.mapping(value, place, _KEYS["score"])
        if found is None:
            return
        for key in found:
            if isinstance(found[key], bool) or not isinstance(found[key], int | float) or abs(found[key]) > 1e12:
                self.wrong(f"{place}{key}", "number")
                return
        low, high = found.get("min", float("-inf")), found.get("max", float("inf"))
        if not -1 <= found.get("scaled", 0) <= 1:
            self.wrong(f"{place}scaled", "scaled")
        if ("min" in found and "max" in found and low >= high) or not low <= found.get(
            "raw", max(low, min(high, 0))
        ) <= high:
            self.wrong(f"{place}raw", "raw")

    def context(self, value: object, place: str, *, is_activity: bool) -> None:
        found = self.mapping(value, place, _KEYS["context"])
        if found is None:
            return
        self.optional(found, place, "registration", is_uuid, "uuid")
        self.optional(found, place, "language", lambda v: isinstance(v, str) and bool(_LANGUAGE.match(v)), "language")
        for key in ("revision", "platform"):
            self.optional(found, place, key, lambda v: isinstance(v, str) and is_activity, "text")
        for key in ("instructor", "team"):
            if key in found:
                self.agent(found[key], f"{place}{key}.")
        self.extensions(found, place)
        if "statement" in found:
            self.target(found["statement"], f"{place}statement.", inside=True)
        if "contextActivities" in found:
            activities = self.mapping(
                found["contextActivities"], f"{place}contextActivities.", _KEYS["contextActivities"]
            )
            for key, listed in (activities or {}).items():
                for n, activity in enumerate(listed if isinstance(listed, list) else [listed]):
                    self.activity(activity, f"{place}contextActivities.{key}.{n}.")

    def attachments(self, value: object, place: str) -> None:
        """Attachments are described, and their bytes stay elsewhere."""
        listed: list[object] = value if isinstance(value, list) else [None]
        for n, entry in enumerate(listed):
            known = {"usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"}
            found = self.mapping(entry, f"{place}.{n}.", known)
            if found is not None and not (is_iri(found.get("usageType")) and is_iri(found.get("fileUrl"))):
                self.wrong(f"{place}.{n}", "attachment")


def uuid_of(value: object) -> UUID | None:
    """A UUID of text, or None."""
    return UUID(value) if is_uuid(value) and isinstance(value, str) else None
