"""The order in which pages are read, on small pages of each kind."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.reading.document import _Builder, parse
from accessibility.reading.fragment import LONGEST
from accessibility.reading.plan import LARGEST, Planned, TooLarge, plan

WORDS = {
    "list": "下面有{count}项。",
    "item": "第{number}，",
    "picture": "图片：{words}。",
    "recording": "录音：{name}。",
    "closed": "可以展开：",
    "link_before": "链接：",
    "button_before": "按钮：",
    "button": "按钮：{name}。",
    "named": "{name}，",
    "comma": "，",
    "colon": "：",
    "blank": "空着",
    "table": "下面是表格，{rows}行，{columns}列。",
    "columns": "各列是：",
    "one_of": "{count}个里选一个。",
    "several_of": "有{count}个，可以选几个。",
    "is_chosen": "已选",
    "is_not_chosen": "没选",
    "value": "已填：{value}。",
    "empty": "还没填。",
    "secret_filled": "已经填了。",
    "secret_empty": "没填，不念出来。",
    "file": "可以选文件。",
    "chosen": "现在选的是：{value}。",
    "none_chosen": "还没选。",
    "options": "还可以选：{options}。",
    "options_many": "一共有{count}个。",
    "back": "返回：",
    "navigation": "去别的页：{name}。",
    "ways": "去别的页。",
}


def say(key: str, /, **parameters: object) -> str:
    return WORDS[key].format(**parameters)


def read(html: str, language: str = "zh-CN") -> list[Planned]:
    return plan(f"<header>站名</header><main data-n='0'>{html}</main><footer>页脚</footer>", say, language)


def texts(html: str) -> list[str]:
    return [one.text for one in read(html)]


def test_the_heading_comes_first_and_ways_to_other_pages_last() -> None:
    html = (
        '<a class="back" href="/">首页</a><nav aria-label="换个学法">'
        '<ul><li><a href="#">易读</a></li><li>听读</li></ul></nav>'
        '<div role="status">保存好了。</div><p class="soft">第二课</p><h1>打电话</h1><p>先拨号。再说话！</p>'
    )
    assert texts(html) == [
        "打电话",
        "保存好了。",
        "第二课",
        "先拨号。",
        "再说话！",
        "返回：首页",
        "去别的页：换个学法。",
        "下面有2项。",
        "易读",
        "听读",
    ]


def test_a_table_is_sentences_with_the_header_of_each_cell() -> None:
    html = (
        "<table><caption>成绩</caption><thead><tr><th>课程</th><th>学分</th><th>状态</th></tr></thead><tbody>"
        "<tr><th scope='row'>语文</th><td>3</td><td></td></tr><tr><th scope='row'><a href='#'>数学</a></th><td>4</td>"
        "<td>已撤销</td></tr></tbody></table>"
    )
    assert texts(html) == [
        "成绩",
        "下面是表格，2行，3列。",
        "各列是：课程，学分，状态",
        "语文，学分：3，状态：空着",
        "数学，学分：4，状态：已撤销",
    ]


def test_a_cell_that_stands_for_two_columns_moves_the_headers_on() -> None:
    html = (
        "<table><thead><tr><th colspan='2'>姓名</th><th>分</th></tr></thead>"
        "<tr><td>王</td><td>小明</td><td>9</td></tr></table>"
    )
    assert texts(html)[-1] == "姓名：王，姓名：小明，分：9"


def test_a_form_is_label_hint_error_value() -> None:
    html = (
        '<form><div><label for="n">姓名</label><p class="hint">照证件写</p><p class="field-error">请填写姓名</p>'
        '<input id="n" value="王"></div><label for="p">密码</label><input id="p" type="password" data-filled>'
        '<label for="s">级别</label><select id="s"><option>一级</option><option selected>二级</option></select>'
        '<input type="hidden" name="csrf_token" value="secret"><button>保存</button>'
        '<input type="submit" value="取消"></form>'
    )
    assert texts(html) == [
        "姓名",
        "照证件写",
        "请填写姓名",
        "已填：王。",
        "密码",
        "已经填了。",
        "级别",
        "现在选的是：二级。",
        "还可以选：一级。",
        "按钮：保存",
        "按钮：取消。",
    ]


def test_choices_say_how_many_they_are_and_which_is_chosen() -> None:
    html = (
        "<fieldset><legend>选哪个</legend><div><input type='radio' id='a' checked><label for='a'>甲</label></div>"
        "<div><input type='radio' id='b'><label for='b'>乙</label></div></fieldset>"
        "<label><input type='checkbox'>记住我</label>"
    )
    assert texts(html) == ["选哪个", "2个里选一个。", "甲，已选", "乙，没选", "记住我，没选"]


def test_a_value_typed_into_a_secret_field_is_never_read() -> None:
    html = '<label for="p">密码</label><input id="p" type="password" value="407193">'
    assert "407193" not in " ".join(texts(html))


def test_a_verdict_is_said_by_its_words_and_the_seal_by_its_name() -> None:
    html = (
        "<div class='verdict pass'><svg aria-hidden='true'><path/></svg><div><h2>真的，有效</h2></div>"
        "<svg role='img' aria-label='常青验讫'><path/></svg></div>"
        "<ol><li><p>1. 签名 <span>通过</span></p></li><li><p>2. 期限 <span>没通过</span></p></li></ol>"
    )
    assert texts(html) == [
        "真的，有效",
        "图片：常青验讫。",
        "下面有2项。",
        "1. 签名 通过",
        "2. 期限 没通过",
    ]


def test_items_in_an_order_say_their_number_unless_they_bring_one() -> None:
    html = "<ol><li><p>拨号</p><p>等一等</p></li><li>说话</li></ol><ol><li>一、拨号</li><li>二、说话</li></ol>"
    assert texts(html) == [
        "下面有2项。",
        "第1，拨号",
        "等一等",
        "第2，说话",
        "下面有2项。",
        "一、拨号",
        "二、说话",
    ]


def test_a_credential_is_its_names_and_values() -> None:
    html = (
        "<article><h2><a href='#'>大学语文</a></h2><dl><div><dt>学分</dt><dd>3</dd></div><div><dt>日期</dt>"
        "<dd>2026年2月1日</dd></div></dl><span class='tag'>学历教育</span><span class='badge'>已撤销</span></article>"
    )
    assert texts(html) == ["大学语文", "学分：3", "日期：2026年2月1日", "学历教育，已撤销"]


def test_what_is_hidden_or_only_decorates_is_not_read() -> None:
    html = (
        "<p hidden>藏</p><p aria-hidden='true'>饰</p><div data-read='skip'>条</div><script>1</script>"
        "<p>看<wbr>见<!--注--></p>"
        "<details><summary>更多</summary><p>收起</p></details><details open><summary>少</summary><p>展开</p></details>"
        "<img alt=''><img alt='一只猫'><ruby>行<rt>xíng</rt></ruby>"
    )
    assert texts(html) == ["看见", "可以展开：更多", "少", "展开", "图片：一只猫。", "行"]


def test_mathematics_is_said_by_its_rules() -> None:
    html = "<p>解 <math><mfrac><mn>1</mn><mi>x</mi></mfrac><mo>=</mo><msup><mi>y</mi><mn>2</mn></msup></math>。</p>"
    assert texts(html) == ["解 x分之1等于y的平方。"]


def test_a_link_alone_is_named_as_one_and_within_a_sentence_is_its_words() -> None:
    assert texts("<p><a href='#'>帮助</a></p><p>请看<a href='#'>帮助</a>。</p>") == ["链接：帮助", "请看帮助。"]


def test_languages_are_read_by_their_voices() -> None:
    found = read("<p lang='en'>Hello there. <span lang='zh-CN'>你好。</span></p><p>请按OK。</p>")
    assert [(one.text, one.language) for one in found] == [
        ("Hello there.", "en"),
        ("你好。", "zh-CN"),
        ("请按OK。", "zh-CN"),
    ]
    assert read("<p>大学语文</p><p>3.5 credits e.g. here. Next</p>", "en")[0].language == "zh-CN"


def test_a_script_finds_each_character_again() -> None:
    html = "<p data-n='7'>一😀二<b data-n='8'>三。</b> 四</p>"
    [first, second] = read(html)
    assert first.text == "一😀二三。" and second.text == "四"
    assert [(r.element, r.text, r.first, r.last) for r in first.ranges] == [
        (7, 0, 0, 1),
        (7, 0, 1, 3),
        (7, 0, 3, 4),
        (8, 0, 0, 2),
    ]
    assert [(r.element, r.text, r.first, r.last) for r in second.ranges] == [(7, 1, 1, 2)]


def test_no_sentence_is_longer_than_what_is_spoken_at_once() -> None:
    found = read("<p>" + "很长的一句话，" * 60 + "没有停顿" * 80 + "</p>")
    assert all(len(one.text) <= LONGEST for one in found)
    assert sum(len(one.text) for one in found) == 60 * 7 + 80 * 4


def test_a_page_without_a_main_part_is_read_whole_and_one_that_is_too_large_not_at_all() -> None:
    assert [one.text for one in plan("<p>好</p>", say, "zh-CN")] == ["好"]
    with pytest.raises(TooLarge):
        plan("x" * (LARGEST + 1), say, "zh-CN")


@given(st.text(max_size=300))
def test_whatever_is_handed_in_is_a_plan_or_too_large(text: str) -> None:
    for one in plan(text, say, "zh-CN"):
        assert one.text.strip() and len(one.text) <= LONGEST


_PARTS = st.recursive(
    st.text(alphabet="学分银行课程，。 \nabc😀", max_size=8),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["p", "div", "b", "h2", "section", "a", "em", "blockquote"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(_PARTS, max_size=5).map("".join))
def test_every_letter_of_a_page_is_read_once_and_in_its_order(html: str) -> None:
    shown = re.sub(r"\W", "", re.sub("<[^>]*>", "", html))
    said = "".join("".join(one.text[r.start : r.end] for r in one.ranges) for one in read(html))
    assert re.sub(r"\W", "", said) == shown
    assert parse(html).text() == " ".join(re.sub("<[^>]*>", "", html).split())


@pytest.mark.parametrize("again", ["<a ", "<a b='", "<a b=c/", "<!--", "<!", "<![CDATA[", "<?", "</a ", "<x a='>"])
def test_what_nothing_ends_does_not_take_the_square_of_its_length(again: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fed = []
    monkeypatch.setattr(_Builder, "feed", lambda self, data: fed.append(data))
    parse("<p>好</p>" + again * 20_000)
    assert fed[0].startswith("<p>好</p>")
    assert fed[0].count("<") <= 2 + fed[0].count(">")


def test_comments_end_with_the_page_at_the_latest_and_are_not_read() -> None:
    assert parse("<!doctype html><p>一<!-- 二 > -->三</p><?x?><p>四<!-- 五").text() == "一三四"
    assert parse("<p>一</p> 二 < 三").text() == "一 二"
    assert len(list(parse("<div>一" * 3_000).walk())) == 3_001


def test_tables_in_tables_are_read_once_and_deep_ones_as_they_stand() -> None:
    table = "<table><tr><td>外</td><td><table><tr><td>里一</td><td>里二</td></tr></table></td></tr></table>"
    read = "".join(one.text for one in plan(f"<main>{table}</main>", lambda key, **_more: "", "zh-CN"))
    assert [read.count(words) for words in ("外", "里一", "里二")] == [1, 1, 1]
    deep = "<table><tr><td>" * 60 + "最里面" + "</td></tr></table>" * 60
    read = "".join(one.text for one in plan(f"<main>{deep}</main>", lambda key, **_more: "", "zh-CN"))
    assert read.count("最里面") == 1


@pytest.mark.parametrize(
    ("opened", "filling"),
    [
        ("<fieldset>", "<i></i>"),
        ("<label>", "<i></i>"),
        ("<table><tr><td>", "<i></i>"),
        ("<ol><li>", "<i></i>"),
        ("<button>", "<i></i>"),
        ("<p>", "\U00020000"),
    ],
)
def test_the_work_grows_with_the_page_and_no_faster(opened: str, filling: str) -> None:
    """Counted in calls, not in seconds: four times the filling is at most five times the work, and four times as deep
    is at most twice the work.
    """

    def work(filled: int, deep: int = 60) -> int:
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        html = "<main>" + opened * deep + filling * filled + "</main>"
        sys.setprofile(count)
        try:
            plan(html, lambda key, **_more: key, "zh-CN")
        finally:
            sys.setprofile(None)
        return calls

    assert work(2_000) <= 5 * work(500)
    assert work(2_000) <= 2 * work(2_000, 15)
