"""Logs: what can be read, and what is said of what cannot."""

import gzip
from pathlib import Path

import pytest

from adaptive.errors import AdaptiveError
from adaptive.evaluation.log_file import COLUMNS, Log, read_log
from adaptive.sentences import sentence
from tests.adaptive.synthetic import HEADER, histories, write_log


def log_of(tmp_path: Path, *rows: str, header: str = HEADER) -> Log:
    path = tmp_path / "log.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return read_log(path)


def events(log: Log) -> list[tuple[str, str, tuple[str, ...], bool, float | None]]:
    return [
        (log.user_names[learner], e.asked.item_id, e.asked.skill_ids, e.correct, e.asked.presented_at)
        for learner in range(len(log.user_names))
        for e in log.history(learner)
    ]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    given = histories(7, 9)
    log = read_log(write_log(tmp_path / "log.csv", given, tests_from=5))
    assert (len(log), log.train_learners, log.first_test_row, log.folds_hashed) == (63, 5, 45, False)
    for learner, history in enumerate(given):
        read = list(log.history(learner))
        assert [(e.asked.item_id, e.asked.skill_ids, e.correct) for e in read] == [
            (e.asked.item_id, e.asked.skill_ids, e.correct) for e in history
        ]
        assert [e.answered_at for e in read] == pytest.approx([e.answered_at for e in history])


def test_gzipped_and_parquet_are_read_alike(tmp_path: Path) -> None:
    from pyarrow import csv, parquet

    plain = write_log(tmp_path / "log.csv", histories(5, 8), tests_from=3)
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    parquet.write_table(csv.read_csv(plain), tmp_path / "log.parquet")
    found = [events(read_log(tmp_path / name)) for name in ("log.csv", "log.csv.gz", "log.parquet")]
    assert found[0] == found[1] == found[2]


def test_parquet_with_numbers_lists_and_gaps(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table(
        {
            "user_id": [1, 1, 2],
            "item_id": [10.0, 11.0, 10.0],
            "skill_ids": [["a", "b"], [], ["a"]],
            "correct": [True, False, True],
            "presented_at": pyarrow.array([5.0, None, 1.0]),
            "unasked": ["x", "y", "z"],
        }
    )
    parquet.write_table(table, tmp_path / "log.parquet")
    found = sorted(events(read_log(tmp_path / "log.parquet")), key=str)
    assert found == [("1", "10", ("a", "b"), True, 5.0), ("1", "11", (), False, None), ("2", "10", ("a",), True, 1.0)]


def test_marks_spaces_orders_and_odd_ids(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    text = 'correct,skill_ids, item_id ,user_id\r\n1, a ; b;a;,"题目, 一",张\r\n0,,q 2,张\r\n\r\ntrue,x,q 2,5\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = set(events(read_log(path)))
    assert found == {
        ("张", "题目, 一", ("a", "b"), True, None),
        ("张", "q 2", (), False, None),
        ("5", "q 2", ("x",), True, None),
    }


def test_answers_are_ordered_by_time_and_ties_as_in_the_file(tmp_path: Path) -> None:
    log = log_of(
        tmp_path, "a,3,s,1,30,,train", "b,9,s,1,1,,train", "a,1,s,1,10,,train", "a,2,s,1,10,,train", "c,7,s,0,,,test"
    )
    assert [item for _u, item, _s, _c, _t in events(log)] == ["1", "2", "3", "9", "7"]


def test_a_learner_with_a_time_missing_keeps_the_order_of_the_file(tmp_path: Path) -> None:
    log = log_of(tmp_path, "a,1,s,1,30,,train", "a,2,s,1,,,train", "a,3,s,1,10,,train", "b,1,s,0,1,,test")
    assert [item for _u, item, _s, _c, _t in events(log)] == ["1", "2", "3", "1"]


def test_learners_without_a_fold_are_divided_by_their_id_alone(tmp_path: Path) -> None:
    given = histories(60, 2)
    log = read_log(write_log(tmp_path / "log.csv", given))
    assert log.folds_hashed and 30 < log.train_learners < 60
    train = set(log.user_names[: log.train_learners])
    again = read_log(write_log(tmp_path / "log2.csv", given[:20]))
    assert set(again.user_names[: again.train_learners]) == {name for name in train if int(name[1:]) < 20}


def test_one_row_with_a_fold_speaks_for_its_learner(tmp_path: Path) -> None:
    log = log_of(tmp_path, "a,1,s,1,,,", "a,2,s,1,,,test", "b,1,s,0,,,train")
    assert log.user_names == ["b", "a"] and log.train_learners == 1


@pytest.mark.parametrize(
    ("rows", "code", "named"),
    [
        (["a,1,s,2,,,train"], "log.value_wrong", {"row": 2, "column": "correct", "value": "2"}),
        (["a,1,s,1,,,train", "a,1,s,,,,train"], "log.value_wrong", {"row": 3, "column": "correct", "value": ""}),
        ([",1,s,1,,,train"], "log.value_wrong", {"row": 2, "column": "user_id", "value": ""}),
        (["a,,s,1,,,train"], "log.value_wrong", {"row": 2, "column": "item_id", "value": ""}),
        (["a,1,s,1,noon,,train"], "log.value_wrong", {"row": 2, "column": "presented_at", "value": "noon"}),
        (["a,1,s,1,1,inf,train"], "log.value_wrong", {"row": 2, "column": "answered_at", "value": "inf"}),
        (["a,1,s,1,nan,,train"], "log.value_wrong", {"row": 2, "column": "presented_at", "value": "nan"}),
        (["a,1,s,1,,,maybe"], "log.value_wrong", {"row": 2, "column": "fold", "value": "maybe"}),
        (["a,1,s,1,,,train", "a,2"], "log.row_short", {"row": 3, "found": 2, "wanted": 7}),
        (["a,1,s,1,,,train", "a,2,s,1,,,test"], "log.fold_mixed", {"row": 3, "user": "a"}),
        ([], "log.empty", {}),
    ],
)
def test_faults_name_the_row_and_the_column(
    tmp_path: Path, rows: list[str], code: str, named: dict[str, str | int]
) -> None:
    with pytest.raises(AdaptiveError) as caught:
        log_of(tmp_path, *rows)
    assert (caught.value.code, caught.value.parameters) == (code, named)
    for locale in ("zh-CN", "en"):
        assert sentence(f"error.{code}", locale, **caught.value.parameters)


@pytest.mark.parametrize("missing", COLUMNS[:4])
def test_a_column_that_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    with pytest.raises(AdaptiveError) as caught:
        log_of(tmp_path, "1,2,3", header=",".join(name for name in COLUMNS if name != missing))
    assert caught.value.code == "log.column_missing" and caught.value.parameters["column"] == missing


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.csv", b"user_id,item_id,skill_ids,correct\n\xff\xfe,1,s,1\n"),
        ("log.csv.gz", b"\x1f\x8b nonsense"),
        ("log.csv.gz", gzip.compress((HEADER + "\na,1,s,1,,,\n").encode() * 99, mtime=0)[:60]),
        ("log.parquet", b"PAR1 nonsense"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AdaptiveError) as caught:
        read_log(tmp_path / name)
    assert caught.value.code == "log.unreadable"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AdaptiveError) as caught:
        read_log(tmp_path / "none.csv")
    assert caught.value.code == "log.file_missing"
