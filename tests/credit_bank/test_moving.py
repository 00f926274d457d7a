"""Two cities' banks: recognising each other, and a learner's record going from one to the other."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from credit_bank import (
    applying,
    deciding,
    evaluating,
    founding,
    handing_over,
    issuing,
    opening,
    publishing,
    rechecking,
    regions,
    reviewing,
    revoking,
    taking_in,
    verifying,
)
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.deciding import Ruling
from credit_bank.errors import CreditBankError
from credit_bank.exchange.region import compose_region, sign_bank, stated_keys
from credit_bank.identity import account_number
from credit_bank.key import statement
from credit_bank.key.issuer import KeyRecord
from credit_bank.recognition.casework.kind import Vote
from credit_bank.recognition.framework import EVERGREEN, Framework, Level
from credit_bank.recognition.known_frameworks import known_frameworks
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.report import Outcome as Finding
from credit_bank.reviewing import Say
from credit_bank.store import account, cases, institutions, learners, outcomes
from credit_bank.store import regions as rows
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Institution, Learner
from tests.banks import Clock, fixed_bank
from tests.credit_bank import casework_city, cities
from web.database import Database

NORTH, SOUTH = "http://localhost:8000", "http://localhost:8001"
MARINE = Framework(
    id="marine-7",
    name_zh="示例框架",
    name_en="Example framework",
    steps_per_credit=10,
    hours_per_credit=10,
    hour_kind="contact",
    levels=tuple(Level(str(n), n * 10, f"{n} 级", f"Level {n}") for n in range(1, 8)),
)
MAP = LevelMap(
    "marine-7", EVERGREEN.id, "2026-1", {"1": "1", "2": "3", "3": "4", "4": "5", "5": "7", "6": "8", "7": "10"}
)


class City:
    """One city's bank in a database of its own, in the middle of a transaction."""

    def __init__(self, session: Session, bank: Bank) -> None:
        self.session, self.bank = session, bank

    def key(self) -> str:
        return founding.bank_key(self.session, self.bank).multikey

    def file(self) -> bytes:
        return regions.own_file(self.session, self.bank)


@pytest.fixture
def north(db: Database, clock: Clock) -> Iterator[City]:
    with db.writing() as session:
        bank = replace(fixed_bank(clock), name="北城学分银行", name_en="North City Credit Bank")
        founding.found(session, bank)
        yield City(session, bank)


