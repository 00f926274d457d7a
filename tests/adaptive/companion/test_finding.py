"""Finding passages: in both databases alike, with an answer where there is one and none where there is none."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from adaptive import asking
from adaptive.companion.indexing import index
from adaptive.companion.passages import TARGET
from adaptive.companion.words import SAME, Way, asked, grams
from adaptive.content.loading import load_library
from adaptive.content.model import Library
from adaptive.content.words import one_spelling
from adaptive.errors import InvalidInput
from tests.adaptive.companion.indexes import make_index
from tests.architecture.repository import ROOT
from web.database import Database


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content")[0]


def items(db: Database, library: Library, question: str) -> list[str]:
    make_index(db, library)
    with db.reading() as session:
        return [found.passage.item_id for found in asking.ask(session, question, library=library).found]


QUESTIONS, FRESH = (
    tomllib.loads((Path(__file__).parent / file).read_text("utf-8")) for file in ("questions.toml", "fresh.toml")
)


@pytest.mark.parametrize(
    ("asked_of", "missing", "first_least", "wrong_most"),
    [(QUESTIONS, 0.15, 0.75, 0.15), (FRESH, 0.36, 0.58, 0.4)],
    ids=["questions it was tuned on", "questions held out"],
)
def test_as_much_of_what_people_ask_is_found_as_was_measured_and_most_of_what_nobody_wrote_is_not(
    db: Database,
    library: Library,
    asked_of: dict[str, Any],
    missing: float,
    first_least: float,
    wrong_most: float,
) -> None:
    answered, unanswered = asked_of["answered"], asked_of["unanswered"]["questions"]
    found = {question: items(db, library, question) for question in (*answered, *unanswered)}
    missed = sum(set(found[question]).isdisjoint(wanted) for question, wanted in answered.items())
    first = sum(found[question][:1] != [] and found[question][0] in wanted for question, wanted in answered.items())
    wrong = sum(bool(found[question]) for question in unanswered)
    assert missed <= len(answered) * missing
    assert first >= len(answered) * first_least
    assert wrong <= len(unanswered) * wrong_most


@pytest.mark.parametrize("question", ["忘了吃降压药", "药忘吃了怎么办", "漏服", "少吃一次药"])
def test_a_missed_dose_is_found_however_it_is_said(db: Database, library: Library, question: str) -> None:
    assert "medicines-and-health/medicine-list" in items(db, library, question)


def test_a_way_of_asking_that_is_nowhere_in_the_text_finds_its_lesson(db: Database, library: Library) -> None:
    item = library.items["medicines-and-health/medicine-list"]
    assert "大夫开的药吃混了" in item.asked.zh
    assert items(db, library, "药吃混了可怎么好")[0] == item.id


@pytest.mark.parametrize(("question", "english"), [("阳台漏雨", False), ("knitting a sweater for my grandson", True)])
def test_where_nothing_answers_three_lessons_at_most_are_guessed_in_the_language_of_the_question(
    db: Database, library: Library, question: str, english: bool
) -> None:
    make_index(db, library)
    with db.reading() as session:
        reply = asking.ask(session, question, library=library)
    assert reply.found == () and reply.guesses
    assert len({guess.item_id for guess in reply.guesses}) == len(reply.guesses) <= 3
    for guess in reply.guesses:
        asked_there = library.items[guess.item_id].asked
        assert guess.words in (asked_there.en if english else asked_there.zh)


@pytest.mark.parametrize("said", ["watering", "watered", "waters", "water"])
def test_an_english_word_is_found_in_its_forms_and_in_chinese(said: str) -> None:
    (unit,) = asked(f"how is {said} done")
    assert unit.ways[0] == Way(("water",)) and Way(("浇水",), SAME) in unit.ways


def test_an_english_word_with_an_apostrophe_stays_one_word() -> None:
    assert [unit.word for unit in asked("I can't find the doctor's room")] == ["find", "doctor's", "room"]


def test_both_databases_find_the_same(sqlite_url: str, postgresql_url: str, library: Library) -> None:
    found: list[list[list[str]]] = []
    for url in (sqlite_url, postgresql_url):
        db = Database(url)
        found.append([items(db, library, question) for question in QUESTIONS["answered"]])
        db.dispose()
    assert found[0] == found[1]


def test_a_question_without_a_word_has_no_answer(db: Database, library: Library) -> None:
    assert items(db, library, "！！！") == []


@pytest.mark.parametrize(
    ("question", "code"), [("", "companion.question_empty"), ("吗" * 301, "companion.question_long")]
)
def test_what_cannot_be_asked_is_said(db: Database, library: Library, question: str, code: str) -> None:
    with db.reading() as session, pytest.raises(InvalidInput, match=code):
        asking.ask(session, question, library=library)


@pytest.mark.parametrize("question", ['" OR 1=1 --', "NEAR(血压 NOT *", "血压 & | ! <-> 'x'", "%_\\", "\u0000血压"])
def test_no_question_is_read_as_a_query(db: Database, library: Library, question: str) -> None:
    items(db, library, question)


def test_passages_keep_every_block_under_its_heading(library: Library) -> None:
    found = index(library).passages
    assert len({passage.id for passage in found}) == len(found)
    assert {passage.item_id for passage in found} == set(library.items)
    assert max(len(passage.text) for passage in found) < 4 * TARGET
    for passage in found:
        body = library.items[passage.item_id].forms[passage.form].body
        assert passage.heading in body


@pytest.mark.parametrize("said", ["我想死", "我不想活了", "老伴走了，活着没意思", "I want to die", "有什么药能自 杀"])
def test_who_may_be_in_danger_is_told_of_people_not_of_lessons(db: Database, library: Library, said: str) -> None:
    with db.reading() as session:
        reply = asking.ask(session, said, library=library)
    assert reply.distress and not reply.found


@pytest.mark.parametrize("said", ["小猫死了花盆还能用吗", "手机死机了怎么办", "怎么给女儿打视频"])
def test_ordinary_words_are_no_alarm(db: Database, library: Library, said: str) -> None:
    with db.reading() as session:
        assert not asking.ask(session, said, library=library).distress


def test_words_that_mean_little_do_not_count() -> None:
    assert [unit.word for unit in asked("您的血压，是多少？")] == ["血压"]
    assert [unit.word for unit in asked("請問怎麼挂号")] == ["挂号"]
    assert list(grams("的血压 of 3 Pills")) == ["血", "压", "的血", "血压", "3", "pill"]


def test_a_phrase_of_the_synonyms_is_one_thing_and_finds_the_others() -> None:
    (unit,) = asked("漏服怎么办")
    assert Way(("漏了", "了一", "一次"), SAME) in unit.ways


def test_no_word_stands_in_two_lines_that_mean_different_things() -> None:
    data = tomllib.loads((files("adaptive.companion") / "synonyms.toml").read_text("utf-8"))
    for group in data["same"]:
        assert len(set(group)) == len(group) > 1, group
        assert all(word == one_spelling(word).strip() for word in group), group
    assert all(word not in others for word, others in data["near"].items())


def test_a_question_of_the_practice_is_known(library: Library) -> None:
    one = next(q for q in library.questions.values() if len(q.prompt) > 12)
    assert asking.practised(one.prompt, library) is not None
    assert asking.practised("你好", library) is None
