"""The official JSON Schema of an Open Badges 3.0 AchievementCredential, bundled."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, NoReturn

import jsonschema_rs

from credit_bank.errors import InvalidInput

_FILE = "ob_v3p0_achievementcredential_schema.json"
MAX_PROBLEMS = 10


def schema_problems(document: dict[str, Any]) -> list[tuple[str, str]]:
    """What the schema finds wrong: up to ten pairs of JSON Pointer and the schema keyword that is not met."""
    problems = []
    for error in _validator().iter_errors(document):
        pointer = "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in error.instance_path)
        problems.append((pointer, str(error.schema_path[-1]) if error.schema_path else "schema"))
        if len(problems) == MAX_PROBLEMS:
            break
    return problems


def is_valid(document: dict[str, Any]) -> bool:
    """Whether the schema finds nothing wrong."""
    return bool(_validator().is_valid(document))


@cache
def _validator() -> jsonschema_rs.Draft201909Validator:
    text = files("credit_bank.credential.schemas").joinpath(_FILE).read_text("utf-8")
    return jsonschema_rs.Draft201909Validator(json.loads(text), validate_formats=True, retriever=_no_network)


def _no_network(uri: str) -> NoReturn:
    raise InvalidInput("schema.unknown", uri=uri[:200])
