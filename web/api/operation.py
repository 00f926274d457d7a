"""The contract of an endpoint, stated with ``@operation`` and read by the description at ``/openapi.json``.

    @blueprint.post("/institutions/<handle:handle>/credentials")
    @permit(*BY_TOKEN)
    @operation(scope=Scope.ISSUE, body=IssueRequest, answers={201: IssuedAnswer}, problems=("issuing.not_accredited",))
    def issue_credentials(institution: Institution) -> Response: ...

A view with a scope is given the token's institution in place of the handle in its address.

The first line of a view's docstring is the operation's summary, the rest its description.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, g
from pydantic import BaseModel

from web.accounts.api_tokens import ROLES, Scope
from web.api.problems import require_scope

ATTRIBUTE = "__operation__"
# Whoever comes with a good token of the institution in the URL; the operation's scope decides the rest.
BY_TOKEN = tuple(sorted(set(ROLES.values())))

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Operation:
    """What an endpoint takes and gives.

    ``answers`` maps a status to the model of its body; ``body`` is the model of a JSON body, or the media types of a
    file. ``problems`` maps the code of a problem to its status. ``scope`` None means that no token is asked for.
    """

    tag: str
    answers: Mapping[int, type[BaseModel] | dict[str, Any]]
    scope: Scope | None = None
    body: type[BaseModel] | tuple[str, ...] | dict[str, Any] | None = None
    query: type[BaseModel] | None = None
    idempotent: bool = False
    limited: bool = False
    problems: Mapping[str, int] = field(default_factory=dict)


def operation(tag: str, **contract: Any) -> Callable[[View], View]:
    """State an endpoint's contract (the fields of ``Operation``); asks for its scope before the view runs."""
    stated = Operation(tag=tag, **contract)

    def decorate(view: View) -> View:
        @wraps(view)
        def scoped(*args: Any, **kwargs: Any) -> Any:
            if stated.scope is None:
                return view(*args, **kwargs)
            require_scope(stated.scope)
            del kwargs["handle"]
            return view(g.institution, *args, **kwargs)

        setattr(scoped, ATTRIBUTE, stated)
        return scoped  # type: ignore[return-value]

    return decorate


def operation_of(app: Flask, endpoint: str) -> Operation | None:
    """What an endpoint states, or None."""
    found: Operation | None = getattr(app.view_functions.get(endpoint), ATTRIBUTE, None)
    return found
