"""The instruments themselves: what they must find, they find."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.looking import SPACED, by_axe, by_keyboard, by_reading_order, measured, styled
from tests.browser.site import too_wide

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def put(page: Any, html: str, styles: str = "") -> None:
    """Put something at the end of a page, with styles of its own."""
    page.evaluate("html => document.querySelector('main .frame').insertAdjacentHTML('beforeend', html)", html)
    page.evaluate(
        "rules => { const own = new CSSStyleSheet(); own.replaceSync(rules); document.adoptedStyleSheets.push(own); }",
        styles,
    )


@pytest.mark.parametrize(
    ("rule", "html"),
    [
        ("color-contrast-enhanced", '<p id="bad">faint words on paper</p>'),
        ("target-size", '<a href="/a">a</a><a href="/b">b</a>'),
        ("identical-links-same-purpose", '<p><a href="/a">same words</a> <a href="/b">same words</a></p>'),
        ("label", "<input>"),
        ("image-alt", '<img src="/static/img/mark.svg">'),
        ("heading-order", "<h5>x</h5>"),
        ("region", ""),
    ],
)
def test_axe_finds_what_is_wrong(open_page: Open, rule: str, html: str) -> None:
    page = open_page("/about")
    if rule == "region":
        page.evaluate("() => { const p = document.createElement('p'); p.textContent = 'x'; document.body.prepend(p); }")
    put(page, html, "#bad { color: #707070 } main .frame > a { font-size: 6px }")
    assert rule in [violation.split(":")[0] for violation in by_axe(page)]


@pytest.mark.parametrize(
    ("html", "styles", "told"),
    [
        ("<h2>x</h2>", "h1 { inline-size: 400px }", "the page scrolls sideways"),
        (
            '<p class="bad">一二三四五六七八九十</p>',
            ".bad { inline-size: 3em; white-space: nowrap; overflow: hidden }",
            "cut off",
        ),
        ('<p class="bad">一</p><p>二</p>', ".bad { block-size: 0; margin: 0 }", "lies on"),
        (
            '<div class="bad"><p>一二三四五六七八九十</p></div>',
            ".bad { inline-size: 3em; overflow: auto } .bad p { inline-size: 9em }",
            "without being .scroll",
        ),
    ],
)
def test_text_that_is_not_all_there_is_found(open_page: Open, html: str, styles: str, told: str) -> None:
    page = open_page("/about", width=320)
    assert not too_wide(page)
    put(page, html, styles)
    assert any(told in sentence for sentence in too_wide(page))


def test_text_that_is_cut_off_only_when_it_is_spaced_out_is_found(open_page: Open) -> None:
    page = open_page("/about", width=320)
    put(
        page,
        '<p class="bad">一二三四五六七八</p>',
        ".bad { inline-size: 8.2em; white-space: nowrap; overflow: hidden }",
    )
    assert not too_wide(page)
    with styled(page, SPACED + ".bad { inline-size: 8.2em; white-space: nowrap; overflow: hidden }"):
        assert too_wide(page)


def test_small_targets_are_found_and_links_in_sentences_are_not(open_page: Open) -> None:
    page = open_page("/about")
    assert measured(page, "targets", 44) == []
    put(page, '<p>看看<a href="/a">这一页</a>。</p><p><a href="/b">只有一个链接</a></p><button>x</button>')
    small = measured(page, "targets", 44)
    assert len(small) == 2
    assert small[0].endswith('<a href="/b">只有一个链接</a>') and small[1].endswith("<button>x</button>")


@pytest.mark.parametrize(
    ("styles", "told"),
    [
        (".bad:focus-visible { outline: none }", "no outline"),
        (".bad:focus-visible { outline: 1px solid black }", "no outline"),
        (".bad:focus-visible { outline: 3px solid #ccc }", "an outline of"),
    ],
)
def test_a_focus_that_does_not_show_is_found(open_page: Open, styles: str, told: str) -> None:
    page = open_page("/about")
    assert measured(page, "rings") == []
    put(page, '<a class="bad" href="/a">这一页</a>', styles)
    assert [told in sentence for sentence in measured(page, "rings")] == [True]


def test_the_walk_by_keyboard_finds_traps_covers_and_what_is_out_of_sight(open_page: Open) -> None:
    assert by_keyboard(open_page("/about")) == []
    page = open_page("/about")
    page.evaluate("() => document.querySelector('.site-nav a').addEventListener('keydown', (e) => e.preventDefault())")
    assert any("Tab stops at" in sentence for sentence in by_keyboard(page))
    page = open_page("/about")
    put(
        page,
        '<div class="bad">x</div>',
        ".bad { position: fixed; inset: 0 0 auto 0; block-size: 400px; background: red }",
    )
    assert any("covers the focus" in sentence for sentence in by_keyboard(page))
    page = open_page("/about")
    put(page, '<a class="bad" href="/a">x</a>', ".bad { position: fixed; inset-inline-start: -900px }")
    assert any("out of sight" in sentence for sentence in by_keyboard(page))
    page = open_page("/about")
    put(page, '<button tabindex="3">x</button>')
    assert any("Tab stops at" in sentence for sentence in by_keyboard(page))


def test_an_order_of_reading_that_is_not_that_of_sight_is_found(open_page: Open) -> None:
    page = open_page("/about", width=320)
    assert by_reading_order(page) == []
    put(page, '<div class="bad"><p>甲</p><p>乙</p></div>', ".bad { display: flex; flex-direction: column-reverse }")
    assert by_reading_order(page) == ["“乙” stands above “甲”, and is read after it"]


def test_what_moves_although_it_must_not_is_found(open_page: Open) -> None:
    page = open_page("/about", reduced_motion="reduce")
    assert measured(page, "motion") == []
    put(
        page,
        '<p class="bad">x</p>',
        "@keyframes turn { to { rotate: 1turn } } .bad::before { content: 'x'; transition: color 1s }",
    )
    assert len(measured(page, "motion")) == 1


def test_what_vanishes_in_forced_colours_is_found(open_page: Open) -> None:
    page = open_page("/settings/display", forced_colors="active")
    assert measured(page, "forced") == []
    put(
        page,
        '<p class="bad">x</p><button class="button flat">y</button>',
        ".bad { forced-color-adjust: none } .button.flat { border: 0 }",
    )
    assert [sentence.split(":")[0] for sentence in measured(page, "forced")] == [
        "no edge in forced colours",
        "refuses the reader's colours",
    ]


def test_what_only_a_script_offers_is_found(open_page: Open) -> None:
    page = open_page("/about")
    source = page.content()
    assert measured(page, "unscripted", source) == []
    put(page, "<button>只有脚本</button><button data-needs-script>打印</button>")
    assert [sentence.split(":")[0] for sentence in measured(page, "unscripted", source)] == ["only with scripts"]
    page.evaluate("() => document.querySelector('.site-nav a').remove()")
    assert "only without scripts" in "".join(measured(page, "unscripted", source))
    hidden = source.replace("<main", "<button hidden>x</button><main", 1)
    assert "out of sight without scripts" in "".join(measured(page, "unscripted", hidden))


COMPUTED = """() => [...document.querySelectorAll('body *')].map((e) => {
  const s = getComputedStyle(e);
  return [e.localName, s.color, s.backgroundColor, s.borderTopColor, s.fill, s.stroke].join(' ');
})"""


@pytest.mark.parametrize(
    ("theme", "device"),
    [
        ("dark", {"color_scheme": "dark"}),
        ("high-light", {"contrast": "more"}),
        ("high-dark", {"contrast": "more", "color_scheme": "dark"}),
    ],
)
def test_a_theme_that_was_chosen_is_the_one_that_the_device_brings(
    open_page: Open, theme: str, device: dict[str, str]
) -> None:
    chosen = open_page("/test/gallery", display=f"theme={theme}", reduced_motion="reduce")
    brought = open_page("/test/gallery", reduced_motion="reduce")
    brought.emulate_media(**device)
    assert chosen.evaluate(COMPUTED) == brought.evaluate(COMPUTED)
