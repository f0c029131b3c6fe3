import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Tagged } from "../../api/tags";
import { count, metric, percent } from "../../format/number";
import { many } from "../../format/words";
import { type Monitor, monitorOf } from "../../monitors/queries";
import { VerdictMark } from "../../monitors/VerdictMark";
import { Digest, Person, VersionLink } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Card, Page } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Done } from "./Done";
import { MonitorActions } from "./MonitorActions";
import { Watched } from "./Watched";
import { actInWords, alarmInWords, boundsInWords, CORRECTIONS, statisticInWords, worstInWords } from "./words";

/** One monitor: how it stands, what it found window by window, and what was done about it. */
export function MonitorPage() {
  const { model, monitor } = useParams({ strict: false }) as { model: string; monitor: string };
  const query = useQuery(monitorOf(model, monitor));
  return (
    <Page
      title={monitor}
      above={
        <Link to="/models/$model/monitors" params={{ model }}>
          Monitors
        </Link>
      }
      beside={query.data !== undefined && <VerdictMark verdict={query.data.standing.verdict} />}
      actions={query.data !== undefined && <MonitorActions monitor={query.data} />}
    >
      <Loaded query={query} lines={12}>
        {(found) => <Content monitor={found} />}
      </Loaded>
    </Page>
  );
}

function Content({ monitor }: { monitor: Tagged<Monitor> }) {
  return (
    <div className="page-columns">
      <div className="page-column">
        {monitor.description !== "" && <p className="text">{monitor.description}</p>}
        <Watched monitor={monitor} />
        <Done monitor={monitor} />
      </div>
      <div className="page-column">
        <Standing monitor={monitor} />
        <Definition monitor={monitor} />
      </div>
    </div>
  );
}

function Standing({ monitor: { model, standing } }: { monitor: Monitor }) {
  const { version, since, window, digest } = standing;
  return (
    <Card title="How it stands">
      <Facts>
        <Fact name="Verdict">
          <VerdictMark verdict={standing.verdict} />
        </Fact>
        <Fact name="Version">{version === null ? "none" : <VersionLink model={model} version={version} />}</Fact>
        {since !== null && (
          <Fact name="Since">
            <Time at={since} ago />
          </Fact>
        )}
        {standing.worst !== null && <Fact name="Worst">{worstInWords(standing)}</Fact>}
        {window !== null && (
          <Fact name="Last window">
            <Time at={window} />
          </Fact>
        )}
        {digest !== null && (
          <Fact name="Rests on">
            <Digest value={digest} what="digest of the windows" />
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function Definition({ monitor }: { monitor: Monitor }) {
  const { baseline, features, metrics, on_alarm: acts } = monitor;
  const bounds = Object.entries(metrics);
  return (
    <Card title="What it watches">
      <Facts>
        <Fact name="Kind">{monitor.kind}</Fact>
        <Fact name="Version">{monitor.selector}</Fact>
        <Fact name="Alarms if">{alarmInWords(monitor)}</Fact>
        <Fact name="Silent if">{many(monitor.silent_after, "window")} are missing</Fact>
        <Fact name="A window">needs {many(monitor.min_n, "example")}</Fact>
        {(baseline.length > 0 || monitor.kind !== "performance") && (
          <>
            <Fact name="Compares by">
              {statisticInWords(monitor.statistic)}, from {metric(monitor.effect)} on, with {percent(monitor.alpha)}{" "}
              false breaches a window, shared by its features {CORRECTIONS[monitor.correction]}
            </Fact>
            <Fact name="Baseline">
              {baseline.length === 0 ? "none yet" : `${many(baseline.length, "feature")}`}
              {baseline[0] !== undefined && `, ${count(baseline[0].n + baseline[0].missing)} examples`}
              {monitor.baseline_from !== null && <div className="muted">from {monitor.baseline_from}</div>}
            </Fact>
          </>
        )}
        {features.length > 0 && <Fact name="Features">{features.join(", ")}</Fact>}
        {bounds.map(([name, bound]) => (
          <Fact key={name} name={name}>
            {boundsInWords(bound)}
          </Fact>
        ))}
        <Fact name="On an alarm">
          {acts.length === 0 ? (
            "those who listen are told"
          ) : (
            <ul>
              {acts.map((act) => (
                <li key={act.do}>{actInWords(act)}</li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact name="Created">
          <Time at={monitor.created_at} /> by <Person name={monitor.created_by} />
        </Fact>
        <Fact name="Changed">
          <Time at={monitor.updated_at} />
        </Fact>
      </Facts>
    </Card>
  );
}
