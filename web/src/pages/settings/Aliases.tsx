import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Alias, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { TextField } from "../../ui/Field";
import { Card } from "../../ui/Page";
import { type Column, Table } from "../../ui/Table";
import type { OpenModel } from "./queries";

interface Row {
  alias: string;
  version: number | undefined;
  locked: boolean;
}

/** Which aliases only some people may move. */
export function Aliases({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [chosen, setChosen] = useState<{ alias: string; locked: boolean } | null>(null);
  const names = [...new Set([...Object.keys(model.aliases), ...model.protected_aliases])].sort();
  const rows: Row[] = names.map((alias) => ({
    alias,
    version: model.aliases[alias],
    locked: model.protected_aliases.includes(alias),
  }));
  const columns: Column<Row>[] = [
    { key: "alias", head: "Alias", cell: ({ alias, locked }) => <Alias name={alias} locked={locked} /> },
    {
      key: "version",
      head: "Points at",
      cell: ({ version }) =>
        version === undefined ? (
          <span className="muted">nothing yet</span>
        ) : (
          <VersionLink model={model.name} version={version} />
        ),
    },
    {
      key: "who",
      head: "Moved by",
      cell: ({ locked }) =>
        locked ? "Those with move_protected_alias, and approved requests" : "Those who may move versions",
    },
    {
      key: "act",
      head: <span className="visually-hidden">Action</span>,
      cell: ({ alias, locked }) =>
        refused === undefined && (
          <Button onClick={() => setChosen({ alias, locked })}>
            {locked ? "End protection" : "Protect"}
            <span className="visually-hidden"> of {alias}</span>
          </Button>
        ),
    },
  ];
  return (
    <Card
      title="Protected aliases"
      flush
      actions={
        <Button refused={refused} onClick={() => setChosen({ alias: "", locked: false })}>
          Protect an alias
        </Button>
      }
    >
      <Table
        caption="Aliases"
        columns={columns}
        rows={rows}
        rowKey={({ alias }) => alias}
        empty={
          <Empty title="No aliases yet">
            <p>
              An alias can be protected before it exists. <code>moorage alias set {model.name}/1 champion</code> makes
              one.
            </p>
          </Empty>
        }
      />
      {chosen !== null && <ProtectionDialog model={model.name} {...chosen} onClose={() => setChosen(null)} />}
    </Card>
  );
}

interface ProtectionProps {
  model: string;
  /** Empty: it is asked for. */
  alias: string;
  locked: boolean;
  onClose: () => void;
}

function ProtectionDialog({ model, alias: given, locked, onClose }: ProtectionProps) {
  const [typed, setTyped] = useState("");
  const alias = given || typed.replace(/^@/, "");
  return (
    <ActionDialog
      title={
        given === "" ? "Protect an alias" : locked ? `End the protection of @${given}` : `Protect the alias @${given}`
      }
      act={(_, key) =>
        api.PUT("/v1/models/{model}/aliases/{alias}/protection", {
          params: { path: { model, alias }, header: changeHeaders(key) },
          body: { protected: !locked },
        })
      }
      said={locked ? `@${alias} is no longer protected` : `@${alias} is protected`}
      refresh={[["model", model]]}
      onClose={onClose}
      refused={alias === "" ? "Name an alias first." : undefined}
    >
      {given === "" && (
        <TextField
          label="Alias"
          required
          maxLength={255}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <p>
        {locked
          ? "Everybody who may move versions can move, roll back or delete it."
          : "To move, roll back or delete it, somebody needs the action move_protected_alias too. Approved requests move it all the same."}
      </p>
    </ActionDialog>
  );
}
