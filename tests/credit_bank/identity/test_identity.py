"""Check digits and normal forms of the numbers that identify people, institutions and accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.identity import account_number, document, social_credit_code
from credit_bank.identity.document import DocumentType

# GB 11643-1999's own example; GB 32100-2015's published example.
RESIDENT = "11010519491231002X"
INSTITUTION = "91350100M000100Y43"


def test_the_standards_examples_pass() -> None:
    assert document.normalise(DocumentType.RESIDENT_ID, RESIDENT) == RESIDENT
    assert social_credit_code.parse(INSTITUTION) == INSTITUTION


@pytest.mark.parametrize(
    "typed", ["110105 19491231 002x", "110105-19491231-002X", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_resident_id_is_understood_as_people_type_it(typed: str) -> None:
    assert document.normalise(DocumentType.RESIDENT_ID, typed) == RESIDENT


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105194912310021", "identity.resident_id_check_digit"),
        ("11010519491331002X", "identity.resident_id_birth_date"),
        ("11010517491231002X", "identity.resident_id_birth_date"),
        ("1101051949123100", "identity.resident_id_malformed"),
        ("", "identity.resident_id_malformed"),
    ],
)
def test_a_wrong_resident_id_is_refused_by_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        document.normalise(DocumentType.RESIDENT_ID, number)
    assert caught.value.code == code


@pytest.mark.parametrize("number", ["E12345678", "ab 123456", "GA9876543"])
def test_passports_of_many_forms_are_taken(number: str) -> None:
    assert document.normalise(DocumentType.PASSPORT, number).isalnum()


def test_permanent_residence_permits_of_both_forms_are_taken() -> None:
    body = "91112319800101123"
    assert document.normalise(DocumentType.PERMANENT_RESIDENCE, "usa110080010112")
    assert document.normalise(
        DocumentType.PERMANENT_RESIDENCE, body + document.resident_id_check_character(body)
    ).startswith("9")
    with pytest.raises(InvalidInput):
        document.normalise(DocumentType.PERMANENT_RESIDENCE, "12345")


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_of_a_resident_id_changes_its_check_character(n: int, at: int, add: int) -> None:
    body = f"{n:017d}"
    wrong = body[:at] + str((int(body[at]) + add) % 10) + body[at + 1 :]
    assert document.resident_id_check_character(body) != document.resident_id_check_character(wrong)


@given(st.integers(0, 9 * 10**10 - 1), st.integers(0, 11), st.integers(1, 9))
def test_every_single_wrong_digit_of_an_account_number_is_found(n: int, at: int, add: int) -> None:
    number = account_number.generate(lambda _: n)
    assert account_number.parse(account_number.grouped(number)) == number
    wrong = number[:at] + str((int(number[at]) + add) % 10) + number[at + 1 :]
    with pytest.raises(InvalidInput):
        account_number.parse(wrong)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16), st.data())
def test_every_single_wrong_character_of_a_social_credit_code_is_found(body: str, at: int, data: st.DataObject) -> None:
    code = body + social_credit_code.check_character(body)
    assert social_credit_code.parse(code.lower()) == code
    other = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if c != body[at]]))
    with pytest.raises(InvalidInput):
        social_credit_code.parse(code[:at] + other + code[at + 1 :])


def test_the_digest_depends_on_key_kind_and_number() -> None:
    one = document.digest(b"a" * 32, DocumentType.PASSPORT, "E12345678")
    assert len(one) == 32
    assert one != document.digest(b"b" * 32, DocumentType.PASSPORT, "E12345678")
    assert one != document.digest(b"a" * 32, DocumentType.PERMANENT_RESIDENCE, "E12345678")
    with pytest.raises(ValueError, match="32"):
        document.digest(b"short", DocumentType.PASSPORT, "E12345678")
