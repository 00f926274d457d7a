"""Everything that is kept of a learner's learning: the library's own record, and what stands around it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlmodel import Session

from accessibility.store import adjustments
from adaptive.store import personal_data
from adaptive.store.terms import table_of
from web.accounts import display_preferences, people
from web.accounts.tables import Release
from web.connections.outcome_tables import ReceivedOutcome
from web.connections.tables import LtiLink, ReceivedEvent, ToolConsent
from web.operations import neighbour_endings, voice_commands, voice_messages
from web.operations.group_tables import GroupMember, GroupNote
from web.operations.help_tables import HelpRequest
from web.operations.joining_tables import ActivityJoining
from web.operations.mastery_tables import EvidenceRelease, MasteryRequest
from web.operations.neighbour_tables import NeighbourRequest, NeighbourWord

AROUND: dict[str, Table] = {
    "certificates_asked_for": table_of(MasteryRequest),
    "evidence_released": table_of(EvidenceRelease),
    "study_groups": table_of(GroupMember),
    "notes_of_tutors": table_of(GroupNote),
    "asked_a_person": table_of(HelpRequest),
    "asked_neighbours": table_of(NeighbourRequest),
    "said_to_neighbours": table_of(NeighbourWord),
    "activities_joined": table_of(ActivityJoining),
    "platforms": table_of(LtiLink),
    "tools_agreed_to": table_of(ToolConsent),
    "received_from_elsewhere": table_of(ReceivedEvent),
    "outcomes_from_elsewhere": table_of(ReceivedOutcome),
    "given_to_others": table_of(Release),
}
"""Tables of the edge that hold something of a learner's learning, by their names in the export; a test finds one that
is missing here.
"""

WITHHELD: dict[str, frozenset[str]] = {
    "asked_a_person": frozenset({"key", "taken_by"}),
    "asked_neighbours": frozenset({"key", "helper_id", "helper_news"}),
    "outcomes_from_elsewhere": frozenset({"decided_by"}),
    "given_to_others": frozenset({"assisted_by"}),
}
"""Columns that tell of somebody else (whoever of the staff dealt with it), or nothing of anybody (a form's key)."""


def everything(session: Session, learner_id: UUID, kek: bytes) -> dict[str, list[dict[str, Any]]]:
    """Every row as JSON values, by table, ids and moments as text; and how the learner wants the bank shown.

    ``kek`` opens what is sealed under the person's own keys: what they said.
    """
    person = people.of_learner(session, learner_id)
    return {
        **personal_data.export_learner(session, learner_id),
        **{name: _of_learner(session, name, learner_id) for name in AROUND},
        "helped_neighbours": neighbour_endings.helped(session, learner_id),
        "spoken_commands": voice_commands.exported(session, person.id) if person else [],
        "voice_messages": voice_messages.exported(session, kek, person.id) if person else [],
        "display_settings": display_preferences.exported(session, person.id) if person else [],
        **{
            f"assistant_{name}": rows
            for name, rows in (adjustments.exported(session, person.id) if person else {}).items()
        },
    }


def _of_learner(session: Session, name: str, learner_id: UUID) -> list[dict[str, Any]]:
    rows = personal_data.rows_of(session, AROUND[name], learner_id)
    return [{column: row[column] for column in row if column not in WITHHELD.get(name, ())} for row in rows]


def as_file(session: Session, learner_id: UUID, library_digest: str, now: datetime, kek: bytes) -> dict[str, Any]:
    """The same as the content of a file that says when it was made and of which library."""
    return {"exported_at": now.isoformat(), "library": library_digest, **everything(session, learner_id, kek)}
