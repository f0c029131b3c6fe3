import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useContext, useId } from "react";
import { metric } from "../../format/number";
import { absolute } from "../../format/time";
import { type Column, Table } from "../Table";
import { Time, ZoneContext } from "../Time";
import "./charts.css";
import "./TimeChart.css";
import { Twin } from "./Twin";
import { useWidth } from "./useWidth";
import { type Estimated, type Span, spanOf } from "./Whisker";

const USUAL_WIDTH = 640;
const PIXELS_A_TICK = 110;
const HEIGHT = 200;
const MARGIN = { top: 16, right: 48, bottom: 28, left: 56 };
// More dots than these would hide the line.
const MOST_DOTS = 60;

/** What was found at a time. */
export interface TimePoint extends Omit<Estimated, "value"> {
  /** Unique among the points; a time by itself may not be. */
  key: string;
  at: string;
  /** Null: nothing could be told. */
  value: number | null;
  /** What the value was held against. */
  threshold: number | null;
  /** Why the point stands out, in a word; undefined if it does not. */
  mark?: string;
  /** What the table says of it. */
  note: string;
}

interface TimeChartProps {
  title: string;
  /** What the values are. */
  what: string;
  /** The earliest first. */
  points: readonly TimePoint[];
  /** What the marks mean. */
  legend?: string;
}

/** Values over time with their intervals, what they were held against, and marks. A table below has the same numbers. */
export function TimeChart({ title, what, points, legend }: TimeChartProps) {
  const id = useId();
  const zone = useContext(ZoneContext);
  const [svg, width] = useWidth<SVGSVGElement>(USUAL_WIDTH);
  const known = points.flatMap((point) => (point.value === null ? [] : [{ ...point, value: point.value }]));
  const times = points.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const ends = [MARGIN.left, width - MARGIN.right];
  const x = scaleLinear([first, last], first === last ? [width / 2, width / 2] : ends);
  const held = points.flatMap(({ threshold }) =>
    threshold === null ? [] : [{ value: threshold, low: null, high: null }],
  );
  const y = scaleLinear(heights([...known, ...held]), [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const place = ({ at }: TimePoint) => x(Date.parse(at));
  const drawn = (of: (point: TimePoint) => number | null) =>
    line<TimePoint>(place, (point) => y(of(point) ?? 0)).defined((point) => of(point) !== null)([...points]) ?? "";
  const bound = points.findLast(({ threshold }) => threshold !== null)?.threshold ?? null;
  const dots = known.length <= MOST_DOTS ? known : known.filter(({ mark }) => mark !== undefined);
  return (
    <figure className="chart">
      <figcaption>
        {title}
        {legend !== undefined && <span className="muted time-chart-legend"> {legend}</span>}
      </figcaption>
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
        {spaced(points, Math.floor(width / PIXELS_A_TICK)).map((point) => (
          <text key={point.key} className="chart-label" x={place(point)} y={HEIGHT - 8} textAnchor="middle">
            {absolute(point.at, zone).slice(5, 16)}
          </text>
        ))}
        <path d={drawn(({ threshold }) => threshold)} className="time-chart-threshold" />
        {bound !== null && (
          <text className="chart-label" x={width - MARGIN.right + 6} y={y(bound)} dominantBaseline="middle">
            {metric(bound)}
          </text>
        )}
        <path d={drawn(({ value }) => value)} className="chart-line" />
        {dots.map((point) => (
          <g key={point.key} className={point.mark === undefined ? undefined : "time-chart-marked"}>
            <title>{`${absolute(point.at, zone)}: ${point.value}, ${point.note}`}</title>
            {point.low !== null && point.high !== null && (
              <line
                className="time-chart-interval"
                x1={place(point)}
                x2={place(point)}
                y1={y(point.low)}
                y2={y(point.high)}
              />
            )}
            {point.mark === undefined ? (
              <circle cx={place(point)} cy={y(point.value)} r={3} className="chart-dot" />
            ) : (
              <path d={`M${place(point)} ${y(point.value) - 6}l6 10h-12z`} className="chart-dot" />
            )}
          </g>
        ))}
      </svg>
      <Twin>
        <Table caption={title} rows={points} rowKey={({ key }) => key} columns={columnsOf(what, points)} />
      </Twin>
    </figure>
  );
}

/** The span of the values. Where none is negative, no part of the chart is. */
function heights(all: readonly Estimated[]): Span {
  const [low, high] = spanOf(all);
  return [all.every(({ value, low: end }) => (end ?? value) >= 0) ? Math.max(0, low) : low, high];
}

/** At most `most` of the points, at equal steps. */
function spaced(points: readonly TimePoint[], most: number): TimePoint[] {
  const step = Math.max(1, Math.ceil(points.length / Math.max(1, most)));
  return points.filter((_, index) => index % step === Math.floor(step / 2) % step);
}

/** The columns of the table: those of which some point knows something. */
function columnsOf(what: string, points: readonly TimePoint[]): Column<TimePoint>[] {
  const columns: (Column<TimePoint> | false)[] = [
    { key: "at", head: "Time", cell: ({ at }) => <Time at={at} /> },
    { key: "value", head: what, cell: ({ value }) => value ?? "—", align: "end" },
    points.some(({ low }) => low !== null) && {
      key: "interval",
      head: "Interval",
      cell: ({ low, high }) => (low === null || high === null ? "—" : `${metric(low)} to ${metric(high)}`),
      align: "end",
    },
    points.some(({ threshold }) => threshold !== null) && {
      key: "threshold",
      head: "Held against",
      cell: ({ threshold }) => threshold ?? "—",
      align: "end",
    },
    { key: "note", head: "Found", cell: ({ note }) => note, wide: true },
  ];
  return columns.filter((column) => column !== false);
}
