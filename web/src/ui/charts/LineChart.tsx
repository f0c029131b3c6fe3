import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useId } from "react";
import { metric } from "../../format/number";
import { Table } from "../Table";
import "./charts.css";

const WIDTH = 640;
const HEIGHT = 200;
const MARGIN = { top: 12, right: 16, bottom: 28, left: 56 };
const MOST_DOTS = 60;

interface LineChartProps {
  title: string;
  /** What the horizontal axis counts, for example "version". */
  along: string;
  points: readonly (readonly [number, number])[];
  /** Points that stand out, with the name to write beside each. */
  marked?: Record<number, string>;
}

/** Values over numbers. The same numbers are in a table below it, for people who cannot see or hover. */
export function LineChart({ title, along, points, marked = {} }: LineChartProps) {
  const id = useId();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const x = scaleLinear([Math.min(...xs), Math.max(...xs)], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear(spread(ys), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const path = line<readonly [number, number]>(
    ([at]) => x(at),
    ([, value]) => y(value),
  )([...points]);
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title id={id}>{title}</title>
        {y.ticks(4).map((tick) => (
          <g key={tick} className="chart-tick">
            <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
              {metric(tick)}
            </text>
          </g>
        ))}
        {x
          .ticks(8)
          .filter(Number.isInteger)
          .map((tick) => (
            <text key={tick} className="chart-label" x={x(tick)} y={HEIGHT - 8} textAnchor="middle">
              {tick}
            </text>
          ))}
        <path d={path ?? ""} className="chart-line" />
        {points.map(([at, value]) =>
          marked[at] !== undefined || points.length <= MOST_DOTS ? (
            <circle
              key={at}
              cx={x(at)}
              cy={y(value)}
              r={marked[at] === undefined ? 3 : 5}
              className={marked[at] === undefined ? "chart-dot" : "chart-dot chart-dot-marked"}
            >
              <title>{`${along} ${at}: ${value}${marked[at] === undefined ? "" : ` (${marked[at]})`}`}</title>
            </circle>
          ) : null,
        )}
        {points
          .filter(([at]) => marked[at] !== undefined)
          .map(([at, value]) => (
            <text
              key={at}
              className="chart-mark"
              x={x(at)}
              y={y(value) - 10}
              textAnchor={x(at) > WIDTH - 100 ? "end" : "start"}
            >
              {marked[at]}
            </text>
          ))}
      </svg>
      <details className="chart-twin">
        <summary>As a table</summary>
        <Table
          caption={title}
          rows={points}
          rowKey={([at]) => at}
          columns={[
            { key: "x", head: along, cell: ([at]) => at, align: "end" },
            { key: "y", head: title, cell: ([, value]) => value, align: "end" },
          ]}
        />
      </details>
    </figure>
  );
}

/** The range of the values, a little wider, so that a flat line lies in the middle. */
function spread(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.05;
  return [low - margin, high + margin];
}
