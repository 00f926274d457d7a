"""The map for a narrow screen: one column, and lines that run through no box."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.path.map import lay_out
from adaptive.path.tall import stand_up
from tests.adaptive.libraries import small_library


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = [f"one.s{number:02}" for number in range(draw(st.integers(1, 12)))]
    return {
        name: tuple(draw(st.lists(st.sampled_from(names[:place]), max_size=3, unique=True))) if place else ()
        for place, name in enumerate(names)
    }


@settings(deadline=None)
@given(graphs())
def test_one_column_and_no_line_through_a_box(graph: dict[str, tuple[str, ...]]) -> None:
    wide = lay_out(small_library(graph), ["one"])
    tall = stand_up(wide)
    assert tall.order == wide.order and set(tall.nodes) == set(wide.nodes)
    boxes = list(tall.nodes.values())
    assert len({box.x for box in boxes}) == 1
    assert all(a.y + a.height < b.y for a, b in pairwise(boxes))
    assert max(box.x + box.width for box in boxes) < tall.width and boxes[-1].y + boxes[-1].height < tall.height
    assert [(e.before, e.after) for e in tall.edges] == [(e.before, e.after) for e in wide.edges]
    upright: dict[int, list[tuple[str, int, int]]] = {}
    for edge in tall.edges:
        (_x, top), (x, _top), (same, bottom), (end, _bottom) = edge.points
        assert 0 < x == same < end == boxes[0].x and top < bottom
        upright.setdefault(x, []).append((edge.before, top, bottom))
    for lines in upright.values():  # two skills' lines never lie on each other
        assert all(a[0] == b[0] or a[2] <= b[1] or b[2] <= a[1] for a in lines for b in lines)
