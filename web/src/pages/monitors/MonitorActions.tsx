import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders, type Tagged } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { type Monitor, monitorsKey } from "../../monitors/queries";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { LateMonitorForm } from "./LateMonitorForm";

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
      {chosen === "delete" && <DeleteDialog monitor={monitor} onClose={close} />}
    </>
  );
}

function DeleteDialog({ monitor: { model, name, etag }, onClose }: { monitor: Tagged<Monitor>; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ActionDialog
      title={`Delete the monitor ${name}`}
      label="Delete the monitor"
      danger
      act={(_, key) =>
        api.DELETE("/v1/models/{model}/monitors/{monitor}", {
          params: { path: { model, monitor: name }, header: changeHeaders(key, etag) },
        })
      }
      said={`The monitor ${name} is deleted`}
      refresh={[
        [...monitorsKey(model), "list"],
        ["model", model, "overview"],
      ]}
      onClose={onClose}
      onDone={() => void navigate({ to: "/models/$model/monitors", params: { model } })}
    >
      <p>
        Nobody is told any more when it would alarm. A check that it has failed stays as it is. What it did stays in the
        history.
      </p>
    </ActionDialog>
  );
}
