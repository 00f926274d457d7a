"""Verifying a credential offline (all eight checks), against the bare Ed25519 verification rate of one core."""

from bench import measuring
from credit_bank import bundling, issuing, publishing
from credit_bank.credential.bundle import evidence
from credit_bank.credential.parse import as_bytes
from credit_bank.credential.verify import verify
from credit_bank.key import multikey
from credit_bank.report import Outcome
from credit_bank.store import credentials


def run(quick: bool) -> None:
    """Print verifications a second and the ratio to bare verification."""
    count = 50 if quick else 500
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        with measuring.sqlite_bank() as (database, bank, _):
            college, _, outcomes = measuring.record(database, bank, learners=1, each=1, suite=suite)
            with database.writing() as session:
                [issued] = issuing.issue(session, bank, college, outcomes)
                publishing.publish_all(session, bank)
            with database.reading() as session:
                made = bundling.bundle(session, bank, credentials.get(session, issued.credential_id))
            given = evidence(made, multikey.decode_public(made.bank_key))
            source = as_bytes(made.credential)

            def check() -> None:
                report = verify(source, now=bank.clock(), **given)  # noqa: B023 - used within this pass
                assert report.outcome is Outcome.PASS, report.as_dict()

            for _ in range(5):
                check()
            rate, bare = measuring.rate(check, count), measuring.verify_rate()
            print(
                f"{suite}: {rate:,.0f}/s with status lists, accreditation and log receipt ({1000 / rate:.2f} ms); "
                f"bare Ed25519 {bare:,.0f}/s; ratio {rate / bare:.3f}"
            )
