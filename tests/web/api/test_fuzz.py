"""Nothing that can be sent makes a server error, and what comes back is what the description says.

One loop over the description, in the manner of schemathesis: each operation is sent data made from its own schema, then
data with one thing wrong, and junk. An answer must have a documented status and a body that its schema takes.
"""

import json
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.api.programs import Service, service_on
from web.accounts.api_tokens import Scope

QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
# What an address that asks for no method or place answers, and what stands before any operation.
ALWAYS = {404, 405}

TEXT = st.text(st.characters(codec=None), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def world(request: pytest.FixtureRequest) -> Any:
    """A service with a credential, a token of every scope and the description, kept for a whole property."""
    service = service_on(request.getfixturevalue(f"{request.param}_url"))
    token = service.token(*Scope)
    [issued] = service.issue(token).get_json()["credentials"]
    service.publish()
    description = service.open("GET", "/openapi.json").get_json()
    yield World(service, token, issued, description)
    service.database.dispose()


class World:
    """What the properties need."""

    def __init__(self, service: Service, token: str, issued: dict[str, Any], description: dict[str, Any]) -> None:
        self.service, self.token, self.issued, self.description = service, token, issued, description
        self.operations = [
            (method.upper(), path, operation)
            for path, item in description["paths"].items()
            for method, operation in item.items()
        ]

    def send(self, method: str, path: str, operation: dict[str, Any], body: bytes | None, **kwargs: Any) -> int:
        """Send it, hold the answer against the description, and return the status."""
        answer = self.service.open(method, path, body, token=self.token, **kwargs)
        responses = operation["responses"]
        assert str(answer.status_code) in responses or answer.status_code in ALWAYS, (
            f"{method} {path} answers {answer.status_code}, which is not documented: {answer.text[:500]}"
        )
        if documented := responses.get(str(answer.status_code)):
            schema = documented["content"][answer.mimetype]["schema"]
            validator = jsonschema_rs.Draft202012Validator({**schema, "components": self.description["components"]})
            validator.validate(answer.get_json(force=True))
        return answer.status_code

    def path(self, template: str, draw: Any) -> str:
        """An address of a template: a good one, or one with junk in it."""
        places = {
            "handle": st.sampled_from(["one-college"] * 12 + ["two-college", "nobody", "%00", "a" * 300]),
            "credential_id": st.sampled_from([self.issued["id"]] * 6 + [str(uuid4()), "x", "%ff"]),
            "index": st.sampled_from(["0", "1", "-1", str(2**53 - 1), str(2**64)]),
        }
        for name, strategy in places.items():
            if "{" + name + "}" in template:
                template = template.replace("{" + name + "}", draw(strategy))
        return template

    def query(self, operation: dict[str, Any], draw: Any) -> dict[str, str]:
        """Some of the operation's parameters, some with junk, and sometimes one that there is not."""
        found = {}
        values = TEXT | st.integers().map(str) | st.sampled_from(["true", "1", "2", "issued", "other", "code:x", ""])
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and draw(st.booleans()):
                found[parameter["name"]] = encodable(draw(values))
        if draw(st.integers(0, 9)) == 0:
            found["nonsense"] = "1"
        return found


def encodable(text: str) -> str:
    """The text without what cannot be sent in an address."""
    return text.encode("utf-8", "ignore").decode()


def from_schema(schema: dict[str, Any], components: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Data that a schema of the description takes, roughly."""
    if "$ref" in schema:
        return from_schema(components[schema["$ref"].rpartition("/")[2]], components)
    if "anyOf" in schema:
        return st.one_of([from_schema(s, components) for s in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema.get("type"):
        case "object":
            properties = {n: from_schema(s, components) for n, s in schema.get("properties", {}).items()}
            required = set(schema.get("required", ()))
            return st.fixed_dictionaries(
                {n: s for n, s in properties.items() if n in required},
                optional={n: s for n, s in properties.items() if n not in required},
            )
        case "array":
            return st.lists(from_schema(schema["items"], components), min_size=schema.get("minItems", 0), max_size=3)
        case "string" if schema.get("format") == "date":
            return st.dates().map(lambda d: d.isoformat())
        case "string" if schema.get("format") == "uuid":
            return st.uuids().map(str)
        case "string":
            return st.text(max_size=min(schema.get("maxLength", 20), 20))
        case "integer":
            return st.integers(-(2**53), 2**53)
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
    return st.none()


@QUICK
@given(data=st.data())
def test_every_operation_answers_as_described(world: World, data: st.DataObject) -> None:
    method, template, operation = data.draw(st.sampled_from(world.operations))
    path = world.path(template, data.draw)
    body, kwargs = None, {"query_string": world.query(operation, data.draw)}
    if method == "POST":
        contents = operation["requestBody"]["content"]
        kind = data.draw(st.sampled_from([*contents, "text/plain"]))
        kwargs["content_type"] = kind
        if kind == "application/json" and "schema" in contents.get(kind, {}):
            good = from_schema(contents[kind]["schema"], world.description["components"]["schemas"])
            body = json.dumps(data.draw(good | VALUES)).encode()
        else:
            body = data.draw(st.binary(max_size=200) | st.sampled_from([b"code,title,credits\nA,B,1\n", b"[]"]))
        kwargs["headers"] = data.draw(st.sampled_from([{}, {"Idempotency-Key": "k"}, {"Idempotency-Key": "k l"}]))
    world.send(method, path, operation, body, **kwargs)


@QUICK
@given(data=st.data())
def test_a_credential_with_anything_changed_gets_its_report(world: World, data: st.DataObject) -> None:
    document = json.loads(json.dumps(world.issued["credential"]))
    at: Any = document
    while isinstance(at, dict | list) and at:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    action = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if action == "remove":
        del at[key]
    elif action == "add" and isinstance(at, dict):
        at[data.draw(TEXT)] = data.draw(VALUES)
    else:
        at[key] = data.draw(VALUES)
    body = json.dumps(document).encode()
    answer = world.service.post("credentials/verify", body)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200 and document != world.issued["credential"]:
        assert answer.get_json()["outcome"] != "pass"


@QUICK
@given(body=st.binary(max_size=400) | VALUES.map(lambda v: json.dumps(v).encode()))
def test_junk_is_refused_or_reported(world: World, body: bytes) -> None:
    for path in ("credentials/verify", "institutions/one-college/credentials"):
        answer = world.service.post(path, body, token=world.token)
        assert answer.status_code in (200, 400, 422)
    for path in ("catalogue", "outcomes"):
        answer = world.service.post(
            f"institutions/one-college/imports/{path}", body, token=world.token, content_type="text/csv"
        )
        assert answer.status_code in (201, 400, 422)


@QUICK
@given(header=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=80))
def test_any_header_is_survived(world: World, header: str) -> None:
    for name in ("Authorization", "Accept-Language", "Idempotency-Key", "If-None-Match", "Content-Type", "Accept"):
        headers = {"Authorization": f"Bearer {world.token}", name: header}
        answer = world.service.open("POST", "institutions/one-college/credentials", b"{}", headers=headers)
        assert answer.status_code in (400, 401, 415, 422)
        world.service.open("GET", "institutions/one-college", headers=headers)
