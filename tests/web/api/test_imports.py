"""Files by program: taken whole or not at all, tried first, their problems named by row and column."""

import io

import pytest
from openpyxl import Workbook
from sqlmodel import select

from credit_bank.store.tables import Course, ImportBatch, Outcome
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope

CATALOGUE = "institutions/one-college/imports/catalogue"
OUTCOMES = "institutions/one-college/imports/outcomes"
GOOD = "课程代码,课程名称,学分,类别\nC1,书法入门,2,其他\nC2,太极拳,1.5,其他\n".encode()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_catalogue_is_tried_taken_and_taken_again(both: Service) -> None:
    token = both.token(Scope.IMPORT)
    tried = both.post(f"{CATALOGUE}?dry_run=true", GOOD, token=token, content_type="text/csv", status=200).get_json()
    assert (tried["dry_run"], tried["new"], tried["batch_id"], tried["problems"]) == (True, 2, None, [])
    assert both.count(Course) == both.count(ImportBatch) == 0
    taken = both.post(
        f"{CATALOGUE}?filename=目录.csv", GOOD, token=token, content_type="text/csv", status=201
    ).get_json()
    assert (taken["new"], taken["changed"], taken["unchanged"], taken["rows"]) == (2, 0, 0, 2)
    assert taken["columns"]["credits"] == "学分"
    assert {n["code"] for n in taken["notices"]} == {"description_blank"}
    assert all(n["notice"] for n in taken["notices"])
    again = both.post(CATALOGUE, GOOD, token=token, content_type="text/csv", status=201).get_json()
    assert (again["new"], again["unchanged"]) == (0, 2)
    with both.database.reading() as session:
        assert session.exec(select(ImportBatch.file_name).order_by(ImportBatch.imported_at)).first() == "目录.csv"  # type: ignore[arg-type]


def test_problems_are_named_by_row_and_column_and_nothing_is_taken(service: Service) -> None:
    token = service.token(Scope.IMPORT)
    bad = "账号,课程名称,获得日期,学分,类别\n123,书法,2026-06-30,2,其他\n,书法,31/02/2026,x,其他\n".encode()
    said = {}
    for language in ("zh-CN", "en"):
        problem = service.post(OUTCOMES, bad, token=token, content_type="text/csv", language=language, status=422)
        errors = problem.get_json()["errors"]
        said[language] = [e["detail"] for e in errors]
        assert {(e["row"], e["column"]) for e in errors} >= {(2, "账号"), (3, "获得日期"), (3, "学分")}
        assert all(e["detail"] and e["next"] and "pointer" not in e for e in errors)
    assert said["zh-CN"] != said["en"]
    tried = service.post(f"{OUTCOMES}?dry_run=1", bad, token=token, content_type="text/csv", status=200).get_json()
    assert len(tried["problems"]) == len(said["en"])
    unknown = service.post(
        f"{OUTCOMES}?dry_run=1",
        "账号,课程名称,获得日期,学分,类别\n100000000009,书法,2026-06-30,2,其他\n".encode(),
        token=token,
        content_type="text/csv",
        status=200,
    ).get_json()
    assert [p["code"] for p in unknown["problems"]] == ["account_unknown"]
    assert service.count(Outcome) == service.count(ImportBatch) == 0


def test_columns_and_category_can_be_told(service: Service) -> None:
    token = service.token(Scope.IMPORT)
    file = b"x1,x2,x3\nC1,Calligraphy,2\n"
    query = "?column=code:x1&column=title:x2&column=credits:x3&category=other"
    taken = service.post(CATALOGUE + query, file, token=token, content_type="text/csv", status=201).get_json()
    assert taken["columns"] == {"code": "x1", "title": "x2", "credits": "x3"}
    problem = service.post(f"{CATALOGUE}?column=x1", file, token=token, content_type="text/csv", status=422).get_json()
    assert problem["errors"][0]["code"] == "request.column_malformed"


def test_spreadsheets_and_json_are_taken_too(service: Service) -> None:
    token = service.token(Scope.IMPORT)
    book = Workbook()
    book.active.append(["code", "title", "credits", "category"])
    book.active.append(["X1", "Tai chi", 1.5, "other"])
    file = io.BytesIO()
    book.save(file)
    taken = service.post(CATALOGUE, file.getvalue(), token=token, content_type=XLSX, status=201).get_json()
    assert taken["new"] == 1
    listed = [{"code": "J1", "title": "Choir", "credits": 1, "category": "other"}]
    assert service.post(CATALOGUE, listed, token=token, status=201).get_json()["new"] == 1


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", "text/csv", 400, "table.empty"),
        (b"%PDF-1.7", "application/octet-stream", 400, "table.not_a_table"),
        (b"PK\x03\x04broken", XLSX, 400, None),
        (b"<html></html>", "text/csv", 400, "table.web_page"),
        (b"a\x00b", "text/csv", 400, "table.not_a_table"),
        (b'[{"a": NaN}]', "application/json", 400, "table.json_number"),
        (b"code,title\n", "image/png", 415, "request.media_type"),
        (b"code,title\n", "multipart/form-data; boundary=x", 415, "request.media_type"),
        (b"x" * (12 * 1024 * 1024 + 1), "text/csv", 413, "request.too_large"),
    ],
)
def test_a_file_that_is_none_is_refused(
    service: Service, body: bytes, kind: str, status: int, code: str | None
) -> None:
    token = service.token(Scope.IMPORT)
    for path in (CATALOGUE, OUTCOMES, f"{OUTCOMES}?dry_run=true"):
        problem = service.post(path, body, token=token, content_type=kind, status=status).get_json(force=True)
        assert code is None or problem["code"] == code


def test_an_import_is_repeated_with_its_key(both: Service) -> None:
    token = both.token(Scope.IMPORT)
    account = both.learner()
    file = f"账号,课程名称,获得日期,学分,类别\n{account},书法入门,2026-06-30,2,其他\n".encode()
    sent = {"token": token, "content_type": "text/csv", "headers": {"Idempotency-Key": "file-1"}, "status": 201}
    first, again = (both.post(OUTCOMES, file, **sent) for _ in range(2))
    assert first.data == again.data
    assert both.count(Outcome) == both.count(ImportBatch) == 1
    both.post(f"{OUTCOMES}?filename=x", file, **{**sent, "status": 409})