@pytest.fixture
def south(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[City]:
    path = tmp_path / "south.sqlite"
    shutil.copy(sqlite_template, path)
    with Database(f"sqlite:///{path}").writing() as session:
        bank = replace(fixed_bank(clock), origin=SOUTH, name="南城学分银行", name_en="South City Credit Bank")
        founding.found(session, bank)
        yield City(session, bank)


def issued(city: City, person: Learner, *titles: str, level: str = "3") -> tuple[Institution, list[Any]]:
    college = cities.found(city.session, city.bank)
    table = [
        cities.row(n, person.account_number, course_title=title, level=level) for n, title in enumerate(titles, start=2)
    ]
    recorded = cities.record(city.session, city.bank, college.id, *table)
    made = issuing.issue(city.session, city.bank, college.id, recorded.outcome_ids)
    publishing.publish_all(city.session, city.bank)
    return college, made


def both_recognise(north: City, south: City) -> None:
    regions.recognise(north.session, north.bank, south.file(), south.key())
    regions.recognise(south.session, south.bank, north.file(), north.key())


def code(call: Any) -> str:
    with pytest.raises(CreditBankError) as caught:
        call()
    return caught.value.code


def person(city: City, name: str = "示例甲", serial: int = 1) -> Learner:
    return cities.learner(city.session, city.bank, serial=serial, name=name)


def region_of(city: City) -> Any:
    [found] = rows.every(city.session)
    return found


def handed(north: City, south: City, leaving: Learner, arriving: Learner) -> bytes:
    return handing_over.hand_over(
        north.session, north.bank, leaving.id, region_of(north).id, account_number.grouped(arriving.account_number)
    )


def balances(city: City, who: Learner) -> int:
    """The deposited credits that are free, in smallest steps."""
    return sum(one[Account.EARNED] for one in account.balance(city.session, who.id))


def test_a_record_goes_from_one_city_to_another_and_counts_there(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    college, made = issued(north, leaving, "书法入门", "合唱")
    both_recognise(north, south)
    content = handed(north, south, leaving, arriving)

    looked = taking_in.look(south.session, south.bank, arriving.id, content)
    assert looked.name_matches
    assert looked.region.name == "北城学分银行"
    assert [one.problem for one in looked.received] == [None, None]
    assert all(check.outcome is not Finding.FAIL for one in looked.received for check in one.report.checks)

    taken = taking_in.take_in(south.session, south.bank, arriving.id, content)
    held = outcomes.portfolio(south.session, arriving.id, PortfolioFilter())
    assert {o.id for o, _ in held} == set(taken)
    assert {(o.title, o.credits, o.level, o.state, o.source, name) for o, name in held} == {
        ("书法入门", 40, "3", "issued", "region", "试验学院"),
        ("合唱", 40, "3", "issued", "region", "试验学院"),
    }
    assert balances(south, arriving) == 80
    row = rows.moved_one(south.session, arriving.id, taken[0])
    assert (row.basis, row.level_map) == ("same", "")
    kept = json.loads(rows.open_bundle(south.session, south.bank.kek, row))
    assert kept["credential"]["id"] in {one.credential_id.urn for one in made}
    assert college.did == kept["credential"]["issuer"]["id"]

    assert code(lambda: taking_in.take_in(south.session, south.bank, arriving.id, content)) == "taking_in.nothing_new"


def test_a_file_serves_nobody_else(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门")
    both_recognise(north, south)
    content = handed(north, south, leaving, arriving)
    stranger = person(south, name="示例乙", serial=2)
    assert (
        code(lambda: taking_in.look(south.session, south.bank, stranger.id, content)) == "taking_in.for_other_account"
    )
    assert code(lambda: taking_in.look(north.session, north.bank, leaving.id, content)) == "transfer.sender_unknown"

    document = json.loads(content)
    document["bundles"][0]["credential"]["name"] = "钢琴十级"
    looked = taking_in.look(south.session, south.bank, arriving.id, json.dumps(document).encode())
    assert looked.received[0].problem == "taking_in.not_stated"
    head, body, _ = document["statement"].split(".")
    document["statement"] = f"{head}.{body}.{'A' * 86}"
    assert code(lambda: taking_in.look(south.session, south.bank, arriving.id, json.dumps(document).encode())) in {
        "trust.statement_not_canonical",
        "transfer.sender_unknown",
    }


def test_another_name_needs_a_person_at_the_counter(north: City, south: City) -> None:
    leaving, arriving = person(north, name="示例甲"), person(south, name="示例假")
    issued(north, leaving, "书法入门")
    both_recognise(north, south)
    content = handed(north, south, leaving, arriving)
    assert not taking_in.look(south.session, south.bank, arriving.id, content).name_matches
    assert code(lambda: taking_in.take_in(south.session, south.bank, arriving.id, content)) == "taking_in.name_differs"
    assert taking_in.take_in(south.session, south.bank, arriving.id, content, by=arriving.id)


def test_a_file_is_good_for_thirty_days(north: City, south: City, clock: Clock) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门")
    both_recognise(north, south)
    content = handed(north, south, leaving, arriving)
    clock.advance(days=31)
    assert code(lambda: taking_in.look(south.session, south.bank, arriving.id, content)) == "taking_in.out_of_date"


def test_what_is_revoked_at_its_issuer_is_revoked_here_when_it_is_looked_at_again(
    north: City, south: City, clock: Clock
) -> None:
    leaving, arriving = person(north), person(south)
    college, made = issued(north, leaving, "书法入门", "合唱")
    both_recognise(north, south)
    taken = taking_in.take_in(south.session, south.bank, arriving.id, handed(north, south, leaving, arriving))
    region = region_of(south)
    clock.advance(hours=1)
    revoking.change_status(north.session, north.bank, college.id, made[0].credential_id, "revoke", reason="录错人")
    lists = verifying.StoredStatus(north.session, north.bank)

    class Silent:
        def status_list(self, url: str) -> None:
            return None

    nothing = rechecking.recheck(south.session, south.bank, region.id, Silent())
    assert (nothing.looked_at, nothing.changed, nothing.unknown) == (2, (), 2)
    found = rechecking.recheck(south.session, south.bank, region.id, lists)
    assert (found.looked_at, found.unknown) == (2, 0)
    assert [(who, state) for who, _, state in found.changed] == [(arriving.id, "revoked")]
    assert sorted(outcomes.get(south.session, arriving.id, one).state for one in taken) == ["issued", "revoked"]
    assert balances(south, arriving) == 40
    assert rechecking.recheck(south.session, south.bank, region.id, lists).changed == ()


def recognised_with(north: City, south: City, framework: Framework) -> None:
    """The south recognises the north, whose own framework is that one."""
    whole = json.loads(north.file())
    key = founding.bank_key(north.session, north.bank)
    names = {"did": north.bank.did, "name": "北城学分银行", "name_en": "North"}
    records = [KeyRecord(key.multikey, north.bank.now())]
    statement = sign_bank(names, records, framework, [], key.private, north.bank.now())
    regions.recognise(south.session, south.bank, compose_region(statement, whole["statements"]), key.multikey)


def test_levels_and_credits_of_another_framework_are_read_by_a_published_map(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门", level="2")
    regions.recognise(north.session, north.bank, south.file(), south.key())
    recognised_with(north, south, MARINE)
    content = handed(north, south, leaving, arriving)

    [before] = taking_in.look(south.session, south.bank, arriving.id, content).received
    assert (before.here.basis, before.here.level, before.here.level_map) == ("hours", "", "")
    regions.publish_level_map(south.session, south.bank, MAP)
    [after] = taking_in.look(south.session, south.bank, arriving.id, content).received
    # 2 credits of 10 hours are 20 hours, and 20 hours are 20/18 of a credit: 22 steps of a twentieth, rounded down.
    assert (after.here.basis, after.here.level, after.here.level_map, after.here.credits) == (
        "hours",
        "3",
        "2026-1",
        22,
    )
    [outcome_id] = taking_in.take_in(south.session, south.bank, arriving.id, content)
    row = rows.moved_one(south.session, arriving.id, outcome_id)
    assert (row.credits, row.level, row.level_map, row.basis) == ("2", "2", "2026-1", "hours")


@pytest.mark.parametrize("theirs", known_frameworks().values(), ids=known_frameworks())
def test_r2_levels_of_frameworks_in_use_are_read_by_a_map_whose_version_is_kept(
    north: City, south: City, theirs: Framework
) -> None:
    """国家开放大学, Hong Kong, Scotland, Europe: each as the framework of the city that somebody comes from."""
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门", level="5")
    regions.recognise(north.session, north.bank, south.file(), south.key())
    recognised_with(north, south, theirs)
    ours = EVERGREEN.levels
    levels = {
        level.code: ours[place * len(ours) // len(theirs.levels)].code for place, level in enumerate(theirs.levels)
    }
    regions.publish_level_map(south.session, south.bank, LevelMap(theirs.id, EVERGREEN.id, "2026-11", levels))
    assert regions.foreign_frameworks(south.session)[theirs.id].levels == theirs.levels
    [outcome_id] = taking_in.take_in(south.session, south.bank, arriving.id, handed(north, south, leaving, arriving))
    row = rows.moved_one(south.session, arriving.id, outcome_id)
    assert (row.level, row.level_map, outcomes.get(south.session, arriving.id, outcome_id).level) == (
        "5", "2026-11", levels["5"]
    )  # fmt: skip
    # Hours of teaching are counted in hours of teaching; hours of all work are for people to judge (rule R1).
    assert row.basis == ("hours" if theirs.hour_kind == EVERGREEN.hour_kind else "undecided")


def test_hours_of_another_kind_are_for_people_to_judge(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门")
    regions.recognise(north.session, north.bank, south.file(), south.key())
    recognised_with(north, south, replace(MARINE, hour_kind="notional"))
    [one] = taking_in.look(south.session, south.bank, arriving.id, handed(north, south, leaving, arriving)).received
    assert (one.problem, one.here.basis, one.here.credits) == (None, "undecided", 0)


def test_only_the_key_that_a_person_compared_is_believed(north: City, south: City) -> None:
    name, keys = stated_keys(south.file())
    assert (name, keys) == ("南城学分银行", (south.key(),))
    assert code(lambda: regions.recognise(north.session, north.bank, south.file(), north.key())) == "region.key_unknown"
    assert code(lambda: regions.recognise(north.session, north.bank, north.file(), north.key())) == "region.own"
    regions.recognise(north.session, north.bank, south.file(), south.key())
    assert code(lambda: regions.recognise(north.session, north.bank, south.file(), south.key())) == "region.known"


def test_a_statement_about_another_banks_institution_is_refused(north: City, south: City) -> None:
    cities.found(south.session, south.bank)
    key = founding.bank_key(south.session, south.bank)
    record = institutions.issuer_record(south.session, institutions.every(south.session)[0])
    foreign = statement.sign_statement(
        replace(record, did=f"{north.bank.did}:institutions:test-college"),
        south.bank.did,
        key.private,
        south.bank.now(),
    )
    whole = json.loads(south.file())
    file = compose_region(whole["statement"], [*whole["statements"], foreign])
    found = code(lambda: regions.recognise(north.session, north.bank, file, key.multikey))
    assert found == "region.statement_of_other"


def test_a_newer_file_is_taken_and_an_older_one_refused(north: City, south: City, clock: Clock) -> None:
    old = south.file()
    regions.recognise(north.session, north.bank, old, south.key())
    region = region_of(north)
    clock.advance(days=1)
    cities.found(south.session, south.bank, handle="new-college", serial=2)
    took = regions.refresh(north.session, north.bank, region.id, south.file())
    assert (took.new, took.withdrawn) == (1, 0)
    assert code(lambda: regions.refresh(north.session, north.bank, region.id, old)) == "region.older"
    newest = south.file()
    clock.advance(days=91)
    assert code(lambda: regions.refresh(north.session, north.bank, region.id, newest)) == "region.out_of_date"


def test_an_ended_region_is_trusted_no_more(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门")
    both_recognise(north, south)
    content = handed(north, south, leaving, arriving)
    regions.end(south.session, south.bank, region_of(south).id)
    assert code(lambda: taking_in.look(south.session, south.bank, arriving.id, content)) == "transfer.sender_unknown"
    assert code(lambda: regions.end(south.session, south.bank, region_of(south).id)) == "region.ended"


def test_level_maps_that_cannot_be_right_are_refused(south: City) -> None:
    def publish(**changes: Any) -> str:
        return code(lambda: regions.publish_level_map(south.session, south.bank, replace(MAP, **changes)))

    assert publish(source=EVERGREEN.id) == "level_map.source_own"
    assert publish(target="elsewhere") == "level_map.target_unknown"
    assert publish(levels={}) == "level_map.empty"
    assert publish(levels={"1": "11"}) == "level_map.level_unknown"
    assert publish(levels={"1": "4", "10": "2", "2": "5"}) == "level_map.not_rising"
    regions.publish_level_map(south.session, south.bank, MAP)
    assert publish() == "level_map.version_known"
    regions.publish_level_map(south.session, south.bank, replace(MAP, version="2026-2"))
    assert [row.version for row in rows.level_maps(south.session)] == ["2026-2"]
    assert len(rows.level_maps(south.session, superseded=True)) == 2


def test_what_was_brought_moves_with_a_merged_account(north: City, south: City) -> None:
    leaving, arriving = person(north), person(south)
    issued(north, leaving, "书法入门")
    both_recognise(north, south)
    [outcome_id] = taking_in.take_in(south.session, south.bank, arriving.id, handed(north, south, leaving, arriving))
    other = person(south, name="示例甲", serial=3)
    opening.merge_accounts(south.session, south.bank, keep=other.id, absorb=arriving.id, merged_by=None)
    row = rows.moved_one(south.session, other.id, outcome_id)
    assert json.loads(rows.open_bundle(south.session, south.bank.kek, row))["type"] == "EvergreenProofBundle"


def test_r27_a_recognition_that_rests_on_another_citys_credential_is_marked_when_that_is_revoked(
    north: City, south: City, clock: Clock
) -> None:
    town = casework_city.build(south.session, south.bank)
    arriving = learners.get(south.session, town.learner)
    leaving = person(north)
    college, made = issued(north, leaving, "书法入门")
    both_recognise(north, south)
    [outcome_id] = taking_in.take_in(south.session, south.bank, arriving.id, handed(north, south, leaving, arriving))

    case = applying.recognition(south.session, south.bank, arriving.id, outcome_id, by=None)
    assert case.institution_id == town.centre  # who awarded it is no member, so the centre looks at it first
    for _ in range(2):
        reviewing.vote(south.session, south.bank, case.id, town.staff(town.centre), Say(Vote.AGREE))
    for _ in range(2):
        if case.state == "second-review":
            reviewing.vote(south.session, south.bank, case.id, town.staff(town.centre), Say(Vote.AGREE))
    deciding.decide(south.session, south.bank, case.id, town.staff(town.centre), Ruling(True))
    assert case.state == "approved"
    university = institutions.get(south.session, town.university)
    [seen] = evaluating.held(south.session, arriving.id, university, on=date(2026, 9, 1))
    assert (seen.institution, seen.credits) == (college.did, 40)

    clock.advance(hours=1)
    revoking.change_status(north.session, north.bank, college.id, made[0].credential_id, "revoke", reason="录错人")
    lists = verifying.StoredStatus(north.session, north.bank)
    rechecking.recheck(south.session, south.bank, region_of(south).id, lists)
    assert case.state == "impaired"
    [about] = cases.about(south.session, case.id)
    assert (about.kind, about.terms["cause"]) == ("impairment", "revoke")
