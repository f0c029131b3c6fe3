import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { many } from "../../format/words";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Page";
import { Time } from "../../ui/Time";
import type { OpenModel } from "./queries";

/** Freezes a model, or lifts its freeze. */
export function Freeze({ model }: { model: OpenModel }) {
  const may = useMay();
  const [asked, setAsked] = useState<"freeze" | "lift" | null>(null);
  const refused = may("freeze", model.name) ? undefined : "It needs the action freeze.";
  const { name, frozen } = model;
  const close = () => setAsked(null);
  return (
    <Card
      title="Freeze"
      actions={
        <Button refused={refused} onClick={() => setAsked(frozen === null ? "freeze" : "lift")}>
          {frozen === null ? "Freeze the model" : "Lift the freeze"}
        </Button>
      }
    >
      {frozen === null ? (
        <p className="text">Not frozen. A freeze stops every move of versions and aliases, but not roll-backs.</p>
      ) : (
        <p className="text">
          Frozen since <Time at={frozen.at} /> by <Person name={frozen.by} />: <q>{frozen.reason}</q>
        </p>
      )}
      {asked === "freeze" && (
        <ActionDialog
          title={`Freeze ${name}`}
          act={(reason, key) =>
            api.PUT("/v1/models/{model}/freeze", {
              params: { path: { model: name }, header: changeHeaders(key) },
              body: { reason: reason ?? "" },
            })
          }
          said={`${name} is frozen`}
          refresh={[["model", name]]}
          reason="required"
          onClose={close}
        >
          <p>
            Until it is lifted, no version moves to another stage, and no alias moves or is deleted. Rules do nothing.
            Roll-backs stay possible, and so does registering.
          </p>
        </ActionDialog>
      )}
      {asked === "lift" && (
        <ActionDialog
          title={`Lift the freeze of ${name}`}
          act={(_, key) =>
            api.DELETE("/v1/models/{model}/freeze", { params: { path: { model: name }, header: changeHeaders(key) } })
          }
          said={`The freeze of ${name} is lifted`}
          refresh={[["model", name]]}
          onClose={close}
        >
          <p>
            Versions and aliases can move again, and rules that wait act at the next event.
            {frozen !== null && (
              <>
                {" "}
                It was frozen for this reason: <q>{frozen.reason}</q>
              </>
            )}
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}

/** Deletes a model that has no versions. */
export function DeleteModel({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const { name, versions } = model;
  return (
    <Card
      title="Delete the model"
      actions={
        <Button
          kind="danger"
          refused={refused ?? (versions > 0 ? `It has ${many(versions, "version")}.` : undefined)}
          onClick={() => setAsking(true)}
        >
          Delete {name}
        </Button>
      }
    >
      <p className="text">
        Only an empty model can be deleted: delete its versions first. Its ledger stays, for auditors, and so do its
        card and comments, which a model of the same name has again.
      </p>
      {asking && (
        <ActionDialog
          title={`Delete ${name}`}
          danger
          act={(_, key) =>
            api.DELETE("/v1/models/{model}", {
              params: { path: { model: name }, header: changeHeaders(key, model.etag) },
            })
          }
          said={`${name} is deleted`}
          refresh={[["models"]]}
          onClose={() => setAsking(false)}
          onDone={() => void navigate({ to: "/models" })}
        >
          <p>The model {name} is no longer listed. Its history stays in its ledger.</p>
        </ActionDialog>
      )}
    </Card>
  );
}
