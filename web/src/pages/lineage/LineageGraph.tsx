import { many } from "../../format/words";
import { Scroller } from "../../ui/Scroller";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./layout";
import { NodeLink } from "./NodeLink";
import { boxOf, type Graph, linkInWords, linkKey } from "./nodes";
import "./Lineage.css";

/** What a version comes from at the left, what came of it at the right. Each node is a link. The tables below say the same. */
export function LineageGraph({ graph }: { graph: Graph }) {
  const { width, height, nodes, lines, left } = layOut(graph);
  return (
    <>
      <Scroller label="Graph of the lineage" className="lineage-graph">
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-labelledby="lineage-title">
          <title id="lineage-title">
            {`${many(nodes.length, "node")} and ${many(lines.length, "link")}; the table lists them`}
          </title>
          <defs>
            <marker
              id="lineage-arrow"
              viewBox="0 0 8 8"
              refX="8"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8Z" className="lineage-arrow" />
            </marker>
          </defs>
          <g>
            {lines.map(({ edge, path }) => (
              <path
                key={linkKey(edge)}
                d={path}
                className={edge.type === "evaluated_on" ? "lineage-line lineage-line-apart" : "lineage-line"}
                markerEnd="url(#lineage-arrow)"
              >
                <title>{linkInWords(edge)}</title>
              </path>
            ))}
          </g>
          {nodes.map(({ node, layer, x, y }) => (
            <foreignObject key={node.id} x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT}>
              <div className={classOf(node.hidden, layer)}>
                <span className="lineage-kind">
                  {boxOf(node).kind}
                  {graph.truncated.has(node.id) && " · not all followed"}
                </span>
                <NodeLink node={node}>{boxOf(node).name}</NodeLink>
              </div>
            </foreignObject>
          ))}
        </svg>
      </Scroller>
      <p className="muted lineage-legend">
        Arrows lead from what something comes from. Dashed lines: evaluated on it, so it does not come from it. Dashed
        boxes are of models that you may not read.
        {left > 0 && ` ${many(left, "node")} more in the table: there is no room for them here.`}
      </p>
    </>
  );
}

function classOf(hidden: boolean, layer: number): string {
  return ["lineage-node", hidden ? "lineage-hidden" : "", layer === 0 ? "lineage-start" : ""].join(" ").trim();
}
