/** Where the parts of a scheme's graph stand: stages from left to right in their order, moves as arcs between them. */
export interface Layout {
  width: number;
  height: number;
  nodes: { name: string; x: number; y: number }[];
  arcs: { from: string; to: string; path: string; label: { x: number; y: number } }[];
}

export const NODE_WIDTH = 132;
export const NODE_HEIGHT = 44;
const GAP = 76;
const MARGIN = 16;
const LANE = 30;
// Where arcs leave and reach a stage, from its middle, so that those of two directions stay apart.
const APART = 22;

/** Lays out a graph. Moves forward pass above the stages and moves back below, the longer the farther out. */
export function layOut(stages: readonly string[], moves: readonly { from: string; to: string }[]): Layout {
  const place = new Map(stages.map((name, index) => [name, index]));
  const spans = moves.flatMap(({ from, to }) => {
    const [start, end] = [place.get(from), place.get(to)];
    return start === undefined || end === undefined ? [] : [{ from, to, start, end, span: end - start }];
  });
  const above = Math.max(0, ...spans.filter(({ span }) => span > 1).map(({ span }) => span));
  const below = Math.max(0, ...spans.filter(({ span }) => span <= 0).map(({ span }) => Math.max(1, -span)));
  const top = MARGIN + (above === 0 ? 0 : above * LANE + LABEL);
  const left = (index: number) => MARGIN + index * (NODE_WIDTH + GAP);
  const middle = (index: number) => left(index) + NODE_WIDTH / 2;
  return {
    width: left(stages.length) - GAP + MARGIN,
    height: top + NODE_HEIGHT + (below === 0 ? 0 : below * LANE + LABEL) + MARGIN,
    nodes: stages.map((name, index) => ({ name, x: left(index), y: top })),
    arcs: spans.map(({ from, to, start, end, span }) => {
      if (span === 1) {
        const y = top + NODE_HEIGHT / 2;
        const [x1, x2] = [left(start) + NODE_WIDTH, left(end)];
        return { from, to, path: `M${x1} ${y}H${x2}`, label: { x: (x1 + x2) / 2, y: y - 6 } };
      }
      const forward = span > 0;
      const edge = forward ? top : top + NODE_HEIGHT;
      const far = edge + (forward ? -1 : 1) * Math.max(1, Math.abs(span)) * LANE;
      const [x1, x2] =
        span === 0
          ? [middle(start) - APART, middle(end) + APART]
          : [middle(start) + (forward ? APART : -APART), middle(end) - (forward ? APART : -APART)];
      return {
        from,
        to,
        path: `M${x1} ${edge}C${x1} ${far} ${x1} ${far} ${(x1 + x2) / 2} ${far}S${x2} ${far} ${x2} ${edge}`,
        label: { x: (x1 + x2) / 2, y: forward ? far - 5 : far + 14 },
      };
    }),
  };
}

const LABEL = 16;
