import { useState } from "react";
import type { Tagged } from "../../api/tags";
import { useMay } from "../../api/useSession";
import type { Monitor } from "../../monitors/queries";
import { Button } from "../../ui/Button";
import { late } from "../../ui/late";
import { LateMonitorForm } from "./LateMonitorForm";

const DeleteMonitor = late(() => import("./DeleteMonitor").then(({ DeleteMonitor }) => DeleteMonitor));

/** What can be done with a monitor. */
export function MonitorActions({ monitor }: { monitor: Tagged<Monitor> }) {
  const [chosen, setChosen] = useState<"edit" | "delete" | null>(null);
  const close = () => setChosen(null);
  const refused = useMay()("manage", monitor.model) ? undefined : "It needs the action manage.";
  return (
    <>
      <Button refused={refused} onClick={() => setChosen("edit")}>
        Edit
      </Button>
      <Button kind="danger" refused={refused} onClick={() => setChosen("delete")}>
        Delete
      </Button>
      {chosen === "edit" && <LateMonitorForm model={monitor.model} monitor={monitor} onClose={close} onSaved={close} />}
      {chosen === "delete" && <DeleteMonitor monitor={monitor} onClose={close} />}
    </>
  );
}
