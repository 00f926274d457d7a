"""The page of a problem's type: for every code that the interface can answer with, and for no other."""

import pytest

from credit_bank import sentences
from tests.web.client import ClientRequest
from web.problem_codes import OWN


@pytest.mark.parametrize("code", sorted(OWN))
def test_every_code_of_the_interface_has_its_page(client_request: ClientRequest, code: str) -> None:
    page = client_request.get(f"/problems/{code}")
    assert code in page.h1 and str(OWN[code]) in page.text
    assert len(page.texts(".//*[@class='prose']/p[@lang]")) == 2


def test_a_code_of_the_library_is_told_in_both_languages(client_request: ClientRequest) -> None:
    texts = sentences.catalogue()["error.application.known"]
    page = client_request.get("/problems/application.known")
    assert all(text.replace("{code}", "code") in page.text for text in (texts["zh"], texts["en"]))
    assert page.texts(".//var") == ["code", "code"] and "怎么办" in page.text


def test_the_type_of_an_answer_leads_to_its_page(client_request: ClientRequest) -> None:
    answer = client_request.get("/api/v1/institutions/nobody/outcomes", status=401).response.get_json()
    path = answer["type"].removeprefix("http://localhost:8000")
    assert answer["code"] in client_request.get(path).h1


@pytest.mark.parametrize("code", ["no.such.code", "error.application.known", "application", "title", "%2e%2e"])
def test_an_unknown_code_has_none(client_request: ClientRequest, code: str) -> None:
    client_request.get(f"/problems/{code}", status=404)
