"""Finding passages: in both databases alike, with an answer where there is one and none where there is none."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adaptive import asking
from adaptive.companion.passages import TARGET, passages
from adaptive.companion.words import asked, tokens
from adaptive.content.loading import load_library
from adaptive.content.model import Library
from adaptive.errors import InvalidInput
from tests.architecture.repository import ROOT
from web.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "content")[0]


def items(db: Database, library: Library, question: str) -> list[str]:
    with db.writing() as session:
        asking.ensure_index(session, library, NOW)
    with db.reading() as session:
        return [found.passage.item_id for found in asking.ask(session, question, library=library).found]


QUESTIONS = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))


def test_most_of_what_people_ask_is_found_and_most_of_what_nobody_wrote_is_not(db: Database, library: Library) -> None:
    answered, unanswered = QUESTIONS["answered"], QUESTIONS["unanswered"]["questions"]
    found = {question: items(db, library, question) for question in (*answered, *unanswered)}
    first = sum(found[question][:1] == [item] for question, wanted in answered.items() for item in wanted)
    missed = [question for question, wanted in answered.items() if not set(found[question]) & set(wanted)]
    wrong = [question for question in unanswered if found[question]]
    assert len(missed) <= len(answered) * 0.12, missed
    assert first >= len(answered) * 0.75
    assert len(wrong) <= len(unanswered) * 0.2, wrong


def test_a_question_without_a_word_has_no_answer(db: Database, library: Library) -> None:
    assert items(db, library, "！！！") == []


def test_the_index_is_made_once_and_anew_for_another_library(db: Database, library: Library) -> None:
    with db.writing() as session:
        assert asking.ensure_index(session, library, NOW)
        assert not asking.ensure_index(session, library, NOW)
    empty = Library({}, {}, {}, {}, "another")
    with db.writing() as session:
        assert asking.ensure_index(session, empty, NOW)
        assert asking.ask(session, "怎么打视频电话", library=empty).found == ()


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
    found = list(passages(library))
    assert len({passage.id for passage in found}) == len(found)
    assert {passage.item_id for passage in found} == set(library.items)
    assert max(len(passage.text) for passage in found) < 4 * TARGET
    for passage in found:
        body = library.items[passage.item_id].forms[passage.form].body
        assert passage.heading in body


@pytest.mark.parametrize("said", ["我想死", "我不想活了", "老伴走了，活着没意思", "I want to die", "有什么药能自 杀"])
def test_who_may_be_in_danger_is_told_of_people_not_of_lessons(db: Database, library: Library, said: str) -> None:
    with db.writing() as session:
        asking.ensure_index(session, library, NOW)
        reply = asking.ask(session, said, library=library)
    assert reply.distress and not reply.found


@pytest.mark.parametrize("said", ["小猫死了花盆还能用吗", "手机死机了怎么办", "怎么给女儿打视频"])
def test_ordinary_words_are_no_alarm(db: Database, library: Library, said: str) -> None:
    with db.writing() as session:
        asking.ensure_index(session, library, NOW)
        assert not asking.ask(session, said, library=library).distress


def test_words_that_mean_little_do_not_count() -> None:
    assert tokens("您的血压，是多少？") == ["血压", "多少"]
    assert asked("請問怎麼挂号") == [("挂号", "预约")]


def test_a_question_of_the_practice_is_known(library: Library) -> None:
    one = next(q for q in library.questions.values() if len(q.prompt) > 12)
    assert asking.practised(one.prompt, library) is not None
    assert asking.practised("你好", library) is None
