"""The codes of problems that are the programming interface's own, each with its HTTP status."""

# Those of the libraries keep theirs.
OWN: dict[str, int] = {
    "request.malformed": 400,
    "request.parameter_repeated": 400,
    "idempotency.key_malformed": 400,
    "xapi.version": 400,
    "xapi.statements": 400,
    "token.missing": 401,
    "token.invalid": 401,
    "token.scope_missing": 403,
    "request.forbidden": 403,
    "request.not_found": 404,
    "log.no_checkpoint": 404,
    "log.size_unknown": 404,
    "request.method_not_allowed": 405,
    "request.conflict": 409,
    "idempotency.key_reused": 409,
    "request.too_large": 413,
    "request.media_type": 415,
    "request.invalid": 422,
    "request.too_many": 429,
    "server.unexpected": 500,
}
