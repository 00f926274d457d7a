"""The map: everything has its place, nothing overlaps, edges lead forward; the status of each skill has a reason."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.content.graph import SkillGraph
from adaptive.path.map import lay_out, statuses
from adaptive.path.plan import Standing
from adaptive.sentences import sentence
from tests.adaptive.libraries import small_library

LIBRARY = small_library()
GRAPH = SkillGraph(LIBRARY.skills)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    keys = [f"{draw(st.sampled_from('abc'))}.s{n}" for n in range(draw(st.integers(1, 14)))]
    return {
        key: tuple(draw(st.lists(st.sampled_from(keys[:n]), max_size=3, unique=True))) if n else ()
        for n, key in enumerate(keys)
    }


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_skill_has_its_own_place(requires: dict[str, tuple[str, ...]]) -> None:
    library = small_library(requires)
    found = lay_out(library)
    assert sorted(found.order) == sorted(requires) == sorted(found.nodes)
    for one, other in combinations(found.nodes.values(), 2):
        apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart_x or apart_y
    for region in found.regions:
        for key in region.skill_ids:
            node = found.nodes[key]
            assert region.x <= node.x and node.x + node.width <= region.x + region.width
            assert region.y <= node.y and node.y + node.height <= region.y + region.height
        assert region.x + region.width <= found.width and region.y + region.height <= found.height
    assert len(found.edges) == sum(len(before) for before in requires.values())
    for edge in found.edges:
        if not edge.across:
            assert found.nodes[edge.before].column < found.nodes[edge.after].column
            assert edge.points[0][0] < edge.points[-1][0]
        for (x, y), (to_x, to_y) in pairwise(edge.points):
            assert (x == to_x) != (y == to_y)
            assert 0 <= x <= found.width and 0 <= y <= found.height
            for node in found.nodes.values():
                beside = max(x, to_x) <= node.x or node.x + node.width <= min(x, to_x)
                assert beside or max(y, to_y) <= node.y or node.y + node.height <= min(y, to_y)
    assert lay_out(library) == found


def test_a_part_of_the_areas() -> None:
    found = lay_out(LIBRARY, ["pay", "no-such"])
    assert found.order == ("pay.wallet", "pay.scan", "pay.refund")
    assert all(edge.before.startswith("pay.") for edge in found.edges)
    assert [region.area for region in lay_out(LIBRARY).regions] == ["phone", "pay"]


def test_crossings_are_taken_out() -> None:
    crossed = {"a.s0": (), "a.s1": (), "a.s2": ("a.s1",), "a.s3": ("a.s0",)}
    found = lay_out(small_library(crossed))
    y = {key: node.y for key, node in found.nodes.items()}
    assert (y["a.s0"] < y["a.s1"]) == (y["a.s3"] < y["a.s2"])


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(GRAPH.order), st.builds(Standing, st.floats(0.05, 0.99), st.booleans(), st.booleans())
    ),
    st.sets(st.sampled_from(GRAPH.order)),
)
def test_every_status_has_its_reason(standings: dict[str, Standing], due: set[str]) -> None:
    found = statuses(GRAPH, standings, due)
    assert list(found) == list(GRAPH.order)
    for key, status in found.items():
        assert sentence(f"reason.{status.reason.code}", "zh-CN", **status.reason.values)
        if status.status == "locked":
            assert status.reason.values["before"] in GRAPH.requires(key)
        if key in due:
            assert status.status == "due"


def test_the_way_of_a_skill() -> None:
    assert statuses(GRAPH, {})["phone.power"].status == "ready"
    assert statuses(GRAPH, {})["phone.touch"].status == "locked"
    on = {"phone.power": Standing(0.9, True, True), "phone.touch": Standing(0.6, False, True)}
    found = statuses(GRAPH, on, skills=["phone.power", "phone.touch", "phone.lock", "phone.call"])
    assert [status.status for status in found.values()] == ["mastered", "begun", "ready", "locked"]
    assert found["phone.touch"].percent == 60
