"""Evaluations and decisions by program: proposals by published rules for many persons, and what was decided."""

from typing import Any
from uuid import uuid4

from credit_bank.store.tables import CaseDecision
from tests.credit_bank import casework_city
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope

HERE = "institutions/test-university"
ONE = {
    "ref": "1",
    "institution": "test-college",
    "code": "INTRO",
    "title": "书法入门",
    "category": "other",
    "credits": "2",
    "awarded": "2026-06-30",
    "level": "3",
}


def university(service: Service) -> tuple[casework_city.City, str]:
    with service.database.writing() as session:
        city = casework_city.build(session, service.bank)
    service.institutions["test-university"] = city.university
    return city, service.token(Scope.READ, handle="test-university")


def asked(*outcomes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"programme": "art-2026", "cases": [{"ref": "a", "outcomes": list(outcomes)}], "on": "2026-09-01", **more}


def test_many_persons_are_evaluated_and_nothing_is_kept(both: Service) -> None:
    _, token = university(both)
    cases = [{"ref": str(n), "outcomes": [{**ONE, "level": "3" if n % 2 else "2"}]} for n in range(20)]
    body = {"programme": "art-2026", "cases": cases, "on": "2026-09-01"}
    found = both.post(f"{HERE}/evaluations", body, token=token, status=200, language="zh-CN").get_json()
    assert found["generated_by"] == "rules" and len(found["rulesets"][0]) == 64
    good, low = found["cases"][1], found["cases"][0]
    assert (good["credits"], good["missing"], low["credits"]) == ("2", "18", "0")
    [given] = [one for one in good["candidates"] if one["proposed"]]
    assert given["given"][0]["course"] == "CAL1" and given["outcomes"] == ["1"]
    failed = [r for one in low["candidates"] for r in one["reasons"] if r["finding"] == "fail"]
    assert {r["rule"] for r in failed} == {"R2"} and all(r["sentence"] for r in failed)
    assert both.count(CaseDecision) == 0


def test_what_is_asked_wrongly_is_refused(service: Service) -> None:
    _, token = university(service)
    for body, place in (
        (asked(ONE, programme="none"), "/programme"),
        (asked({**ONE, "credits": "0.001"}), "/cases/0/outcomes/0/credits"),
        (asked({**ONE, "credits": 2}), "/cases/0/outcomes/0/credits"),
        (asked(ONE, ONE), "/cases/0/outcomes"),
        (asked(), "/cases/0/outcomes"),
        (asked({**ONE, "awarded": "yesterday"}), "/cases/0/outcomes/0/awarded"),
    ):
        problem = service.post(f"{HERE}/evaluations", body, token=token, status=422).get_json()
        assert problem["errors"][0]["pointer"] == place, problem
    only = service.token(Scope.ISSUE, handle="test-university")
    service.post(f"{HERE}/evaluations", asked(ONE), token=only, status=403)


def test_decisions_are_read_page_by_page_by_who_took_them(both: Service) -> None:
    city, token = university(both)
    with both.database.writing() as session:
        casework_city.recognised(session, city, casework_city.deposited(session, city))
        casework_city.converted(session, city)
    page = both.get(f"{HERE}/decisions?limit=1", token=token).get_json()
    [item] = page["items"]
    assert (item["kind"], item["state"], item["verdict"]) == ("conversion", "approved", "approved")
    assert item["granted"] and item["credential_id"] and page["next"] is None
    assert both.get(f"{HERE}/decisions?kind=appeal", token=token).get_json()["items"] == []
    both.institutions["the-centre"] = city.centre
    centre = both.token(Scope.READ, handle="the-centre")
    taken = both.get("institutions/the-centre/decisions", token=centre).get_json()["items"]
    assert [one["kind"] for one in taken] == ["recognition"]
    assert both.get(f"{HERE}/decisions?kind={uuid4()}", token=token, status=422)
