import { many } from "../../format/words";
import { Scroller } from "../../ui/Scroller";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./layout";
import type { Move, Scheme } from "./scheme";
import "./Schemes.css";

// A stage's name has at most 64 characters, of which a box holds these.
const SHOWN = 16;

/** The stages of a scheme from left to right, and the moves between them. The table of moves says the same in words. */
export function SchemeGraph({ scheme }: { scheme: Scheme }) {
  const { width, height, nodes, arcs } = layOut(
    scheme.stages.map(({ name }) => name),
    scheme.moves,
  );
  const moves = new Map(scheme.moves.map((move) => [`${move.from} ${move.to}`, move]));
  return (
    <Scroller label="Graph of the scheme" className="scheme-graph">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby="graph-title">
        <title id="graph-title">
          {`${many(scheme.stages.length, "stage")} and ${many(arcs.length, "move")}; the table of moves lists them`}
        </title>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0L8 4L0 8Z" className="scheme-arrow" />
          </marker>
        </defs>
        {arcs.map(({ from, to, path, label }) => {
          const move = moves.get(`${from} ${to}`);
          return (
            <g key={`${from} ${to}`} className={move?.automatic ? "scheme-arc scheme-arc-automatic" : "scheme-arc"}>
              <path d={path} markerEnd="url(#arrow)" />
              <text x={label.x} y={label.y} textAnchor="middle">
                {move === undefined ? "" : inShort(move)}
              </text>
            </g>
          );
        })}
        {nodes.map(({ name, x, y }, index) => {
          const stage = scheme.stages[index];
          const traits = [
            name === scheme.initial ? "first" : "",
            stage?.exclusive ? "one version" : "",
            stage?.protected ? "protected" : "",
            name === scheme.archive ? "archive" : "",
          ].filter((trait) => trait !== "");
          return (
            <g key={name} className="scheme-node">
              <rect x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT} rx={6} />
              <text x={x + NODE_WIDTH / 2} y={y + (traits.length === 0 ? 27 : 19)} textAnchor="middle">
                <title>{name}</title>
                {name.length > SHOWN ? `${name.slice(0, SHOWN - 1)}…` : name}
              </text>
              <text x={x + NODE_WIDTH / 2} y={y + 35} textAnchor="middle" className="scheme-trait">
                {traits.join(", ")}
              </text>
            </g>
          );
        })}
      </svg>
      <p className="muted scheme-legend">
        Dashed: the registry makes the move by itself. G: gates, A: approvals. Moves back pass below.
      </p>
    </Scroller>
  );
}

/** `2 G 1 A`: what fits on an arc. */
function inShort({ gates, approvals }: Move): string {
  return [gates.length === 0 ? "" : `${gates.length} G`, approvals.length === 0 ? "" : `${approvals.length} A`]
    .join(" ")
    .trim();
}
