import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useId } from "react";
import { metric } from "../../format/number";
import { Table } from "../Table";
import { Twin } from "./Twin";
import "./charts.css";
import { useWidth } from "./useWidth";

const USUAL_WIDTH = 640;
const PIXELS_A_TICK = 80;
const HEIGHT = 200;
const MARK_LINE = 16;
const MARGIN = { top: 12, right: 16, bottom: 28, left: 56 };
const MOST_DOTS = 60;

interface LineChartProps {
  title: string;
  /** What the horizontal axis counts, for example "version". */
  along: string;
  points: readonly (readonly [number, number])[];
  /** Points that stand out. */
  marked?: readonly Mark[];
}

/** A point that stands out: where it is, and the name to write above it. */
export interface Mark {
  at: number;
  name: string;
  /** Whether its mark is filled, as that of the champion. */
  filled: boolean;
}

/** Values over numbers. The same numbers are in a table below it, for people who cannot see or hover. */
export function LineChart({ title, along, points, marked = [] }: LineChartProps) {
  const id = useId();
  const [svg, width] = useWidth<SVGSVGElement>(USUAL_WIDTH);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const x = scaleLinear([Math.min(...xs), Math.max(...xs)], [MARGIN.left, width - MARGIN.right]);
  const values = new Map(points);
  const marks = marked.filter(({ at }) => values.has(at));
  const top = MARGIN.top + marks.length * MARK_LINE;
  const y = scaleLinear(spread(ys), [HEIGHT - MARGIN.bottom, top]).nice(4);
  const path = line<readonly [number, number]>(
    ([at]) => x(at),
    ([, value]) => y(value),
  )([...points]);
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <svg ref={svg} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title id={id}>{title}</title>
        {y.ticks(4).map((tick) => (
          <g key={tick} className="chart-tick">
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
              {metric(tick)}
            </text>
          </g>
        ))}
        {x
          .ticks(width / PIXELS_A_TICK)
          .filter(Number.isInteger)
          .map((tick) => (
            <text key={tick} className="chart-label" x={x(tick)} y={HEIGHT - 8} textAnchor="middle">
              {tick}
            </text>
          ))}
        <path d={path ?? ""} className={points.length <= MOST_DOTS ? "chart-line" : "chart-line chart-line-fine"} />
        {points.length <= MOST_DOTS &&
          points.map(([at, value]) => (
            <circle key={at} cx={x(at)} cy={y(value)} r={3} className="chart-dot">
              <title>{`${along} ${at}: ${value}`}</title>
            </circle>
          ))}
        {marks.map(({ at, name, filled }, row) => {
          const value = values.get(at) ?? 0;
          const line = MARGIN.top + row * MARK_LINE;
          const left = x(at) > width - 100;
          return (
            <g key={name}>
              <line className="chart-leader" x1={x(at)} x2={x(at)} y1={line - 4} y2={y(value)} />
              <text className="chart-mark" x={x(at) + (left ? -5 : 5)} y={line + 4} textAnchor={left ? "end" : "start"}>
                {name}
              </text>
              <circle cx={x(at)} cy={y(value)} r={5} className={filled ? "chart-dot chart-dot-filled" : "chart-dot"}>
                <title>{`${along} ${at}: ${value} (${name})`}</title>
              </circle>
            </g>
          );
        })}
      </svg>
      <Twin>
        <Table
          caption={title}
          rows={points}
          rowKey={([at]) => at}
          columns={[
            { key: "x", head: along, cell: ([at]) => at, align: "end" },
            { key: "y", head: title, cell: ([, value]) => value, align: "end" },
          ]}
        />
      </Twin>
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
