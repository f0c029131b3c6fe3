import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useMay } from "../../api/useSession";
import { count } from "../../format/number";
import { Digest } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Snippet } from "../../ui/Copy";
import { Empty } from "../../ui/Empty";
import { TextField } from "../../ui/Field";
import { Card, Page } from "../../ui/Page";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { VirtualTable } from "../../ui/VirtualTable";
import "./Audit.css";
import { Anchors } from "./Anchors";
import { type Ledger, listLedgers, modelOf } from "./queries";

const COLUMNS: Column<Ledger>[] = [
  {
    key: "ledger",
    head: "Ledger",
    cell: ({ ledger }) => (
      <Link to="/audit/$ledger" params={{ ledger }} title={ledger}>
        {modelOf(ledger) ?? "The registry itself"}
      </Link>
    ),
  },
  { key: "events", head: "Events", cell: ({ sequence }) => count(sequence), align: "end" },
  { key: "head", head: "Hash of the last", cell: ({ hash }) => <Digest value={hash} what="hash" /> },
];

/** Every ledger of the registry with its last event, and the anchors that prove them. */
export function Audit() {
  const may = useMay();
  return (
    <Page title="Audit">
      <p className="text">
        Every change is an event in a ledger: one for each model, also when it is deleted, and one for the registry
        itself. Each event names the hash of the one before, so none can be changed, removed or inserted unseen. Open a
        ledger to check that in this browser.
      </p>
      <div className="page-columns">
        <div className="page-column">
          <Card title="Ledgers" flush>
            {may("audit") ? <AllLedgers /> : <OneLedger />}
          </Card>
        </div>
        <div className="page-column">
          <Card title="Check everything offline">
            <p>The verifier needs Python 3.11 and nothing of this project. It opens no connection.</p>
            <Snippet
              what="commands of an offline check"
              text={[
                "moorage audit export --all --state audit",
                "moorage-verify audit --state --key anchor-key.pem",
              ].join("\n")}
            />
          </Card>
          {may("audit") && (
            <Card title="Anchors">
              <Anchors />
            </Card>
          )}
        </div>
      </div>
    </Page>
  );
}

function AllLedgers() {
  const navigate = useNavigate();
  const { rows, pages } = usePaged(["audit", "ledgers"], listLedgers);
  return (
    <VirtualTable
      caption="Ledgers"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ ledger }) => ledger}
      pages={pages}
      empty={<Empty title="No ledgers yet">The first change of anything makes one.</Empty>}
      onOpen={({ ledger }) => void navigate({ to: "/audit/$ledger", params: { ledger } })}
    />
  );
}

/** For auditors of some models, who cannot list the ledgers of all. */
function OneLedger() {
  const navigate = useNavigate();
  const [model, setModel] = useState("");
  function open(event: FormEvent) {
    event.preventDefault();
    void navigate({ to: "/audit/$ledger", params: { ledger: `model:${model}` } });
  }
  return (
    <form className="audit-one" onSubmit={open}>
      <TextField
        label="Model"
        hint="Your grants let you audit some models, but not list the ledgers of all."
        required
        value={model}
        onChange={(event) => setModel(event.target.value)}
      />
      <Button type="submit">Open its ledger</Button>
    </form>
  );
}
