import { type FormEvent, useEffect, useState } from "react";
import { actionInWords, KNOWN_ACTIONS, limitInWords } from "../../format/access";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { SelectField, TextField } from "../../ui/Field";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { ACCESS, type AccessPath, whoMay } from "./queries";

const COLUMNS: Column<AccessPath>[] = [
  { key: "principal", head: "Who", cell: ({ principal }) => <code className="access-name">{principal}</code> },
  { key: "role", head: "By the role", cell: ({ role }) => role },
  {
    key: "models",
    head: "On",
    cell: ({ models, classifications }) => (
      <>
        <code>{models}</code>
        <span className="muted">{limitInWords(classifications)}</span>
      </>
    ),
  },
  {
    key: "source",
    head: "Granted by",
    wide: true,
    cell: ({ source, id, groups }) => (
      <>
        {SOURCES[source] ?? source} <span className="muted">{id}</span>
        {groups.length > 0 && <div className="muted">through the groups {groups.join(", ")}</div>}
      </>
    ),
  },
  { key: "until", head: "Until", cell: ({ expires_at }) => (expires_at === null ? "—" : <Time at={expires_at} />) },
];

const SOURCES: Record<string, string> = {
  bootstrap: "the token of the deployment",
  token: "its token",
  grant: "a grant",
  trust: "a trust",
};

/** Answers who may take an action on a model, and by which grant. */
export function WhoMay() {
  const [{ action = "administer", model = "*" }, change] = useAddress();
  const [typed, setTyped] = useState(model);
  useEffect(() => setTyped(model), [model]);
  const list = usePaged([...ACCESS, "who", action, model], whoMay(action, model));
  function submit(event: FormEvent) {
    event.preventDefault();
    change({ model: typed.trim() });
  }
  return (
    <>
      <form className="access-who no-print" onSubmit={submit}>
        <SelectField label="Who may" value={action} onChange={(event) => change({ action: event.target.value })}>
          {[...new Set([...KNOWN_ACTIONS, action])].map((name) => (
            <option key={name} value={name}>
              {actionInWords(name)}
            </option>
          ))}
        </SelectField>
        <TextField
          label="On the model"
          hint="* is the registry as a whole."
          required
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit">Ask</Button>
      </form>
      <Card title={`Who may ${actionInWords(action)}: ${model === "*" ? "the registry as a whole" : model}`} flush>
        <PagedTable
          caption="Who may"
          columns={COLUMNS}
          list={list}
          rowKey={({ source, id, role, models, principal, classifications }) =>
            `${source} ${id} ${role} ${models} ${principal} ${classifications?.join() ?? ""}`
          }
          empty={
            <Empty title="Nobody may">
              <p>No token, grant or trust allows it there.</p>
            </Empty>
          }
        />
      </Card>
    </>
  );
}
