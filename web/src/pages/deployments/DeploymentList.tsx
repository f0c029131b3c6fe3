import { Link } from "@tanstack/react-router";
import { DeploymentStatus } from "../../deployments/DeploymentStatus";
import { TargetLink } from "../../deployments/Places";
import { type Deployment, deploymentsKey, deploymentsOf, STATUSES } from "../../deployments/queries";
import { statusInWords } from "../../deployments/status";
import { Person, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { SelectField } from "../../ui/Field";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import "./Deployments.css";

/** The deployments of a model, the newest first, filtered by target and status. `targets` are offered as filters. */
export function DeploymentList({ model, targets }: { model: string; targets: readonly string[] }) {
  const [{ target, status: asked }, change] = useAddress();
  const status = STATUSES.find((known) => known === asked);
  const list = usePaged(
    [...deploymentsKey(model), "list", target ?? "", status ?? ""],
    deploymentsOf(model, target, status),
  );
  // One that the model was taken off has deployments too; the address may name it.
  const offered = target === undefined || targets.includes(target) ? targets : [...targets, target];
  const columns: Column<Deployment>[] = [
    {
      key: "number",
      head: "#",
      align: "end",
      cell: ({ number }) => (
        <Link
          to="/models/$model/deployments"
          params={{ model }}
          search={(before) => ({ ...before, deployment: String(number) })}
          resetScroll={false}
          aria-label={`Deployment ${number}`}
        >
          {number}
        </Link>
      ),
    },
    { key: "status", head: "Status", cell: (row) => <DeploymentStatus status={row.status} /> },
    { key: "version", head: "Version", cell: ({ version }) => <VersionLink model={model} version={version} /> },
    { key: "target", head: "Target", cell: (row) => <TargetLink target={row.target} /> },
    { key: "opened", head: "Opened", cell: ({ opened_at }) => <Time at={opened_at} /> },
    { key: "by", head: "By", cell: ({ opened_by }) => <Person name={opened_by} /> },
    {
      key: "detail",
      head: "How it stands",
      wide: true,
      cell: ({ detail, reason }) => (
        <span className={detail === "" ? "deployment-detail muted" : "deployment-detail"}>
          {detail || (reason ?? "—")}
        </span>
      ),
    },
  ];
  return (
    <Card
      title="Deployments"
      id="list"
      flush
      actions={
        <>
          <SelectField label="Target" value={target ?? ""} onChange={(event) => change({ target: event.target.value })}>
            <option value="">All</option>
            {offered.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </SelectField>
          <SelectField label="Status" value={status ?? ""} onChange={(event) => change({ status: event.target.value })}>
            <option value="">All</option>
            {STATUSES.map((known) => (
              <option key={known} value={known}>
                {statusInWords(known)}
              </option>
            ))}
          </SelectField>
        </>
      }
    >
      <PagedTable
        caption="Deployments, the newest first"
        columns={columns}
        list={list}
        rowKey={({ number }) => number}
        empty={
          target === undefined && status === undefined ? (
            <Empty title="No deployments yet">
              <p>The next version that a target takes opens one.</p>
            </Empty>
          ) : (
            <Empty title="No deployment is like this">
              <Button onClick={() => change({ target: undefined, status: undefined })}>Show all</Button>
            </Empty>
          )
        }
      />
    </Card>
  );
}
