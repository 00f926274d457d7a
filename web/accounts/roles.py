"""The roles a person can have at an institution."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership allows at its own institution, and nowhere else.

    No role contains another: whoever administers the staff of an institution does not thereby sign credentials. The
    administrators of the bank are the ADMINISTRATORs of an institution whose tier is ``centre``.
    """

    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"
    REVIEWER = "reviewer"
    CENTRE_STAFF = "centre-staff"
    TUTOR = "tutor"
