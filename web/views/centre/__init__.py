"""A centre's counter: what its staff do for residents who stand before them. Every act is in the audit trail.

Nobody can list the city's residents: a learner is found by the number on the card or by the document in hand, and stays
on the officer's screen for half an hour; only accounts that this centre opened itself are listed.
"""

from web.views.centre import finding, opening, records, reopening, serving
from web.views.centre.blueprint import blueprint

__all__ = ["blueprint", "finding", "opening", "records", "reopening", "serving"]
