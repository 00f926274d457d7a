"""The bank's own administration: institutions and their keys, merging, the audit trail, companion, learner model."""

from web.views.admin import applications, audit, companion, institutions, learning, merging, recommendations
from web.views.admin.blueprint import blueprint

__all__ = [
    "applications",
    "audit",
    "blueprint",
    "companion",
    "institutions",
    "learning",
    "merging",
    "recommendations",
]
