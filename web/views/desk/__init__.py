"""An institution's issuing desk: registrars record and issue, reviewers look, revoke and reinstate.

Four eyes by role: who issues (registrar) may stop a credential at once (suspend), which can be undone; what is final
(revoke) or trusts again (reinstate) is the reviewer's.
"""

from web.views.desk import casework, catalogue, documents, files, one, outcomes, overview, status
from web.views.desk.blueprint import blueprint

__all__ = ["blueprint", "casework", "catalogue", "documents", "files", "one", "outcomes", "overview", "status"]
