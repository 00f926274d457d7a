"""R13: a thesis and practice are not convertible, whatever a rule says; neither is a component that takes none."""

from tests.credit_bank.recognition.rules.cases import course, found, held, only, programme, rules, why_not

RULE = 'rule = [{ from = "A: X", to = "M" }]'


def test_r13_a_course_that_must_be_taken_here() -> None:
    into = programme(course("M", convertible=False, title="毕业论文"))
    assert why_not(only(found([held()], rules(RULE), into=into))) == ["target.not_convertible"]


def test_r13_a_component_that_takes_no_transfer() -> None:
    into = programme(course("M", component="thesis"))
    assert why_not(only(found([held()], rules(RULE), into=into))) == ["target.component_closed"]


def test_r13_a_course_of_another_programme_says_so() -> None:
    assert why_not(only(found([held()], rules(RULE), into=programme(course("N"))))) == ["target.not_in_programme"]
