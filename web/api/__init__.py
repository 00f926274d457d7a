"""The programming interface: ``/api/v1`` and its description at ``/openapi.json``.

Each endpoint states its permission (``@permit``), as pages do, and its contract (``@operation``), from which the
description is made. A program comes with a bearer token; no cookie counts here, so no stranger's page can act through a
person's browser, and forms' CSRF tokens are not asked for. Errors are problem details (RFC 9457).
"""
