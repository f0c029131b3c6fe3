import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { listTargets, TARGETS, type Target } from "./queries";
import { Starts } from "./Starts";
import { TargetForm } from "./TargetForm";

const COLUMNS: Column<Target>[] = [
  {
    key: "name",
    head: "Target",
    wide: true,
    cell: ({ name, description }) => (
      <>
        <Link to="/targets/$target" params={{ target: name }}>
          {name}
        </Link>
        {description !== "" && <div className="muted">{description}</div>}
      </>
    ),
  },
  { key: "environment", head: "Environment", cell: ({ environment }) => environment },
  { key: "kind", head: "Kind", cell: ({ kind }) => kind },
  { key: "starts", head: "Deploys what enters", cell: (target) => <Starts target={target} /> },
  { key: "models", head: "Of models", cell: ({ models }) => models.join(", ") },
  { key: "enabled", head: "State", cell: ({ enabled }) => (enabled ? "on" : <strong>off</strong>) },
  { key: "changed", head: "Changed", cell: ({ updated_at }) => <Time at={updated_at} /> },
];

/** Every target: where versions are put into service, and what starts that. */
export function Targets() {
  const list = usePaged([...TARGETS, "list"], listTargets);
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  const refused = useMay()("administer") ? undefined : "It needs the action administer on all models.";
  return (
    <Page
      title="Targets"
      actions={
        <Button kind="primary" refused={refused} onClick={() => setCreating(true)}>
          Create a target
        </Button>
      }
    >
      <p className="text">
        A target is where versions are put into service. When one enters the target’s stage, or the target’s alias is
        pointed at it, the registry opens a deployment.
      </p>
      <div className="card card-flush">
        <PagedTable
          caption="Targets"
          columns={COLUMNS}
          list={list}
          rowKey={({ name }) => name}
          empty={
            <Empty title="No targets yet">
              <p>
                Create one here, or with{" "}
                <code>moorage targets set shop --environment production --model churn --stage production</code>
              </p>
            </Empty>
          }
        />
      </div>
      {creating && (
        <TargetForm
          onClose={() => setCreating(false)}
          onSaved={(name) => void navigate({ to: "/targets/$target", params: { target: name } })}
        />
      )}
    </Page>
  );
}
