"""R19: the version in force on the day of application is applied, and its hash is what the candidate names."""

from datetime import date

from tests.credit_bank.recognition.rules.cases import credits, found, held, only, rules

OLD = rules('valid_until = 2026-08-31\nrule = [{ from = "A: X", to = "M" }]', valid_from="2025-09-01")
NEW = rules('rule = [{ from = "A: X", to = "M", credit_limit = "1" }]', version='"2"', valid_from="2026-09-01")


def test_r19_the_day_of_application_decides() -> None:
    for on, expected, amount in ((date(2026, 8, 31), OLD, "3"), (date(2026, 9, 1), NEW, "1")):
        candidate = only(found([held()], OLD, NEW, on=on))
        assert (candidate.rule.sha256, credits(candidate)) == (expected.sha256, amount)
    assert found([held()], OLD, NEW, on=date(2025, 8, 31)) == ()


def test_r19_of_two_versions_in_force_the_later_holds() -> None:
    open_ended = rules('rule = [{ from = "A: X", to = "M" }]', valid_from="2025-09-01")
    for sets in ((open_ended, NEW), (NEW, open_ended)):
        assert only(found([held()], *sets, on=date(2026, 10, 1))).rule.sha256 == NEW.sha256


def test_r19_a_later_edit_has_another_hash() -> None:
    assert OLD.sha256 != NEW.sha256 and len(OLD.sha256) == 64
