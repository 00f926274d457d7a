"""Titles and codes as they are compared."""

import pytest

from credit_bank.recognition.comparison.title import Code, places_in_series, read_code, read_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Intro to Psych", "Introductory Psychology"),
        ("Calculus II", "Calculus 2"),
        ("Organic Chem w/ Lab I", "Organic Chemistry with Laboratory 1"),
        ("U.S. History", "American History"),
        ("Principles of Macroeconomics", "Introduction to Macroeconomics"),
        ("管理学导论", "管理学概论"),
        ("大学英语（二）", "大学英语Ⅱ"),
        ("高等数学（下）", "高等数学（二）"),
        ("计算机基础", "电脑基础"),
        ("ＣＡＬＣＵＬＵＳ　Ⅰ", "calculus i"),
    ],
)
def test_titles_that_say_the_same(one: str, other: str) -> None:
    assert read_title(one).key == read_title(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calculus I", "Calculus II"),
        ("C Programming", "C++ Programming"),
        ("大学英语（一）", "大学英语（二）"),
        ("Physics", "Physical Education"),
        ("World History to 1500", "World History since 1800"),
    ],
)
def test_titles_that_do_not(one: str, other: str) -> None:
    assert read_title(one).key != read_title(other).key


def test_a_code_in_its_parts() -> None:
    assert read_code("MATH& 151A") == Code("math", "151", "a")
    assert read_code("CS-0101") == Code("cs", "101", "")
    assert read_code("C S 12L") == Code("cs", "12", "l")
    assert read_code("数学101") == Code("数学", "101", "")
    assert read_code("") == Code("", "", "")


def test_a_series_is_told_by_numbers_or_by_the_order_of_codes() -> None:
    courses = [("MATH 1B", "Calculus"), ("MATH 1A", "Calculus"), ("MATH 9", "Statistics"), ("ART 2", "Drawing III")]
    assert places_in_series(courses) == [frozenset({2}), frozenset({1}), frozenset(), frozenset({3})]
