"""Comparisons by program: proposals for many courses at once, published equivalences, a table imported."""

from sqlmodel import select

from credit_bank.store.tables import Precedent
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope

HERE = "institutions/one-college"
CATALOGUE = "课程代码,课程名称,学分,类别\nM1,高等数学（一）,4,其他\nM2,高等数学（二）,4,其他\nP1,陶艺,2,其他\n".encode()
TABLE = (
    "来源院校,来源课程代码,来源课程名称,本校课程代码,本校课程名称,条件\n"
    + "".join(f"学校{n},A{n},微积分初步,M1,高等数学（一）,60 分以上\n" for n in range(6))
).encode()


def prepared(service: Service) -> str:
    token = service.token(*Scope)
    service.post(f"{HERE}/imports/catalogue", CATALOGUE, token=token, content_type="text/csv", status=201)
    return token


def imported(service: Service, token: str, query: str = "", status: int = 201):  # type: ignore[no-untyped-def]
    address = f"{HERE}/imports/equivalences{query}"
    return service.post(address, TABLE, token=token, content_type="text/csv", status=status).get_json()


def test_a_table_is_tried_taken_and_taken_again(both: Service) -> None:
    token = prepared(both)
    tried = imported(both, token, "?dry_run=true", 200)
    assert (tried["dry_run"], tried["new"], tried["batch_id"]) == (True, 6, None)
    assert both.count(Precedent) == 0
    assert imported(both, token)["new"] == 6
    assert imported(both, token)["unchanged"] == 6
    bad = "来源课程名称,本校课程名称\n微积分,高等数学\n".encode()
    problem = both.post(f"{HERE}/imports/equivalences", bad, token=token, content_type="text/csv", status=422)
    assert [e["code"] for e in problem.get_json()["errors"]] == ["equivalence_no_school"]


def test_many_courses_are_compared_at_once(both: Service) -> None:
    token = prepared(both)
    imported(both, token)
    courses = [{"ref": str(n), "title": "微积分初步", "institution": "别校", "credits": 4} for n in range(40)]
    courses.append({"ref": "x", "title": "量子场论", "units": ["U1"], "hours": 36, "level": "6"})
    body = {"courses": courses, "limit": 2}
    found = both.post(f"{HERE}/comparisons", body, token=token, language="zh-CN", status=200).get_json()
    assert found["generated_by"] == "machine" and found["precision"] == 0.95
    assert [item["ref"] for item in found["items"]] == [*map(str, range(40)), "x"]
    first = found["items"][0]["candidates"][0]
    assert first["code"] == "M1" and len(first["precedents_for"]) == 6
    assert "6 所学校的《微积分初步》都认作 M1" in first["evidence"][0]
    assert len(found["items"][0]["candidates"]) == 2
    assert found["items"][-1]["suggested"] is None
    confidences = [one["confidence"] for one in found["items"][-1]["candidates"]]
    assert confidences == sorted(confidences, reverse=True)


def test_what_is_asked_wrongly_is_refused(service: Service) -> None:
    token = prepared(service)
    for body, place in (
        ({"courses": []}, "/courses"),
        ({"courses": [{"title": "  "}]}, "/courses/0/title"),
        ({"courses": [{"title": "A", "credits": -1}]}, "/courses/0/credits"),
        ({"courses": [{"title": "A"}] * 301}, "/courses"),
    ):
        problem = service.post(f"{HERE}/comparisons", body, token=token, status=422).get_json()
        assert problem["errors"][0]["pointer"] == place
    only = service.token(Scope.ISSUE)
    service.post(f"{HERE}/comparisons", {"courses": [{"title": "A"}]}, token=only, status=403)


def test_an_institution_without_courses_has_no_candidates(service: Service) -> None:
    token = service.token(Scope.READ)
    body = {"courses": [{"title": "A"}]}
    [item] = service.post(f"{HERE}/comparisons", body, token=token, status=200).get_json()["items"]
    assert (item["candidates"], item["suggested"], item["confidence"]) == ([], None, 0)


def test_anybody_reads_what_was_published(both: Service) -> None:
    token = prepared(both)
    imported(both, token)
    page = both.get(f"{HERE}/equivalences?limit=4", status=200).get_json()
    assert page["total"] == 6 and len(page["items"]) == 4
    rest = both.get(f"{HERE}/equivalences?limit=4&cursor={page['next']}", status=200).get_json()
    assert len(rest["items"]) == 2 and rest["next"] is None
    assert {row["conditions"] for row in rest["items"]} == {"60 分以上"}
    one = both.get(f"{HERE}/equivalences?source=学校3&words=微积分", status=200).get_json()
    assert [row["source_institution"] for row in one["items"]] == ["学校3"]
    assert one["items"][0]["targets"][0]["code"] == "M1" and not one["items"][0]["denied"]
    both.get("institutions/nobody/equivalences", status=404)
    with both.database.reading() as session:
        assert {row.origin for row in session.exec(select(Precedent))} == {"import"}
