"""The portfolio page of a learner with 1,000 outcomes, against the public home page of the same application."""

import base64
import secrets
from datetime import UTC, datetime

from bench import measuring
from credit_bank import issuing
from credit_bank.store.tables import Learner
from web.accounts import sessions
from web.accounts.tables import Person
from web.app import create_app
from web.settings import Settings


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def run(quick: bool) -> None:
    """Print milliseconds a page for 10 and 1,000 outcomes, and their ratios."""
    rounds = 20 if quick else 100
    with measuring.sqlite_bank() as (database, bank, _):
        settings = Settings(
            _env_file=None,
            database_url=database.engine.url.render_as_string(),
            public_origin=bank.origin,
            key_encryption_key=_key(),
            identity_key=_key(),
            pepper=_key(),
            session_key=_key(),
            cookie_secure=False,
        )
        app = create_app(settings)
        app.extensions["evergreen_bank"] = bank
        times: dict[str, float] = {}
        for count in (10, 1000):
            college, [learner_id], outcomes = measuring.record(
                database, bank, learners=1, each=count, suite="eddsa-jcs-2022", handle=f"college-{count}"
            )
            with database.writing() as session:
                issuing.issue(session, bank, college, outcomes)
                learner = session.get_one(Learner, learner_id)
                person = Person(
                    sign_in_name=learner.account_number,
                    display_name=learner.name,
                    secret_hash="-",
                    secret_set_at=datetime.now(UTC),
                    learner_id=learner.id,
                    created_at=datetime.now(UTC),
                )
                session.add(person)
                session.flush()
                token, _row = sessions.start(
                    session, person, is_staff=False, shared_device=False, user_agent="", now=datetime.now(UTC)
                )
            client = app.test_client()
            client.set_cookie("evergreen_session", token)

            def page(path: str = "/portfolio") -> None:
                answer = client.get(path)  # noqa: B023 - used within this pass
                assert answer.status_code == 200, answer.status

            for path in ("/portfolio", "/portfolio?page=2", "/"):
                if count == 10 and "page" in path:
                    continue
                page(path)
                times[f"{path} with {count:,} outcomes"] = 1000 / measuring.rate(lambda p=path: page(p), rounds)
        home = times["/ with 10 outcomes"]
        for name, milliseconds in times.items():
            print(f"{name}: {milliseconds:.1f} ms, {milliseconds / home:.1f} × the home page")
