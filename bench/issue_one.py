"""Issuing one credential durably, against the disk's own rate of making an append durable."""

from bench import measuring
from credit_bank import issuing


def run(quick: bool) -> None:
    """Print credentials a second, one commit each, and their ratio to fdatasync in the same run."""
    count = 30 if quick else 200
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        with measuring.sqlite_bank() as (database, bank, folder):
            college, _, outcomes = measuring.record(database, bank, learners=count + 5, each=1, suite=suite)
            waiting = iter(outcomes)

            def issue() -> None:
                with database.writing() as session:
                    issuing.issue(session, bank, college, [next(waiting)])  # noqa: B023 - used within this pass

            for _ in range(5):
                issue()
            before = measuring.fdatasync_rate(folder)
            rate = measuring.rate(issue, count)
            limit = (before + measuring.fdatasync_rate(folder)) / 2
            print(
                f"{suite}: {rate:,.0f}/s issued and committed (own output verified); fdatasync {limit:,.0f}/s; "
                f"ratio {rate / limit:.2f}; {1000 / rate:.1f} ms each"
            )
