import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { saved } from "../../api/saved";
import { changeHeaders, type Tagged } from "../../api/tags";
import { actionInWords, KNOWN_ACTIONS } from "../../format/access";
import { ActionDialog } from "../../ui/ActionDialog";
import { TextField, Tick } from "../../ui/Field";
import { ACCESS, type Action, type Role } from "./queries";

/** Asks which actions a custom role allows. */
export function RoleForm({ role, onClose }: { role?: Tagged<Role>; onClose: () => void }) {
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const [actions, setActions] = useState<readonly string[]>(role?.actions ?? ["read"]);
  const offered = [...new Set([...KNOWN_ACTIONS, ...actions])];
  return (
    <ActionDialog
      title={role === undefined ? "Create a role" : `Change the role ${role.name}`}
      act={(_, key) =>
        saved(role?.etag, `a role ${name}`, (etag) =>
          api.PUT("/v1/roles/{role}", {
            params: { path: { role: name }, header: changeHeaders(key, etag) },
            body: { actions: actions as Action[], description },
          }),
        )
      }
      said={`The role ${name} is saved`}
      refresh={[ACCESS]}
      onClose={onClose}
      refused={name === "" ? "Name it first." : actions.length === 0 ? "Choose an action." : undefined}
    >
      {(error) => (
        <>
          {role !== undefined && <p>Everybody who has the role by a token, a grant or a trust gets what you choose.</p>}
          {role === undefined && (
            <TextField
              label="Name"
              required
              maxLength={64}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
          <TextField
            label="Description"
            maxLength={500}
            fault={faultAt(error, "/description")}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
          <fieldset className="access-ticks">
            <legend>It allows to</legend>
            {offered.map((action) => (
              <Tick
                key={action}
                label={actionInWords(action)}
                checked={actions.includes(action)}
                onChange={(event) =>
                  setActions(event.target.checked ? [...actions, action] : actions.filter((other) => other !== action))
                }
              />
            ))}
          </fieldset>
        </>
      )}
    </ActionDialog>
  );
}

export function DeleteRole({ role, onClose }: { role: Role; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Delete the role ${role.name}`}
      danger
      act={(_, key) =>
        api.DELETE("/v1/roles/{role}", { params: { path: { role: role.name }, header: changeHeaders(key) } })
      }
      said={`The role ${role.name} is deleted`}
      refresh={[ACCESS]}
      onClose={onClose}
    >
      <p>The registry refuses this while an active token, a grant or a trust names the role.</p>
    </ActionDialog>
  );
}
