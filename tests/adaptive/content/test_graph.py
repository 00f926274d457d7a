"""The graph of skills."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adaptive.content.graph import SkillGraph, cycles
from adaptive.content.model import Skill, Text


def skills(**requires: str) -> dict[str, Skill]:
    """Skills named by a letter, each with the letters of those before it."""
    return {id: Skill(id, "a", Text(id), Text(id), 1, tuple(before)) for id, before in requires.items()}


DIAMOND = SkillGraph(skills(a="", b="a", c="a", d="bc", e=""))


def test_a_diamond() -> None:
    assert DIAMOND.order == ("a", "b", "c", "d", "e")
    assert DIAMOND.layers == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 0}
    assert DIAMOND.ancestors("d") == {"a", "b", "c"}
    assert DIAMOND.descendants("a") == {"b", "c", "d"}
    assert (DIAMOND.requires("d"), DIAMOND.leads_to("a")) == (("b", "c"), ("b", "c"))


def test_what_can_be_learned_next() -> None:
    assert DIAMOND.outer_fringe(()) == ("a", "e")
    assert DIAMOND.outer_fringe({"a", "b"}) == ("c", "e")
    assert DIAMOND.outer_fringe({"a", "b", "c", "d", "e"}) == ()


def test_what_is_missing_for_a_goal() -> None:
    assert DIAMOND.missing(["d"], ()) == ("a", "b", "c", "d")
    assert DIAMOND.missing(["d"], {"b"}) == ("a", "c", "d")
    assert DIAMOND.missing(["d"], {"b", "c"}) == ("d",)
    assert DIAMOND.missing(["d", "x"], {"d"}) == ()


def test_cycles_are_spelled_out_and_cut() -> None:
    assert cycles({"a": ["a"]}) == (("a", "a"),)
    assert cycles({"a": ["c"], "b": ["a"], "c": ["b"], "d": ["d", "a"]}) in (
        (("a", "c", "b", "a"), ("d", "d")),
        (("d", "d"), ("a", "c", "b", "a")),
    )
    graph = SkillGraph(skills(a="c", b="a", c="b", d="ax"))
    assert set(graph.order) == {"a", "b", "c", "d"}
    assert len(graph.cut) == 1


graphs = st.integers(1, 9).flatmap(
    lambda size: st.fixed_dictionaries(
        {chr(97 + i): st.sets(st.sampled_from([chr(97 + j) for j in range(size)]), max_size=4) for i in range(size)}
    )
)


@given(graphs, st.sets(st.sampled_from("abcdefghi")))
def test_laws_of_every_graph(requires: dict[str, set[str]], mastered: set[str]) -> None:
    graph = SkillGraph(skills(**{id: "".join(sorted(before)) for id, before in requires.items()}))
    assert sorted(graph.order) == sorted(requires)
    place = {id: at for at, id in enumerate(graph.order)}
    for id in requires:
        assert all(
            place[before] < place[id] and graph.layers[before] < graph.layers[id] for before in graph.requires(id)
        )
        assert id not in graph.ancestors(id)
        assert all(id in graph.descendants(before) for before in graph.ancestors(id))
    for found in graph.cut:
        assert found[0] == found[-1]
        assert all(after in requires[before] for before, after in pairwise(found))
    missing = graph.missing(requires, mastered)
    held = set(mastered)
    for id in missing:  # walked in this order, each can be learned when its turn comes
        assert id in graph.outer_fringe(held)
        held.add(id)
    assert held >= requires.keys()
