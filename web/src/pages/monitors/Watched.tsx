import { useQuery } from "@tanstack/react-query";
import { count, percent } from "../../format/number";
import { many } from "../../format/words";
import { judgementOf, type Monitor, monitorsKey, type Window, windowsOf } from "../../monitors/queries";
import { Bars } from "../../ui/charts/Bars";
import { TimeChart } from "../../ui/charts/TimeChart";
import { Empty } from "../../ui/Empty";
import { SelectField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import { Time } from "../../ui/Time";
import { besides, bySource } from "./distributions";
import { firstOf, namesOf, pointsOf } from "./scores";
import { Windows } from "./Windows";

/** What was counted: the score of a feature or metric over time, its distribution in one window, and all windows. */
export function Watched({ monitor }: { monitor: Monitor }) {
  const { model, name, standing } = monitor;
  const [{ of, window }, change] = useAddress();
  const query = useQuery(judgementOf(model, name));
  const list = usePaged([...monitorsKey(model), "one", name, "windows"], windowsOf(model, name));
  const names = namesOf(monitor, query.data);
  const chosen = names.find((one) => one === of) ?? firstOf(names, standing.worst, query.data);
  return (
    <>
      <Card
        title="Score"
        actions={
          chosen !== undefined && (
            <SelectField label="Of" value={chosen} onChange={(event) => change({ of: event.target.value }, true)}>
              {names.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </SelectField>
          )
        }
      >
        <Loaded query={query} lines={6}>
          {({ windows, version }) =>
            windows.length === 0 || chosen === undefined ? (
              <Nothing monitor={monitor} version={version} />
            ) : (
              <TimeChart
                title={`${chosen}, ${many(windows.length, "window")}`}
                what={chosen}
                points={pointsOf(windows, chosen)}
                legend="Dashed: what it is held against. Triangles: breaches."
              />
            )
          }
        </Loaded>
      </Card>
      {chosen !== undefined && <Distribution monitor={monitor} feature={chosen} windows={list.rows} start={window} />}
      <Windows monitor={monitor} list={list} judged={query.data} />
    </>
  );
}

/** `version` is the one that the monitor watches now: its standing names none before the first verdict. */
function Nothing({ monitor: { model, name, selector }, version }: { monitor: Monitor; version: number | null }) {
  return (
    <Empty title={version === null ? `No version is ${selector}` : "Nothing was reported yet"}>
      <p>
        Whoever serves the version reports what they count:{" "}
        <code>
          moorage monitors report {model} {name} windows.yaml
        </code>
      </p>
    </Empty>
  );
}

interface DistributionProps {
  monitor: Monitor;
  feature: string;
  windows: readonly Window[];
  /** The window that the address names; the newest without one. */
  start: string | undefined;
}

/** A feature in the baseline and in one window, side by side. */
function Distribution({ monitor, feature, windows, start }: DistributionProps) {
  const baseline = monitor.baseline.find(({ name }) => name === feature);
  const all = bySource(windows);
  const chosen = all.find((one) => one.start === start) ?? all[0];
  if (baseline === undefined || chosen === undefined) {
    return null;
  }
  const sources = chosen.sources.flatMap(({ features }) => features.filter(({ name }) => name === feature));
  const found = besides(baseline, sources);
  return (
    <Card
      title="Distribution"
      actions={
        <span className="muted">
          Window of <Time at={chosen.start} />
        </span>
      }
    >
      {found === null ? (
        <p className="muted">This window has nothing of {feature} in the bins of the baseline.</p>
      ) : (
        <>
          <Bars title={`${feature}, of those that have it`} series={["baseline", "this window"]} bins={found.bins} />
          <p className="muted">
            {found.counted
              .map(({ n, missing }, index) => {
                const whose = index === 0 ? "Baseline" : "this window";
                return `${whose}: ${count(n)} examples, ${n === 0 ? "none" : percent(missing / n)} without it`;
              })
              .join("; ")}
            .
          </p>
        </>
      )}
    </Card>
  );
}
