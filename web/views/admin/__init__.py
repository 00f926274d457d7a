"""The bank's own administration: admitting institutions, their rights and keys, merging accounts, the audit trail."""

from web.views.admin import applications, audit, institutions, merging
from web.views.admin.blueprint import blueprint

__all__ = ["applications", "audit", "blueprint", "institutions", "merging"]
