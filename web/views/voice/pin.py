"""Figures of a PIN that are said on the page where the card's PIN is entered, and on no other.

Nobody is signed in there yet, so the words are held against those that the account of the card recorded. Where it
recorded nothing, or there is no such account, the answer is as if nothing was understood. A figure stands in the answer
for the page alone; it is neither said nor shown, and no answer is kept.
"""

from flask import Response
from flask.typing import ResponseReturnValue

from accessibility.voice.commands import EnrolledCommands
from accessibility.voice.enrolment import Enrolment
from accessibility.voice.recogniser import Recogniser
from web import speaking
from web.accounts import people
from web.accounts.permissions import PUBLIC, permit
from web.banking import bank
from web.database import database
from web.operations import voice_commands
from web.security import limiter
from web.views.card import entry_now
from web.views.voice.blueprint import LIMIT, blueprint
from web.views.voice.hearing import beginning, hearing
from web.voice.recognisers import near


@blueprint.get("/sign-in/card/pin/voice/begin")
@permit(PUBLIC)
@limiter.limit("120 per minute", key_func=speaking.reader)
def begin_pin() -> Response:
    """What the script needs before it listens on that page."""
    return beginning(own=True)


@blueprint.post("/sign-in/card/pin/voice/hear")
@permit(PUBLIC)
@limiter.limit(LIMIT, key_func=speaking.reader)
def hear_pin() -> ResponseReturnValue:
    """What was said on that page: a figure, or what can be said anywhere."""
    return hearing(lambda: [_of_the_card()])


def _of_the_card() -> Recogniser:
    """Who knows the words of the card's account; one that knows none where there are none."""
    entry, found = entry_now(), None
    if entry is not None:
        with database().reading() as session:
            person = people.find(session, entry.number)
            if person is not None and person.disabled_at is None:
                found = voice_commands.enrolment(session, bank().kek, person.id)
    return EnrolledCommands(found or Enrolment(), near=near)
