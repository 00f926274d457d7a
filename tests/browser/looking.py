"""What is looked at on a page in a real browser: each function returns what is wrong, in words, or nothing.

``tests/browser/instruments`` holds what runs in the page. Everything goes through the debugger: the page's own policy
would not allow it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

INSTRUMENTS = Path(__file__).parent / "instruments"
AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
# What axe leaves off by default and we want.
SWITCHED_ON = [
    "color-contrast-enhanced",
    "css-orientation-lock",
    "focus-order-semantics",
    "hidden-content",
    "identical-links-same-purpose",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "target-size",
    "td-has-header",
]
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
# Rules of which axe reports a doubt that a person would have to settle, and that we settle by having none. What lies
# behind a text of a drawing axe cannot tell; those are ink on a ground of the palette (tests/web/test_palette.py).
SETTLED = ["identical-links-same-purpose", "color-contrast-enhanced", "color-contrast", "target-size"]
# Rules whose answer colours can change, and those that the size of the window or of the text can change.
COLOURS = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]
SIZES = [*COLOURS, "target-size", "scrollable-region-focusable", "hidden-content", "region"]
# Its answer follows from the style sheets alone, which are the same in every window and for every answer to a form; and
# for it axe reads all of them anew.
OF_SHEETS = "css-orientation-lock"
# WCAG 2.2, 1.4.12, and text at 200 % (1.4.4): somebody's own style sheet, which no policy of ours concerns.
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    " p { margin-bottom: 2em !important }"
)
INSIDE = 8
"""More stops than that no player of a browser has."""
DOUBLED = ":root { font-size: 200% !important }"


_READY: "WeakSet[Any]" = WeakSet()
"""The contexts whose every document has axe and the instruments from its beginning."""


def make_ready(context: Any) -> None:
    """Have axe and the instruments in every document of a context: sent once, and compiled once, not for each page."""
    context.add_init_script(_axe())
    context.add_init_script(_source("shared"))
    _READY.add(context)


def _bring(page: Any, name: str, source: Callable[[], str]) -> None:
    if page.context not in _READY and not page.evaluate("name => name in window", name):
        page.evaluate(source())


@cache
def _source(name: str) -> str:
    return (INSTRUMENTS / f"{name}.js").read_text("utf-8")


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def measured(page: Any, name: str, argument: Any = None) -> Any:
    """What an instrument finds on the page."""
    _bring(page, "instruments", lambda: _source("shared"))
    return page.evaluate(_source(name), argument)


def by_axe(page: Any, rules: list[str] | None = None, *, same_sheets: bool = False) -> list[str]:
    """What axe-core finds, by every rule it has for WCAG 2.2 A, AA, AAA and best practice, or by some of them.

    ``same_sheets`` where the style sheets were looked at before.
    """
    _bring(page, "axe", _axe)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    off = [OF_SHEETS] if same_sheets else []
    on = [] if rules else [rule for rule in SWITCHED_ON if rule not in off]
    found: list[str] = page.evaluate(_source("axe"), [only, on, off, SETTLED])
    return found


@contextmanager
def styled(page: Any, rules: str) -> Iterator[None]:
    """The page with a style sheet of the reader's own, while the block runs."""
    page.evaluate(
        "rules => { const own = new CSSStyleSheet(); own.replaceSync(rules); document.adoptedStyleSheets = [own]; }",
        rules,
    )
    yield
    page.evaluate("() => { document.adoptedStyleSheets = []; }")


