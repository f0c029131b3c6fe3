import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders, type Tagged } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { TARGETS, type Target } from "./queries";
import { TargetForm } from "./TargetForm";

/** What can be done with a target. */
export function TargetActions({ target }: { target: Tagged<Target> }) {
  const [chosen, setChosen] = useState<"edit" | "delete" | null>(null);
  const close = () => setChosen(null);
  const refused = useMay()("administer") ? undefined : "It needs the action administer on all models.";
  return (
    <>
      <Button refused={refused} onClick={() => setChosen("edit")}>
        Edit
      </Button>
      <Button kind="danger" refused={refused} onClick={() => setChosen("delete")}>
        Delete
      </Button>
      {chosen === "edit" && <TargetForm target={target} onClose={close} onSaved={close} />}
      {chosen === "delete" && <DeleteDialog target={target} onClose={close} />}
    </>
  );
}

function DeleteDialog({ target: { name, etag }, onClose }: { target: Tagged<Target>; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ActionDialog
      title={`Delete the target ${name}`}
      label="Delete the target"
      danger
      act={(_, key) =>
        api.DELETE("/v1/targets/{target}", { params: { path: { target: name }, header: changeHeaders(key, etag) } })
      }
      said={`The target ${name} is deleted`}
      refresh={[[...TARGETS, "list"]]}
      onClose={onClose}
      onDone={() => void navigate({ to: "/targets" })}
    >
      <p>
        Every model is taken off it, and deployments that have not ended there fail within seconds. What runs on the
        target itself goes on. Deployments that were made stay in the history.
      </p>
    </ActionDialog>
  );
}
