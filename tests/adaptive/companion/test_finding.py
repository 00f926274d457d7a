"""Finding passages: in both databases alike, with an answer where there is one and none where there is none."""

from datetime import UTC, datetime

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


# What people ask, and where the library answers it; made of other words than the lessons use where people would.
ANSWERED = {
    "怎么打视频电话": "phone-basics/wechat-family",
    "手机上的字太小怎么调大": "phone-basics/bigger-and-louder",
    "付款码能给别人看吗": "mobile-payment/scan-and-show",
    "量血压之前要注意什么": "medicines-and-health/blood-pressure",
    "怎么用英语问路": "everyday-english/ask-the-way",
}
# What the library does not speak of.
UNANSWERED = (
    "月球离地球有多远",
    "怎么修电冰箱",
    "小狗不吃饭怎么训练",
    "火车模型哪里买",
    "where can I buy a used car",
    "！！！",
)


@pytest.mark.parametrize(("question", "item"), ANSWERED.items())
def test_what_the_library_speaks_of_is_found(db: Database, library: Library, question: str, item: str) -> None:
    assert item in items(db, library, question)


@pytest.mark.parametrize("question", UNANSWERED)
def test_what_it_does_not_speak_of_has_no_answer(db: Database, library: Library, question: str) -> None:
    assert items(db, library, question) == []


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


def test_words_that_mean_little_do_not_count() -> None:
    assert tokens("您的血压，是多少？") == ["血压", "多少"]
    assert asked("請問怎麼挂号") == [("挂号", "预约")]


def test_a_question_of_the_practice_is_known(library: Library) -> None:
    one = next(q for q in library.questions.values() if len(q.prompt) > 12)
    assert asking.practised(one.prompt, library) is not None
    assert asking.practised("你好", library) is None
