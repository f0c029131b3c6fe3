import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api/client";
import { changeHeaders, type Tagged } from "../../api/tags";
import { type Monitor, monitorsKey } from "../../monitors/queries";
import { ActionDialog } from "../../ui/ActionDialog";

/** Asks whether a monitor is really to be deleted. */
export function DeleteMonitor({
  monitor: { model, name, etag },
  onClose,
}: {
  monitor: Tagged<Monitor>;
  onClose: () => void;
}) {
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
