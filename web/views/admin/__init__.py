"""The bank's own administration: institutions, their rights and keys, merging, the audit trail, the companion."""

from web.views.admin import applications, audit, companion, institutions, merging
from web.views.admin.blueprint import blueprint

__all__ = ["applications", "audit", "blueprint", "companion", "institutions", "merging"]
