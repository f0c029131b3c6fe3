import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { actionInWords, KNOWN_ACTIONS } from "../../format/access";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { Opened } from "../../ui/Opened";
import { Card } from "../../ui/Page";
import { type Column, Table } from "../../ui/Table";
import { type Role, roleOf, roles } from "./queries";
import { DeleteRole, RoleForm } from "./RoleDialogs";
import { useAdministers } from "./useAdministers";

type Chosen = { act: "create" } | { act: "edit" | "delete"; role: Role };

/** Which action each role allows, as a table, and the dialogs that change custom roles. */
export function Roles() {
  const query = useQuery(roles);
  const refused = useAdministers();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const close = () => setChosen(null);
  return (
    <>
      <Card
        title="What each role allows"
        flush
        actions={
          <Button kind="primary" refused={refused} onClick={() => setChosen({ act: "create" })}>
            Create a role
          </Button>
        }
      >
        <Loaded query={query} lines={12}>
          {(all) => <Matrix roles={all} />}
        </Loaded>
      </Card>
      <Card title="Custom roles">
        <Loaded query={query}>
          {(all) => {
            const custom = all.filter((role) => !role.built_in);
            return custom.length === 0 ? (
              <p className="muted">None. The built-in roles cannot be changed; a custom one can hold any actions.</p>
            ) : (
              <ul className="stack">
                {custom.map((role) => (
                  <li key={role.name} className="spread">
                    <span>
                      <strong>{role.name}</strong> <span className="muted">{role.description}</span>
                    </span>
                    <span className="row">
                      <Button refused={refused} onClick={() => setChosen({ act: "edit", role })}>
                        Change<span className="visually-hidden"> {role.name}</span>
                      </Button>
                      <Button kind="danger" refused={refused} onClick={() => setChosen({ act: "delete", role })}>
                        Delete<span className="visually-hidden"> {role.name}</span>
                      </Button>
                    </span>
                  </li>
                ))}
              </ul>
            );
          }}
        </Loaded>
      </Card>
      {chosen?.act === "create" && <RoleForm onClose={close} />}
      {chosen?.act === "edit" && (
        <Opened title={`Change the role ${chosen.role.name}`} read={() => roleOf(chosen.role.name)} onClose={close}>
          {(role) => <RoleForm role={role} onClose={close} />}
        </Opened>
      )}
      {chosen?.act === "delete" && <DeleteRole role={chosen.role} onClose={close} />}
    </>
  );
}

function Matrix({ roles: all }: { roles: readonly Role[] }) {
  const actions = [...new Set([...KNOWN_ACTIONS, ...all.flatMap((role) => role.actions)])];
  const columns: Column<string>[] = [
    { key: "action", head: "Action", cell: (action) => <code>{action}</code> },
    { key: "words", head: "It allows to", wide: true, cell: actionInWords },
    ...all.map(
      (role): Column<string> => ({
        key: role.name,
        head: role.name,
        cell: (action) =>
          role.actions.includes(action) ? (
            <span className="access-yes">
              ✓<span className="visually-hidden"> allowed</span>
            </span>
          ) : (
            <span className="muted">
              –<span className="visually-hidden"> not allowed</span>
            </span>
          ),
      }),
    ),
  ];
  return <Table caption="Roles and actions" columns={columns} rows={actions} rowKey={(action) => action} />;
}
