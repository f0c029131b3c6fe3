import type { Graph, Placed } from "./nodes";
import type { Edge } from "./queries";

export const NODE_WIDTH = 168;
export const NODE_HEIGHT = 48;
const GAP_X = 72;
const GAP_Y = 16;
const MARGIN = 8;
/** How many nodes of a layer are drawn at most. The table has all. */
export const MOST_IN_LAYER = 12;

/** Where the parts of a graph stand. */
export interface Layout {
  width: number;
  height: number;
  nodes: (Placed & { x: number; y: number })[];
  lines: { edge: Edge; path: string; label: { x: number; y: number } }[];
  /** How many nodes are not drawn. */
  left: number;
}

/**
 * Lays out a graph in layers: origins at the left, what came of them at the right. In its layer, a node stands as high
 * as the middle of its neighbours in the layer before, seen from the start, so that few lines cross.
 */
export function layOut({ nodes: found, edges }: Graph): Layout {
  const nodes = apart(found, edges);
  const layers = new Map<number, Placed[]>();
  for (const placed of nodes) {
    layers.set(placed.layer, [...(layers.get(placed.layer) ?? []), placed]);
  }
  const neighbours = neighboursOf(edges);
  const ranks = new Map<string, number>();
  const drawn = new Map<number, Placed[]>();
  // From the start outwards, so that the layer before is in its order already.
  for (const layer of [...layers.keys()].sort((one, other) => Math.abs(one) - Math.abs(other))) {
    const ordered = (layers.get(layer) ?? [])
      .map((placed, index) => ({ placed, rank: middle(neighbours.get(placed.node.id), ranks) ?? index }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ placed }) => placed)
      .slice(0, MOST_IN_LAYER);
    drawn.set(layer, ordered);
    ordered.forEach(({ node }, index) => {
      ranks.set(node.id, index - (ordered.length - 1) / 2);
    });
  }
  const first = Math.min(...drawn.keys());
  const last = Math.max(...drawn.keys());
  const tallest = Math.max(...[...drawn.values()].map(({ length }) => length));
  const height = tallest * (NODE_HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
  const places = [...drawn.values()].flat().map((placed) => ({
    ...placed,
    x: MARGIN + (placed.layer - first) * (NODE_WIDTH + GAP_X),
    y: (height - NODE_HEIGHT) / 2 + (ranks.get(placed.node.id) ?? 0) * (NODE_HEIGHT + GAP_Y),
  }));
  return {
    width: 2 * MARGIN + (last - first) * (NODE_WIDTH + GAP_X) + NODE_WIDTH,
    height,
    nodes: places,
    lines: linesOf(edges, places),
    left: nodes.length - places.length,
  };
}

/**
 * The nodes by the longest way from the start instead of the shortest, so that no line leads back. Only one that closes
 * a circle does.
 */
function apart(nodes: readonly Placed[], edges: readonly Edge[]): Placed[] {
  const layers = new Map(nodes.map(({ node, layer }) => [node.id, layer]));
  const straight = withoutCircles(nodes, edges);
  const [origins, outcomes] = [grouped(straight, "node"), grouped(straight, "origin")];
  function push(id: string, side: -1 | 1): void {
    const next = side < 0 ? origins.get(id)?.map(({ origin }) => origin) : outcomes.get(id)?.map(({ node }) => node);
    const beyond = (layers.get(id) ?? 0) + side;
    for (const other of next ?? []) {
      const present = layers.get(other) ?? 0;
      if (present * side > 0 && beyond * side > present * side) {
        layers.set(other, beyond);
        push(other, side);
      }
    }
  }
  for (const { node, layer } of nodes) {
    push(node.id, layer < 0 ? -1 : 1);
  }
  return nodes.map((placed) => ({ ...placed, layer: layers.get(placed.node.id) ?? placed.layer }));
}

/** The edges but for those that close a circle, as found from the first node on. */
function withoutCircles(nodes: readonly Placed[], edges: readonly Edge[]): Edge[] {
  const origins = grouped(edges, "node");
  const [seen, way, closing] = [new Set<string>(), new Set<string>(), new Set<Edge>()];
  function visit(id: string): void {
    if (seen.has(id)) {
      return;
    }
    seen.add(id);
    way.add(id);
    for (const edge of origins.get(id) ?? []) {
      if (way.has(edge.origin)) {
        closing.add(edge);
      } else {
        visit(edge.origin);
      }
    }
    way.delete(id);
  }
  for (const { node } of nodes) {
    visit(node.id);
  }
  return edges.filter((edge) => !closing.has(edge));
}

function grouped(edges: readonly Edge[], end: "node" | "origin"): Map<string, Edge[]> {
  const found = new Map<string, Edge[]>();
  for (const edge of edges) {
    found.set(edge[end], [...(found.get(edge[end]) ?? []), edge]);
  }
  return found;
}

function neighboursOf(edges: readonly Edge[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { node, origin } of edges) {
    found.set(node, [...(found.get(node) ?? []), origin]);
    found.set(origin, [...(found.get(origin) ?? []), node]);
  }
  return found;
}

/** The mean rank of those that have one. */
function middle(ids: readonly string[] | undefined, ranks: ReadonlyMap<string, number>): number | null {
  const known = (ids ?? []).flatMap((id) => ranks.get(id) ?? []);
  return known.length === 0 ? null : known.reduce((sum, rank) => sum + rank, 0) / known.length;
}

/** The lines between nodes that are drawn, from the right of the origin to the left of what comes from it. */
function linesOf(edges: readonly Edge[], places: Layout["nodes"]): Layout["lines"] {
  const at = new Map(places.map((place) => [place.node.id, place]));
  return edges.flatMap((edge) => {
    const [origin, node] = [at.get(edge.origin), at.get(edge.node)];
    if (origin === undefined || node === undefined) {
      return [];
    }
    const [x1, y1] = [origin.x + NODE_WIDTH, origin.y + NODE_HEIGHT / 2];
    const [x2, y2] = [node.x, node.y + NODE_HEIGHT / 2];
    const bend = Math.max(GAP_X / 2, Math.abs(x2 - x1) / 2);
    return [
      {
        edge,
        path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
        label: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 4 },
      },
    ];
  });
}
