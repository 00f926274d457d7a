"""Issuing a file of 10,000 in one commit, against the bare Ed25519 signing rate of one core."""

import time

from bench import measuring
from credit_bank import issuing, publishing


def run(quick: bool) -> None:
    """Print credentials a second and the ratio to bare signing; the checkpoint is part of it."""
    learners, each = (100, 10) if quick else (1000, 10)
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        with measuring.sqlite_bank() as (database, bank, _):
            college, _, outcomes = measuring.record(database, bank, learners=learners, each=each, suite=suite)
            bare = measuring.sign_rate()
            start = time.perf_counter()
            with database.writing() as session:
                issuing.issue(session, bank, college, outcomes)
            with database.writing() as session:
                publishing.publish_all(session, bank)
            rate = len(outcomes) / (time.perf_counter() - start)
            bare = (bare + measuring.sign_rate()) / 2
            print(
                f"{suite}: {len(outcomes):,} in one commit at {rate:,.0f}/s; bare Ed25519 {bare:,.0f}/s; "
                f"ratio {rate / bare:.2f}"
            )
