"""Markdown becomes HTML that a strict page can hold."""

import pytest

from web.markdown import article


def test_headings_are_numbered_as_passages_count_them() -> None:
    html = article("## 一\n\n文\n\n### 二\n\n## 三\n")
    assert '<h2 id="part-1">一</h2>' in html
    assert '<h3 id="part-2">二</h3>' in html
    assert '<h3 id="part-3">三</h3>' in article("## 一\n\n## 二\n\n## 三\n", shift=1)
    assert "<h1" not in article("# 一")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "一<img src=x onerror=alert(1)>二",
        "[看](javascript:alert(1))",
        "[看](data:text/html;base64,PHN)",
        "![图](javascript:alert(1))",
        '[看](https://example.org "\\"><script>")',
    ],
)
def test_nothing_of_it_runs(body: str) -> None:
    html = article(body, picture=lambda name: f"/pictures/{name}")
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_pictures_stand_where_the_page_says() -> None:
    html = article("![一部**手机**](a.svg)", picture=lambda name: f"/p/{name}")
    assert html == '<p><img src="/p/a.svg" alt="一部手机" loading="lazy" /></p>\n'
    assert article("![一部手机](a.svg)") == "<p>一部手机</p>\n"
    assert 'src="x&quot; onerror=&quot;1"' in article("![a](b.svg)", picture=lambda _: 'x" onerror="1')


def test_a_line_broken_in_the_file_puts_no_space_between_chinese_characters() -> None:
    assert article("一行\n二行") == "<p>一行二行</p>\n"
    assert article("Good\nmorning") == "<p>Good\nmorning</p>\n"
    marks = '<p><span lang="zh-CN">一行</span>\n<span lang="zh-CN">二行</span></p>\n'
    assert article("一行\n二行", lang="en") == marks


def test_tables_have_no_inline_style() -> None:
    html = article("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert "<table>" in html
    assert "style" not in html


def test_links_leave_without_a_trace() -> None:
    assert 'rel="noopener noreferrer external"' in article("[看](https://example.org)")
