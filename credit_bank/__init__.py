"""A signed, verifiable credential ledger for a city's lifelong learners.

Reads from the bottom up: errors and reports; a pure core (credential, key, log, recognition, identity, exchange);
the store, the only code here that knows the database; and the use cases, one module per thing that a person or an
institution does. Nothing here knows Flask or HTTP.
"""
