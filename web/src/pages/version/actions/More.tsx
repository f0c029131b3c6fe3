import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Version } from "../../../api/documents";
import { useMay } from "../../../api/useSession";
import { ActionDialog } from "../../../ui/ActionDialog";
import { Dialog } from "../../../ui/Dialog";
import { Loaded } from "../../../ui/Loaded";
import { Menu } from "../../../ui/Menu";
import { overviewOf } from "../../model/queries";
import { AliasDialog } from "./AliasDialog";
import { AnnotateDialog } from "./AnnotateDialog";
import { type Action, choicesOf } from "./choices";
import { OverrideDialog } from "./OverrideDialog";
import { planOf } from "./plans";

/** The menu of everything that can be done with a version besides moving it on. */
export function More({ version }: { version: Version }) {
  const may = useMay();
  const [opened, setOpened] = useState(false);
  const [action, setAction] = useState<Action | null>(null);
  // What the menu says of the model's state is asked for when the menu is opened first.
  const glance = useQuery({ ...overviewOf(version.model), enabled: opened || action !== null }).data;
  return (
    <>
      <Menu
        name="More"
        onOpen={() => setOpened(true)}
        groups={choicesOf(version, may, glance).map((group) =>
          group.map((choice) => ({ key: choice.name, ...choice, onChoose: () => setAction(choice.action) })),
        )}
      />
      {action !== null && <Chosen action={action} version={version} onClose={() => setAction(null)} />}
    </>
  );
}

function Chosen({ action, version, onClose }: { action: Action; version: Version; onClose: () => void }) {
  const navigate = useNavigate();
  const overview = useQuery(overviewOf(version.model));
  const { model, number } = version;
  const plan = planOf(action, version);
  if (plan !== null) {
    return (
      <ActionDialog
        title={plan.title}
        said={plan.said}
        reason={plan.reason}
        danger={plan.danger}
        draft={`${plan.title} ${model}/${number}`}
        act={plan.send}
        // A deleted version is not there to be read again.
        refresh={action.kind === "delete" ? [["model", model, "overview"], ["models"]] : [["model", model]]}
        onDone={() => {
          onClose();
          if (action.kind === "delete") {
            void navigate({ to: "/models/$model", params: { model } });
          }
        }}
        onClose={onClose}
      >
        <p className="text">{plan.meaning}</p>
      </ActionDialog>
    );
  }
  if (action.kind === "annotate") {
    return <AnnotateDialog version={version} onClose={onClose} />;
  }
  const glance = overview.data;
  if (glance === undefined) {
    return (
      <Dialog title={`Version ${number} of ${model}`} open onClose={onClose}>
        <Loaded query={overview}>{() => null}</Loaded>
      </Dialog>
    );
  }
  return action.kind === "override" ? (
    <OverrideDialog version={version} glance={glance} onClose={onClose} />
  ) : (
    <AliasDialog version={version} glance={glance} onClose={onClose} />
  );
}
