"""The learning map: where each skill lies, what leads where, and how far the learner is. Drawn elsewhere.

Areas are regions side by side or below each other; inside a region a skill stands the further right the more comes
before it. The same library gives the same map, so that people find things again where they were; only the status moves.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library
from adaptive.path.plan import Standing
from adaptive.reason import Reason, because

Status = Literal["mastered", "due", "begun", "ready", "locked"]
HELD = 0.8
NODE_WIDTH, NODE_HEIGHT = 168, 56  # units of the drawing; a text of nine Chinese characters fits
GAP_X, GAP_Y = 56, 24
MARGIN, HEADING = 24, 40
SWEEPS = 8
APART = 6  # units between where lines leave a box and where they arrive at it, around its middle
TRACKS = 5  # lines that run beside each other in a gap


class Node(NamedTuple):
    """A skill on the map: its box, the region it is in, and its column there, from 0."""

    skill_id: str
    area: str
    column: int
    x: int
    y: int
    width: int
    height: int


class Edge(NamedTuple):
    """From a prerequisite to what builds on it: the points of a line from box to box."""

    before: str
    after: str
    points: tuple[tuple[int, int], ...]
    across: bool
    """Whether it leads from one region to another."""


class Region(NamedTuple):
    """An area: its box, and its skills in reading order."""

    area: str
    x: int
    y: int
    width: int
    height: int
    skill_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkillMap:
    """The whole map, and ``order``: every skill in the order of the list that stands beside the picture."""

    width: int
    height: int
    regions: tuple[Region, ...]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkillStatus:
    """How far the learner is in a skill, and why it is so."""

    status: Status
    percent: int | None
    reason: Reason


def lay_out(library: Library, areas: Sequence[str] | None = None, graph: SkillGraph | None = None) -> SkillMap:
    """The map of a library, or of some of its areas in that order."""
    graph = graph or SkillGraph(library.skills)
    chosen = [area for area in (library.areas if areas is None else areas) if area in library.areas]
    nodes: dict[str, Node] = {}
    regions: list[Region] = []
    y = MARGIN
    for area in chosen:
        rows = _rows(_columns(area, library, graph), graph)
        if not rows:
            continue
        region = _place(area, rows, y, nodes)
        regions.append(region)
        y += region.height + MARGIN
    width = max((region.x + region.width for region in regions), default=0) + MARGIN
    order = tuple(skill for region in regions for skill in region.skill_ids)
    edges = tuple(
        _edge(nodes[before], nodes[after]) for after in order for before in graph.requires(after) if before in nodes
    )
    return SkillMap(width, y, tuple(regions), nodes, edges, order)


def statuses(
    graph: SkillGraph, standings: Mapping[str, Standing], due: Collection[str] = (), skills: Iterable[str] | None = None
) -> dict[str, SkillStatus]:
    """How far the learner is in each skill (or in some): mastered, due for review, begun, ready to begin, or locked.

    Locked names the prerequisite that is furthest away; it is information, not a lock: nothing forbids going there.
    """
    found = {}
    for key in graph.order if skills is None else skills:
        standing = standings.get(key)
        percent = round(100 * standing.p) if standing is not None and standing.begun else None
        missing = [(_p(before, standings), before) for before in graph.requires(key) if not _held(before, standings)]
        if key in due:
            found[key] = SkillStatus("due", percent, because("status.due"))
        elif standing is not None and standing.mastered:
            found[key] = SkillStatus("mastered", percent, because("status.mastered"))
        elif standing is not None and standing.begun:
            found[key] = SkillStatus("begun", percent, because("status.begun", percent=percent))
        elif missing:
            found[key] = SkillStatus("locked", percent, because("status.locked", before=min(missing)[1]))
        else:
            found[key] = SkillStatus("ready", percent, because("status.ready"))
    return found


def _p(skill: str, standings: Mapping[str, Standing]) -> float:
    return standings[skill].p if skill in standings and standings[skill].begun else 0.0


def _held(skill: str, standings: Mapping[str, Standing]) -> bool:
    standing = standings.get(skill)
    return standing is not None and (standing.mastered or (standing.begun and standing.p >= HELD))


def _columns(area: str, library: Library, graph: SkillGraph) -> list[list[str]]:
    """The skills of an area by how much of the same area comes before each."""
    column: dict[str, int] = {}
    for key in graph.order:
        if library.skills[key].area == area:
            column[key] = max((column[before] + 1 for before in graph.requires(key) if before in column), default=0)
    columns: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for key, number in column.items():
        columns[number].append(key)
    return columns


def _rows(columns: list[list[str]], graph: SkillGraph) -> list[list[str]]:
    """The columns, each ordered so that few edges cross: towards the mean place of its neighbours (Sugiyama 1981)."""
    best, fewest = [list(column) for column in columns], _crossings(columns, graph)
    current = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for number in range(len(current)) if forward else reversed(range(len(current))):
            place = {key: i for column in current for i, key in enumerate(column)}
            own = {key: i for i, key in enumerate(current[number])}

            def middle(
                key: str, forward: bool = forward, place: dict[str, int] = place, own: dict[str, int] = own
            ) -> tuple[float, int]:
                beside = graph.requires(key) if forward else graph.leads_to(key)
                places = [place[other] for other in beside if other in place and other not in own]
                return (sum(places) / len(places) if places else own[key], own[key])

            current[number].sort(key=middle)
        crossings = _crossings(current, graph)
        if crossings < fewest:
            best, fewest = [list(column) for column in current], crossings
    return best


def _crossings(columns: Sequence[Sequence[str]], graph: SkillGraph) -> int:
    """How many pairs of edges between neighbouring columns cross."""
    crossings = 0
    for left, right in pairwise(columns):
        place = {key: i for i, key in enumerate(left)}
        ends = [(place[before], i) for i, key in enumerate(right) for before in graph.requires(key) if before in place]
        crossings += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(ends) for c, d in ends[:n])
    return crossings


def _place(area: str, columns: Sequence[Sequence[str]], top: int, nodes: dict[str, Node]) -> Region:
    """The boxes of an area, in rows, so that lines can run between them."""
    tallest = max(len(column) for column in columns)
    height = HEADING + tallest * NODE_HEIGHT + (tallest - 1) * GAP_Y + MARGIN
    for number, column in enumerate(columns):
        for row, key in enumerate(column):
            x = 2 * MARGIN + number * (NODE_WIDTH + GAP_X)
            y = top + HEADING + row * (NODE_HEIGHT + GAP_Y)
            nodes[key] = Node(key, area, number, x, y, NODE_WIDTH, NODE_HEIGHT)
    width = 2 * MARGIN + len(columns) * NODE_WIDTH + (len(columns) - 1) * GAP_X
    order = tuple(key for column in columns for key in column)
    return Region(area, MARGIN, top, width, height, order)


def _edge(before: Node, after: Node) -> Edge:
    """A line of level and upright pieces that runs in the gaps between columns and rows and so through no box.

    In a region from the right side of one box to the left side of the other; between regions along the left margin.
    The lines of neighbouring rows run a little apart, and arrive higher than they leave, so that each can be followed.
    """
    start_y, end_y = before.y + before.height // 2 + APART, after.y + after.height // 2 - APART
    row = before.y // (NODE_HEIGHT + GAP_Y)
    aside = 9 + 7 * (row % TRACKS)
    arrive = after.x - GAP_X + aside
    lane = after.y - GAP_Y // 2 + 3 * (row % TRACKS - TRACKS // 2)
    across = before.area != after.area
    if across:
        leave, out, margin = before.x - 10, before.y - GAP_Y // 2, MARGIN // 2
        points = [(before.x, start_y), (leave, start_y), (leave, out), (margin, out), (margin, lane)]
        points += [(after.x - 10, lane), (after.x - 10, end_y), (after.x, end_y)]
    else:
        leave = before.x + before.width + aside
        points = [(before.x + before.width, start_y), (leave, start_y)]
        if leave != arrive:
            points += [(leave, lane), (arrive, lane)]
        points += [(arrive, end_y), (after.x, end_y)]
    return Edge(before.skill_id, after.skill_id, _straightened(points), across)


def _straightened(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without points that stand twice or in the middle of a straight piece."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return tuple(kept)
