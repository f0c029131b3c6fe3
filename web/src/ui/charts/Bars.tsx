import { scaleLinear } from "d3-scale";
import { useId } from "react";
import { percent } from "../../format/number";
import { type Column, Table } from "../Table";
import "./charts.css";
import "./Bars.css";
import { Twin } from "./Twin";
import { useWidth } from "./useWidth";

const USUAL_WIDTH = 640;
const HEIGHT = 200;
const MARGIN = { top: 12, right: 8, bottom: 28, left: 48 };
const PIXELS_A_LABEL = 72;
// What fits under a pair of bars.
const LABEL = 11;

/** One bin or value, and the share of each series that lies in it; null if the series has nothing there to count. */
export interface Bin {
  name: string;
  shares: (number | null)[];
}

interface BarsProps {
  title: string;
  series: readonly [string, string];
  bins: readonly Bin[];
}

/** Two distributions side by side, as shares of their wholes. The same shares are in a table below. */
export function Bars({ title, series, bins }: BarsProps) {
  const id = useId();
  const [svg, width] = useWidth<SVGSVGElement>(USUAL_WIDTH);
  const most = Math.max(0.01, ...bins.flatMap(({ shares }) => shares.map((share) => share ?? 0)));
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(4);
  const step = (width - MARGIN.left - MARGIN.right) / Math.max(1, bins.length);
  const bar = step * 0.4;
  const labelled = Math.max(1, Math.ceil(PIXELS_A_LABEL / step));
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <ul className="bars-key">
        {series.map((name, index) => (
          <li key={name}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <rect className={`bars-bar bars-bar-${index + 1}`} x="1" y="1" width="10" height="10" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <svg ref={svg} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title id={id}>{title}</title>
        {y.ticks(4).map((tick) => (
          <g key={tick} className="chart-tick">
            <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text x={MARGIN.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
              {percent(tick)}
            </text>
          </g>
        ))}
        {bins.map(({ name, shares }, index) => {
          const left = MARGIN.left + index * step + step * 0.1;
          return (
            <g key={name}>
              {shares.map((share, of) => (
                <rect
                  key={series[of]}
                  className={`bars-bar bars-bar-${of + 1}`}
                  x={left + of * bar}
                  y={y(share ?? 0)}
                  width={bar}
                  height={y(0) - y(share ?? 0)}
                >
                  <title>{`${name}, ${series[of]}: ${share === null ? "nothing" : percent(share)}`}</title>
                </rect>
              ))}
              {index % labelled === 0 && (
                <text className="chart-label" x={left + bar} y={HEIGHT - 8} textAnchor="middle">
                  <title>{name}</title>
                  {name.length > LABEL ? `${name.slice(0, LABEL - 1)}…` : name}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <Twin>
        <Table
          caption={title}
          rows={bins}
          rowKey={({ name }) => name}
          columns={[
            { key: "bin", head: "Value", cell: ({ name }) => name, wide: true },
            ...series.map(
              (name, index): Column<Bin> => ({
                key: name,
                head: name,
                align: "end",
                cell: ({ shares }) => {
                  const share = shares[index] ?? null;
                  return share === null ? "—" : percent(share);
                },
              }),
            ),
          ]}
        />
      </Twin>
    </figure>
  );
}
