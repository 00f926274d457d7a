"""The same map for a narrow screen: the skills below each other in their order, the lines in a gutter beside them."""

from collections.abc import Mapping

from adaptive.path.map import MARGIN, NODE_HEIGHT, NODE_WIDTH, Edge, Node, Region, SkillMap

LANE = 9  # units between two lines that run beside each other
GAP = 16  # units between two boxes
LEAVE, ARRIVE = 8, 8  # units below and above the middle of a box


def stand_up(wide: SkillMap) -> SkillMap:
    """The map of one area as a column. The lines of one skill share a lane; lanes are used again once they are free."""
    after: dict[str, list[str]] = {}
    for edge in wide.edges:
        after.setdefault(edge.before, []).append(edge.after)
    lanes = _lanes(wide.order, after)
    left = MARGIN // 2 + LANE * (max(lanes.values(), default=-1) + 1) + LANE
    nodes: dict[str, Node] = {}
    for number, key in enumerate(wide.order):
        y = MARGIN // 2 + number * (NODE_HEIGHT + GAP)
        nodes[key] = Node(key, wide.nodes[key].area, wide.nodes[key].column, left, y, NODE_WIDTH, NODE_HEIGHT)
    width = left + NODE_WIDTH + MARGIN // 2
    height = MARGIN + len(nodes) * NODE_HEIGHT + max(0, len(nodes) - 1) * GAP
    regions = tuple(Region(region.area, 0, 0, width, height, region.skill_ids) for region in wide.regions)
    edges = tuple(
        _edge(nodes[edge.before], nodes[edge.after], left - LANE * (lanes[edge.before] + 1) - LANE // 2, edge.across)
        for edge in wide.edges
    )
    return SkillMap(width, height, regions, nodes, edges, wide.order)


def _lanes(order: tuple[str, ...], after: Mapping[str, list[str]]) -> dict[str, int]:
    """A lane for each skill that something builds on, 0 nearest to the boxes; two that overlap have different ones."""
    place = {key: number for number, key in enumerate(order)}
    busy: list[int] = []  # until which place each lane is used
    found: dict[str, int] = {}
    for key in order:
        if key not in after:
            continue
        last = max(place[other] for other in after[key])
        lane = next((n for n, until in enumerate(busy) if until < place[key]), len(busy))
        busy[lane : lane + 1] = [last]
        found[key] = lane
    return found


def _edge(before: Node, after: Node, x: int, across: bool) -> Edge:
    start, end = before.y + before.height // 2 + LEAVE, after.y + after.height // 2 - ARRIVE
    return Edge(
        before.skill_id, after.skill_id, ((before.x, start), (x, start), (x, end), (after.x, end)), across=across
    )
