"""Asks for a credential in a transaction that never ends: everything is written, nothing committed. To be killed."""

import sys
import time
from datetime import datetime
from uuid import UUID

from tests.adaptive.lessons import COURSE, learning_of
from tests.banks import Clock, fixed_bank
from web.database import Database
from web.workflows import mastery_credit
from web.workflows.mastery_credit import Asker

if __name__ == "__main__":
    url, institution, learner, evidence, moment = sys.argv[1:]
    clock = Clock(datetime.fromisoformat(moment))
    with Database(url).writing() as session:
        row = mastery_credit.ask(
            session,
            fixed_bank(clock),
            learning_of(clock),
            Asker(UUID(int=5), UUID(learner), "zh-CN"),
            institution_id=UUID(institution),
            library_course=COURSE,
            evidence_sha256=evidence,
        )
        print(row.state, flush=True)  # noqa: T201 - what the test waits for
        time.sleep(60)
