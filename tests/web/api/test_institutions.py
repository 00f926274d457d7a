"""What anybody may read of institutions, their catalogues and their logs."""

import base64

from credit_bank import founding
from credit_bank.key.trust import read_statement
from credit_bank.log import checkpoint, merkle
from tests.web.api.programs import Service
from web.accounts.api_tokens import Scope

ONE = "institutions/one-college"


def test_institutions_are_listed_and_stated(both: Service) -> None:
    items = both.get("institutions").get_json()["items"]
    assert {i["handle"] for i in items} == {"one-college", "two-college"}
    shown = both.get(items[0]["url"].removeprefix("http://localhost:8000")).get_json()
    assert shown["did"] == items[0]["did"] == f"did:web:localhost%3A8000:institutions:{items[0]['handle']}"
    assert {a["category"] for a in shown["accreditations"]} == {"other", "vocational"}
    with both.database.reading() as session:
        key = founding.bank_key(session, both.bank).private.public_key()
    record = read_statement(shown["accreditation_statement"], key, both.bank.did)
    assert record.did == shown["did"]


def test_an_etag_stays_while_nothing_changed_though_the_statement_is_signed_anew(service: Service) -> None:
    first = service.get(ONE)
    assert first.headers["ETag"].startswith("W/")
    assert service.get(ONE, headers={"If-None-Match": first.headers["ETag"]}, status=304).data == b""
    assert "Accept-Language" in first.headers["Vary"]


def test_the_catalogue_is_read_page_by_page(both: Service) -> None:
    token = both.token(Scope.IMPORT)
    rows = "".join(f"C{n},课程{n},{n}.5,9,其他,简介\n" for n in range(1, 6))
    file = ("课程代码,课程名称,学分,学时,类别,简介\n" + rows).encode()
    both.post(f"{ONE}/imports/catalogue", file, token=token, content_type="text/csv", status=201)
    codes, cursor = [], ""
    for _ in range(3):
        page = both.get(f"{ONE}/courses?limit=2{cursor}").get_json()
        codes += [c["code"] for c in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert (codes, page["next"], page["total"]) == (["C1", "C2", "C3", "C4", "C5"], None, 5)
    [found] = both.get(f"{ONE}/courses?words=课程3").get_json()["items"]
    assert (found["credits_min"], found["hours"], found["category"]) == ("3.5", "9", "other")


def test_a_stranger_checks_the_log(both: Service) -> None:
    token = both.token(*Scope)
    both.issue(token, *(both.outcome() for _ in range(5)))
    both.publish()
    both.issue(token)
    shown = both.get(f"{ONE}/log/checkpoint").get_json()
    assert checkpoint.parse_checkpoint(shown["note"]).size == shown["size"] == 5
    root = base64.b64decode(shown["root"])
    for index in range(5):
        proof = both.get(f"{ONE}/log/proofs/{index}").get_json()
        leaf = merkle.leaf_hash(base64.b64decode(proof["entry"]))
        assert base64.b64decode(proof["leaf_hash"]) == leaf
        path = [base64.b64decode(step) for step in proof["inclusion_proof"]]
        merkle.verify_inclusion(leaf, index, proof["size"], path, root)
    assert both.get(f"{ONE}/log/proofs/2?size=3").get_json()["size"] == 3
    for path, code in (
        ("5", "log.leaf_unknown"),
        ("9007199254740991", "log.leaf_unknown"),
        ("3?size=3", "log.leaf_unknown"),
        ("0?size=6", "log.size_unknown"),
        ("0?size=9007199254740992", "log.size_unknown"),
    ):
        assert both.get(f"{ONE}/log/proofs/{path}", status=404).get_json(force=True)["code"] == code
    both.get(f"{ONE}/log/proofs/0?size=0", status=422)


def test_the_index_says_where_things_are(service: Service) -> None:
    for path in ("/api/v1/", "/api/v1"):
        shown = service.get(path).get_json()
        for name in ("openapi", "institutions", "status"):
            service.get(shown[name].removeprefix("http://localhost:8000"))


def test_the_description_may_be_kept_for_a_while(service: Service) -> None:
    assert service.open("GET", "/openapi.json", status=200).headers["Cache-Control"] == "public, max-age=300"