def by_keyboard(page: Any) -> list[str]:
    """Shift and Tab through the page, and Tab: every stop once, in the order of the page, in sight, and out again."""

    def walked(key: str, *, back: bool = False) -> list[int]:
        count = measured(page, "walk", back)
        for _ in range(count):
            page.keyboard.press(key)
        order: list[int] = page.evaluate("() => window.walked.order")
        for _ in range(INSIDE * measured(page, "players")):  # a player has stops of its own
            if len(order) == count:
                break
            page.keyboard.press(key)
            order = page.evaluate("() => window.walked.order")
        return order

    back = walked("Shift+Tab", back=True)
    there = walked("Tab")
    expected = list(range(page.evaluate("() => window.walked.expected.length")))
    # Out of the page, where a browser without a bar of its own leads back into it by its beginning.
    entered = page.evaluate("() => window.walked.outside")
    page.keyboard.press("Tab")
    came = page.evaluate("() => [window.walked.order.length, window.walked.outside]")
    left = came == [len(there), entered] or came == [len(there) + 1, entered + 1]
    wrong: list[str] = page.evaluate("() => window.walked.wrong")
    if there != expected:
        wrong.append(f"Tab stops at {_told(page, there, expected)}")
    if not left:
        wrong.append("Tab does not lead out of the page")
    if back != expected[::-1]:
        wrong.append(f"Shift and Tab stop at {_told(page, back, expected[::-1])}")
    return list(dict.fromkeys(wrong))


def _told(page: Any, order: list[int], expected: list[int]) -> str:
    at = next((n for n, (a, b) in enumerate(zip(order, expected, strict=False)) if a != b), len(order))
    names: Callable[[list[int]], Any] = lambda numbers: page.evaluate(  # noqa: E731
        "ns => ns.map(n => window.walked.expected[n]?.outerHTML.slice(0, 120) ?? 'something unexpected')", numbers
    )
    return f"stop {at}: {names(order[at : at + 1])}, not {names(expected[at : at + 1])} ({len(order)}/{len(expected)})"


def by_reading_order(page: Any) -> list[str]:
    """What a screen reader says after something that stands wholly below it, in a page of one column."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    boxes = _boxes(session.send("DOMSnapshot.captureSnapshot", {"computedStyles": ["clip-path"]}))
    session.detach()
    wrong: list[str] = []
    before: tuple[str, list[float]] | None = None
    for name, backend in _said(nodes):
        box = boxes.get(backend)
        if box is None or box[2] <= 1 or box[3] <= 1:
            continue
        if before is not None and box[1] + box[3] <= before[1][1]:
            wrong.append(f"“{name[:40]}” stands above “{before[0][:40]}”, and is read after it")
        before = (name, box)
    return wrong


def _said(nodes: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The texts of the main part in the order of the accessibility tree, with the numbers of their nodes."""

    def texts(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
        role = node.get("role", {}).get("value")
        if role == "StaticText" and "backendDOMNodeId" in node:
            yield node.get("name", {}).get("value", ""), node["backendDOMNodeId"]
            return
        for child in node.get("childIds", []):
            if child in nodes:
                yield from texts(nodes[child])

    for node in nodes.values():
        if node.get("role", {}).get("value") == "main":
            yield from texts(node)


def _boxes(shot: dict[str, Any]) -> dict[int, list[float]]:
    """The rectangles of what is laid out, by the number of its node; of drawings, and of what is clipped, nothing."""
    document, strings = shot["documents"][0], shot["strings"]
    nodes, layout = document["nodes"], document["layout"]
    clipped = {at for at, name in enumerate(nodes["nodeName"]) if strings[name] == "svg"}
    for at, style in zip(layout["nodeIndex"], layout["styles"], strict=True):
        if style and strings[style[0]].startswith("inset(50%"):
            clipped.add(at)

    def unseen(at: int) -> bool:
        while at >= 0:
            if at in clipped:
                return True
            at = nodes["parentIndex"][at]
        return False

    pairs = zip(layout["nodeIndex"], layout["bounds"], strict=True)
    return {nodes["backendNodeId"][at]: box for at, box in pairs if not unseen(at)}


def named(where: str, found: list[str]) -> list[str]:
    """The same, with where it was seen."""
    return [f"{where}: {sentence}" for sentence in found]
