"""The description: valid, complete in both directions, and true of what the interface answers."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.api.programs import Service
from web.api.openapi import path_of, problems_of
from web.api.operation import operation_of
from web.messages import catalogue
from web.problem_codes import OWN


@pytest.fixture
def description(service: Service) -> dict[str, Any]:
    """The description as it is served."""
    answer = service.open("GET", "/openapi.json", status=200)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_valid_openapi_3_1(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    assert not list(OpenAPIV31SpecValidator(description).iter_errors())


def test_every_route_is_in_it_and_it_names_no_other(service: Service, description: dict[str, Any]) -> None:
    routes = {
        (path_of(rule), method)
        for rule in service.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method.upper()) for path, item in description["paths"].items() for method in item}
    assert described == routes
    assert len(routes) >= 14
    ids = [op["operationId"] for item in description["paths"].values() for op in item.values()]
    assert len(ids) == len(set(ids))


def test_no_two_models_share_a_name(service: Service) -> None:
    seen: dict[str, object] = {}
    for rule in service.app.url_map.iter_rules():
        stated = operation_of(service.app, rule.endpoint)
        for model in [stated.body, *stated.answers.values()] if stated else []:
            if isinstance(model, type):
                assert seen.setdefault(model.__name__, model) is model


def test_every_problem_has_a_title_and_a_sentence_in_both_languages(service: Service) -> None:
    for language, letters in (("zh-CN", re.compile("[\u4e00-\u9fff]")), ("en", re.compile("[a-z]"))):
        with service.app.test_request_context("/api/v1/", headers={"Accept-Language": language}):
            from web.api import problems

            problems.speak()
            for rule in service.app.url_map.iter_rules():
                stated = operation_of(service.app, rule.endpoint)
                for code, status in (problems_of(stated) if stated else {}).items():
                    assert f"api.title.{status}" in catalogue(), status
                    parameters = dict.fromkeys(re.findall(r"{(\w+)", _template(code)), "x")
                    said = problems.say(f"error.{code}", dict(parameters))
                    assert said and letters.search(said), code


def _template(code: str) -> str:
    from web.libraries import catalogue as library

    entry = catalogue().get(f"api.error.{code}") or library()[f"error.{code}"]
    return entry["zh"] + entry["en"]


def test_the_examples_are_what_their_schemas_say(description: dict[str, Any]) -> None:
    checked = 0
    for name, schema in description["components"]["schemas"].items():
        for example in schema.get("examples", []):
            validator(description, {"$ref": f"#/components/schemas/{name}"}).validate(example)
            checked += 1
    for item in description["paths"].values():
        for operation in item.values():
            for answer in operation["responses"].values():
                for kind, content in answer["content"].items():
                    for example in content.get("examples", {}).values():
                        assert kind == "application/problem+json"
                        validator(description, content["schema"]).validate(example["value"])
                        checked += 1
    assert checked > 50


def validator(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A validator of one schema of the description (JSON Schema 2020-12)."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": description["components"]})


def test_the_reference_names_every_endpoint_and_every_code_of_the_interface(service: Service) -> None:
    page = (Path(__file__).parents[3] / "docs/reference/api.md").read_text("utf-8")
    for code, status in OWN.items():
        assert f"| `{code}` | {status} |" in page
    for rule in service.app.url_map.iter_rules():
        stated = operation_of(service.app, rule.endpoint)
        if stated is not None:
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            row = f"| `{method} {path_of(rule).removeprefix('/api/v1')}` | {stated.scope or '–'} |"
            assert row in page, row
