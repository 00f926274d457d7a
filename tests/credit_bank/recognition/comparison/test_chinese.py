"""Titles as Chinese schools write them: abbreviations, parts, kinds; a table of 24 schools held out in turns.

The names are made up from what such catalogues look like; the words that comparisons know were not chosen by them.
"""

import random

import pytest

from credit_bank.recognition.comparison.comparing import compare
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.evaluating import evaluate
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import shipped_models
from credit_bank.recognition.comparison.title import read_title

# The target's title first, then how other schools call it.
CALLED = """高等数学（一）|高等数学A1|高数（上）|高等数学Ⅰ|高等数学(工科)上|微积分一
高等数学（二）|高等数学A2|高数（下）|高等数学Ⅱ|高等数学(工科)下|微积分二
线性代数|线代|工程线性代数|线性代数B|高等代数初步
概率论与数理统计|概率统计|概率论|工程数学（概率统计）|概率论与数理统计A
大学英语（一）|大学英语Ⅰ|大学英语B1|公共英语1|综合英语（上）
大学英语（二）|大学英语Ⅱ|大学英语B2|公共英语2|综合英语（下）
思想道德与法治|思修|思想道德修养与法律基础|思想道德与法治（含实践）|德法
毛泽东思想和中国特色社会主义理论体系概论|毛概|毛泽东思想和中国特色社会主义理论|毛中特
习近平新时代中国特色社会主义思想概论|习概|习近平新时代中国特色社会主义思想
马克思主义基本原理|马原|马克思主义基本原理概论|马克思主义原理
中国近现代史纲要|史纲|近现代史纲要|中国近代史纲要
形势与政策|形势与政策（1）|形策|时事政策
基础会计|会计学基础|会计学原理|初级会计|会计基础
财务管理|财务管理学|公司财务|企业财务管理
成本会计|成本会计学|成本核算与管理|成本会计实务
审计学|审计|审计基础|审计实务
西方经济学|经济学基础|微观经济学|经济学原理
市场营销学|市场营销|营销学|市场营销实务|营销基础
管理学原理|管理学|管理学基础|管理基础|企业管理
统计学原理|统计学|应用统计|统计基础
经济法|经济法概论|经济法基础|商法与经济法
计算机应用基础|大学计算机基础|信息技术基础|计算机基础|大学信息技术
C语言程序设计|C程序设计|程序设计基础（C语言）|高级语言程序设计
数据结构|数据结构与算法|数据结构（C语言版）|算法与数据结构
数据库原理与应用|数据库|数据库技术|数据库系统概论
计算机网络|计网|计算机网络技术|网络基础
操作系统|计算机操作系统|操作系统原理|Linux操作系统
软件工程|软件工程导论|软件工程基础|软件开发与管理
大学物理|大物|普通物理学|物理学|大学物理（上）
电工电子技术|电工学|电工与电子技术|电工电子学
工程制图|机械制图|画法几何与工程制图|工程图学
机械设计基础|机械设计|机械基础|机械原理与设计
教育学|教育学基础|教育原理|现代教育学
教育心理学|教育心理|学校教育心理学|心理学与教育
学前儿童发展心理学|学前心理学|儿童发展心理学|幼儿心理学
学前教育学|幼儿教育学|学前教育原理|学前教育概论
法理学|法学基础理论|法理学导论|法学概论
民法学|民法|民法总论|民法原理
刑法学|刑法|刑法总论|刑法原理
大学语文|大语|语文|大学国文|应用语文
应用写作|应用文写作|公文写作|写作
护理学基础|基础护理学|护理学导论|护理技术
人体解剖学|正常人体解剖学|解剖学|系统解剖学
药理学|护理药理学|临床药理|药理学基础
大学生心理健康教育|心理健康|大学生心理健康|心健
职业生涯规划|大学生职业生涯规划|职规|职业发展与就业指导
体育（一）|大学体育1|体育与健康（一）|公共体育Ⅰ
军事理论|军理|国防教育|军事课""".splitlines()
TARGETS = [Described("大学", f"{1000 + 7 * n}", line.split("|")[0]) for n, line in enumerate(CALLED)]
STYLES = ("职业学院", "开放大学", "师范学院", "自考")


def published() -> list[Equivalence]:
    """24 schools of four kinds; each calls most courses in a way of its own, and some of them as the target does."""
    chance = random.Random(11)
    found = []
    for school in range(24):
        style = STYLES[school % len(STYLES)]
        for target, line in zip(TARGETS, CALLED, strict=True):
            if chance.random() < 0.55:
                title = chance.choice(line.split("|")[1:] if chance.random() < 0.9 else line.split("|"))
                source = Described(f"{style}{school}", f"{style[0]}{chance.randrange(10_000, 99_999)}", title)
                found.append(Equivalence((source,), (target,), style))
    return found


def test_a_table_of_chinese_schools_held_out_in_turns() -> None:
    decisions = published()
    assert len(decisions) > 500
    found = evaluate(decisions, shipped_models())
    text, precedents = found.all["text"], found.all["precedents"]
    assert set(found.families) == set(STYLES)
    assert text.mrr.value > 0.9
    assert precedents.mrr.value > 0.97 > text.hit_1.value
    assert precedents.coverage.value > 0.5 and precedents.precision.value > 0.9


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("毛概", "毛泽东思想和中国特色社会主义理论体系概论"),
        ("习概", "习近平新时代中国特色社会主义思想概论"),
        ("思修", "思想道德与法治"),
        ("高数A2", "高等数学（二）"),
        ("高等数学（上册）", "高等数学（一）"),
        ("大学英语Ⅱ", "大学英语（二）"),
        ("会计学基础", "基础会计"),
        ("护理学导论", "护理学基础"),
    ],
)
def test_a_chinese_title_is_found(title: str, target: str) -> None:
    found = compare([Described("别校", "X", title)], CourseIndex(TARGETS), None, shipped_models())
    assert found.candidates[0].course.title == target


def test_parts_and_kinds_are_told_apart() -> None:
    assert (
        read_title("高等数学A1").numbers == read_title("高数（上）").numbers == read_title("高等数学Ⅰ").numbers == {1}
    )
    assert read_title("毛概").key == read_title("毛泽东思想和中国特色社会主义理论体系概论").key
    assert read_title("会计学基础").key == read_title("基础会计").key
