import { scaleLinear } from "d3-scale";
import { metric } from "../../format/number";
import { Table } from "../Table";
import { Twin } from "./Twin";
import "./charts.css";
import "./Dumbbell.css";

/** A metric, and its value in each series. Null: the series has none. */
export interface Measured {
  name: string;
  values: (number | null)[];
}

interface DumbbellProps {
  title: string;
  /** The names of the series. The first is the base: the others are seen from it. */
  series: readonly string[];
  rows: readonly Measured[];
}

/** From the base to the others, a line for each metric and each line on its own scale. The same numbers are in a table below. */
export function Dumbbell({ title, series, rows }: DumbbellProps) {
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <ul className="dumbbell-key">
        {series.map((name, index) => (
          <li key={name}>
            <svg viewBox="-8 -8 16 16" aria-hidden="true">
              <Shape index={index} />
            </svg>
            {name}
            {index === 0 && <span className="muted">(base)</span>}
          </li>
        ))}
      </ul>
      <div className="dumbbell" role="img" aria-label={title}>
        {rows.map((row) => (
          <Line key={row.name} row={row} series={series} />
        ))}
      </div>
      <Twin>
        <Table
          caption={title}
          rows={rows}
          rowKey={({ name }) => name}
          columns={[
            { key: "metric", head: "Metric", cell: ({ name }) => name },
            ...series.map((name, index) => ({
              key: name,
              head: name,
              align: "end" as const,
              cell: ({ values }: Measured) => values[index] ?? "—",
            })),
          ]}
        />
      </Twin>
    </figure>
  );
}

function Line({ row, series }: { row: Measured; series: readonly string[] }) {
  const known = row.values.filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  // Percent of the line's width, which the layout decides; a margin keeps whole marks inside.
  const x = scaleLinear([low, high], low === high ? [50, 50] : [3, 97]);
  const marks = row.values.map((value, index) => ({ value, index })).filter((mark) => mark.value !== null);
  return (
    <div className="dumbbell-row">
      <span className="dumbbell-name" title={row.name}>
        {row.name}
      </span>
      <span className="dumbbell-end">{known.length === 0 ? "—" : metric(low)}</span>
      <svg className="dumbbell-line" aria-hidden="true">
        {known.length > 0 && <line x1={`${x(low)}%`} x2={`${x(high)}%`} y1="50%" y2="50%" />}
        {/* The base is drawn last, so that no other mark hides it. */}
        {marks.reverse().map(({ value, index }) => (
          <svg key={series[index]} x={`${x(value ?? low)}%`} y="50%" overflow="visible">
            <title>{`${row.name}, ${series[index]}: ${value}`}</title>
            <Shape index={index} />
          </svg>
        ))}
      </svg>
      <span>{high === low || known.length === 0 ? "" : metric(high)}</span>
    </div>
  );
}

/** The mark of a series. Each has a shape of its own, for readers who cannot tell the colours apart. */
function Shape({ index }: { index: number }) {
  const className = `dumbbell-mark dumbbell-mark-${index + 1}`;
  const shapes = [
    <circle key="dot" r={5} className={className} />,
    <circle key="ring" r={4.5} className={className} />,
    <rect key="square" x={-4.5} y={-4.5} width={9} height={9} className={className} />,
    <path key="triangle" d="M0 -5.5l5.5 10h-11z" className={className} />,
    <path key="diamond" d="M0 -6l6 6l-6 6l-6 -6z" className={className} />,
  ];
  return shapes[index % shapes.length];
}
