"""Ways in that nobody should have: enumeration by spelling, a counter's code for staff, a PIN for staff's powers."""

import io
from datetime import UTC, datetime

import pytest
from flask import Flask, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import select

from credit_bank import opening
from credit_bank.errors import Conflict
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType
from credit_bank.store import learners
from tests.web.people import PASSWORD, PIN, Town
from web.accounts import consents, memberships, people, temporary_codes
from web.accounts.permissions import SIGNED_IN, permit
from web.accounts.roles import Role
from web.accounts.signing_in import Gate
from web.accounts.tables import Person, TemporaryCode
from web.workflows import account_merging

WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789"}


@pytest.fixture
def town(app: Flask) -> Town:
    """The town of the test's application."""
    return Town(app)


def test_a_number_spelt_in_other_ways_tells_nothing_about_whether_it_exists(town: Town) -> None:
    known, unknown = town.learner().number, account_number.generate(lambda n: 7)

    def spellings(number: str) -> list[str]:
        return [number, account_number.grouped(number), f" {number}", "-".join(number), number.translate(WIDE), number]

    answers = {}
    for n, number in enumerate((known, unknown)):
        browser = town.browser()
        page = browser.get("/sign-in")
        browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n + 1}"
        answers[number] = [
            browser.submit(page, {"name": typed, "secret": "580214"}, action="/sign-in", status=status).status
            for typed, status in zip(spellings(number), [422] * 5 + [429], strict=True)
        ]
    assert answers[known] == answers[unknown] == [422] * 5 + [429]


def test_no_code_from_a_counter_opens_the_account_of_someone_who_works_here(town: Town) -> None:
    holder = town.learner()
    college = town.institution("college")
    counter, now = Gate.of(town.settings).counter, datetime.now(UTC)
    with town.writing() as session:
        memberships.grant(
            session, person_id=holder.person_id, institution_id=college, role=Role.REGISTRAR, granted_by=None, now=now
        )
    with pytest.raises(Conflict, match="works_here"), town.writing() as session:
        temporary_codes.issue(session, counter, person_id=holder.person_id, issued_by=None, now=now)
    centre = town.institution("liuyin", name="示例中心")
    desk = town.browser(town.staff("officer", centre, Role.CENTRE_STAFF))
    typed = {"number": holder.number, "document_type": "resident-id", "document_number": holder.document}
    page = desk.post("/centre/liuyin/pin-code", typed, status=422)
    assert "工作人员" in page.text
    with town.database.reading() as session:
        assert session.exec(select(TemporaryCode)).all() == []


def test_a_learner_who_joins_the_staff_chooses_a_secret_fit_for_it(town: Town) -> None:
    college = town.institution("college")
    office = town.browser(town.staff("principal", college, Role.ADMINISTRATOR))
    page = office.submit(
        office.get("/institution/college/staff/invite"), {"name": "示例教务", "role": Role.REGISTRAR}, status=200
    )
    path = page.element("link").attrib["value"].removeprefix("http://localhost:8000")
    holder = town.learner()
    guest = town.browser()
    guest.post(path, {"how": "existing", "existing-name": holder.number, "existing-secret": PIN})
    assert guest.client.get("/desk/college/").location == "/account/secret"
    weak = {"present": PIN, "new_secret": "580214", "again": "580214"}
    guest.post("/account/secret", weak, status=422)
    guest.post("/account/secret", {**weak, "new_secret": PASSWORD, "again": PASSWORD})
    assert guest.client.get("/account").status_code == 200


def test_a_private_download_is_kept_by_no_cache(app: Flask, town: Town) -> None:
    @permit(SIGNED_IN)
    def book() -> ResponseReturnValue:
        return send_file(io.BytesIO(b"x"), "application/octet-stream")

    app.add_url_rule("/book", "book", book)
    answer = town.browser(town.learner().person_id).client.get("/book")
    assert answer.headers["Cache-Control"] == "no-store"


def test_accounts_merged_under_their_old_numbers_leave_one_way_in_to_the_account_that_holds_everything(
    town: Town,
) -> None:
    first, second, third = town.learner(), town.learner(), town.learner()
    now = datetime.now(UTC)
    with town.writing() as session:
        by = first.person_id
        account_merging.merge(
            session, town.bank, keep=first.learner_id, absorb=second.learner_id, merged_by=by, now=now
        )
    with town.writing() as session:  # the second names an account that is the first's by now
        account_merging.merge(
            session, town.bank, keep=third.learner_id, absorb=second.learner_id, merged_by=by, now=now
        )
    with town.database.reading() as session:
        assert learners.get(session, first.learner_id).id == third.learner_id
        usable = session.exec(select(Person.id).where(Person.disabled_at == None)).all()  # noqa: E711 - SQL
        assert usable == [third.person_id]
        for number in (first.number, second.number, third.number):
            found = people.find(session, number)
            assert found is not None
            assert found.id == third.person_id


def test_what_was_agreed_to_goes_along_into_an_account_that_nobody_signs_in_to(town: Town) -> None:
    holder = town.learner()
    now = datetime.now(UTC)
    with town.writing() as session:
        consents.give(
            session,
            person_id=holder.person_id,
            learner_id=holder.learner_id,
            purpose="counter_help",
            language="zh-CN",
            now=now,
        )
        passport = {"document_type": DocumentType.PASSPORT, "document_number": "E12345678"}
        bare = opening.open_account(session, town.bank, name="示例学员", **passport).id  # type: ignore[arg-type]
        account_merging.merge(
            session, town.bank, keep=bare, absorb=holder.learner_id, merged_by=holder.person_id, now=now
        )
        assert consents.learner_agrees(session, bare, "counter_help")
        person = people.of_learner(session, bare)
        assert person is not None
        assert person.id == holder.person_id
