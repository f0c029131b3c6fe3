import { useQuery } from "@tanstack/react-query";
import { many } from "../../format/words";
import { LineChart, type Mark } from "../../ui/charts/LineChart";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { MetricChoice, useMetric } from "./MetricChoice";
import { type Overview, SERIES_LIMIT, type Series, seriesOf } from "./queries";

/** A metric over the versions, champion and challenger marked. */
export function MetricHistory({ glance }: { glance: Overview }) {
  const chosen = useMetric(glance);
  if (glance.model.versions === 0) {
    return null;
  }
  if (chosen === undefined) {
    return (
      <Card title="Metric over versions">
        <Empty title="No metrics yet">
          <p>
            Register a version with its metrics:{" "}
            <code>moorage register {glance.model.name} model/ --metric auc=0.94</code>.
          </p>
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Metric over versions" actions={<MetricChoice glance={glance} chosen={chosen} />}>
      <Chart glance={glance} metric={chosen} />
    </Card>
  );
}

function Chart({ glance, metric }: { glance: Overview; metric: string }) {
  const query = useQuery(seriesOf(glance.model.name, metric));
  return (
    <Loaded query={query} lines={6}>
      {(series) =>
        series.points.length === 0 ? (
          <p className="muted">No version has {metric}. Metrics count from the moment that a version is ready.</p>
        ) : (
          <LineChart title={titleOf(metric, series)} along="version" points={series.points} marked={marks(glance)} />
        )
      }
    </Loaded>
  );
}

function titleOf(metric: string, { points: { length: points }, direction }: Series): string {
  const words = { up: ", higher is better", down: ", lower is better" };
  const which = points === SERIES_LIMIT ? `the newest ${many(points, "version")}` : many(points, "version");
  return `${metric} of ${which}${direction === undefined ? "" : words[direction]}`;
}

function marks({ champion, challenger }: Overview): Mark[] {
  const named = [
    { version: champion, name: "champion", filled: true },
    { version: challenger, name: "challenger", filled: false },
  ];
  return named.flatMap(({ version, name, filled }) =>
    version === null ? [] : [{ at: version.number, name: `${name} (${version.number})`, filled }],
  );
}
