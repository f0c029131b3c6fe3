import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { type MonitorSummary, monitorsOf } from "../../monitors/queries";
import { VerdictMark } from "../../monitors/VerdictMark";
import { VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { type Column, Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { LateMonitorForm } from "./LateMonitorForm";
import { alarmInWords, worstInWords } from "./words";

const COLUMNS: Column<MonitorSummary>[] = [
  {
    key: "name",
    head: "Monitor",
    wide: true,
    cell: ({ model, name, description }) => (
      <>
        <Link to="/models/$model/monitors/$monitor" params={{ model, monitor: name }}>
          {name}
        </Link>
        {description !== "" && <div className="muted">{description}</div>}
      </>
    ),
  },
  { key: "verdict", head: "Verdict", cell: ({ standing }) => <VerdictMark verdict={standing.verdict} /> },
  { key: "worst", head: "Worst", cell: ({ standing }) => worstInWords(standing) || "—" },
  {
    key: "version",
    head: "Watches",
    cell: ({ model, selector, standing: { version } }) => (
      <>
        {selector}
        {version !== null && (
          <div>
            <VersionLink model={model} version={version} />
          </div>
        )}
      </>
    ),
  },
  { key: "kind", head: "Kind", cell: ({ kind }) => kind },
  { key: "alarm", head: "Alarms if", cell: (monitor) => alarmInWords(monitor) },
  {
    key: "since",
    head: "Since",
    cell: ({ standing: { since } }) => (since === null ? "—" : <Time at={since} />),
  },
];

/** What is watched of a model's versions in use, and how it stands. */
export function Monitors() {
  const { model } = useParams({ strict: false }) as { model: string };
  const query = useQuery(monitorsOf(model));
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  const refused = useMay()("manage", model) ? undefined : "It needs the action manage.";
  return (
    <Page
      title="Monitors"
      actions={
        <Button kind="primary" refused={refused} onClick={() => setCreating(true)}>
          Create a monitor
        </Button>
      }
    >
      <p className="text">
        A monitor judges what is counted of a version in use, window by window: the data that it gets, how well it
        predicts, or the system that serves it. The data itself stays where it is.
      </p>
      <div className="card card-flush">
        <Loaded query={query} lines={4}>
          {({ items }) => (
            <Table
              caption="Monitors"
              columns={COLUMNS}
              rows={items}
              rowKey={({ name }) => name}
              empty={
                <Empty title="Nothing is watched yet">
                  <p>
                    Create a monitor here, or with <code>moorage monitors save {model} drift monitor.yaml</code>
                  </p>
                </Empty>
              }
            />
          )}
        </Loaded>
      </div>
      {creating && (
        <LateMonitorForm
          model={model}
          onClose={() => setCreating(false)}
          onSaved={(monitor) => void navigate({ to: "/models/$model/monitors/$monitor", params: { model, monitor } })}
        />
      )}
    </Page>
  );
}
