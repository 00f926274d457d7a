"""What every form shares: sentences that say what to do, and the date of three fields."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange

from web.forms.base import CivilDateField, Form, Required, label


class Sample(Form):
    """One field of each kind."""

    name = StringField(label("form.year"), [Required(), Length(max=4)])
    age = IntegerField("age", [NumberRange(min=1, max=9)])
    kind = RadioField("kind", choices=[SelectChoice("a", "A")])
    how = RadioField(label("form.month"), [Required()], choices=[SelectChoice("a", "A")])
    role = RadioField("role", [Required("staff.invite_role.choose")], choices=[SelectChoice("a", "A")])
    born = CivilDateField(label("form.day"), [Required()])
    plain = StringField("plain", [DataRequired()])


def filled(app: Flask, **values: object) -> Sample:
    app.config["WTF_CSRF_ENABLED"] = False
    form = Sample(MultiDict(values))  # type: ignore[arg-type]
    form.validate()
    return form


GOOD = {"name": "王", "age": "5", "kind": "a", "how": "a", "role": "a", "born": ["1950", "2", "28"], "plain": "x"}


def test_a_good_form_has_no_errors_and_keeps_its_date(app: Flask) -> None:
    with app.test_request_context():
        form = filled(app, **GOOD)
        assert form.errors == {}
        assert form.born.data == date(1950, 2, 28)
        assert form.born.typed() == ("1950", "2", "28")


@pytest.mark.parametrize(
    ("language", "name", "value", "sentence"),
    [
        ("zh-CN", "name", " ", "请填写“年”。"),
        ("en", "name", "", "Please fill in “Year”."),
        ("zh-CN", "name", "王王王王王", "最多 4 个字符，请写短一些。"),
        ("zh-CN", "age", "x", "请填整数，例如 12。"),
        ("en", "age", "12", "Please enter a number between 1 and 9."),
        ("zh-CN", "kind", "z", "请从列出的选项里选一个。"),
        ("zh-CN", "kind", [], "“kind”还没有选，请选一个。"),
        ("zh-CN", "how", [], "“月”还没有选，请选一个。"),
        ("en", "how", [], "Please choose an answer for “Month”."),
        ("en", "role", [], "Please choose a role"),
        ("zh-CN", "plain", "", "这一项要填。"),
        ("zh-CN", "born", ["", "", ""], "请填写“日”。"),
        ("zh-CN", "born", ["1950", "2", "30"], "“日”不是一个日期，请按年、月、日填，例如 2026 年 9 月 1 日。"),
        ("zh-CN", "born", ["50", "2", "3"], "“日”不是一个日期，请按年、月、日填，例如 2026 年 9 月 1 日。"),
        ("zh-CN", "born", ["1950", "2"], "“日”不是一个日期，请按年、月、日填，例如 2026 年 9 月 1 日。"),
    ],
)
def test_an_error_is_one_sentence_that_says_what_to_do(
    app: Flask, language: str, name: str, value: object, sentence: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        form = filled(app, **{**GOOD, name: value})
        assert form.errors == {name: [sentence]}


def test_what_was_typed_stays_though_it_is_no_date(app: Flask) -> None:
    with app.test_request_context():
        assert filled(app, **{**GOOD, "born": ["1950", "13", "x"]}).born.typed() == ("1950", "13", "x")
