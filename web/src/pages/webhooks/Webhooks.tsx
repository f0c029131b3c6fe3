import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { OnceSecret } from "../../ui/OnceSecret";
import { Page } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { filterInWords } from "./filters";
import { listWebhooks, WEBHOOKS, type Webhook } from "./queries";
import { WebhookForm } from "./WebhookForm";
import "./Webhooks.css";

const COLUMNS: Column<Webhook>[] = [
  {
    key: "url",
    head: "Sends to",
    wide: true,
    cell: ({ id, url, name, description }) => (
      <>
        <Link to="/webhooks/$webhook" params={{ webhook: id }}>
          {url}
        </Link>
        {(name || description) && <div className="muted">{[name, description].filter(Boolean).join(" · ")}</div>}
      </>
    ),
  },
  { key: "filter", head: "What", cell: (webhook) => <span className="webhook-filter">{filterInWords(webhook)}</span> },
  { key: "enabled", head: "State", cell: (webhook) => <State webhook={webhook} /> },
  { key: "format", head: "Format", cell: ({ format }) => format },
  {
    key: "created",
    head: "Created",
    cell: ({ created_at, created_by }) => (
      <>
        <Time at={created_at} />
        <div className="muted">
          <Person name={created_by} />
        </div>
      </>
    ),
  },
];

function State({ webhook: { enabled, disabled_reason } }: { webhook: Webhook }) {
  if (enabled) {
    return "on";
  }
  return (
    <>
      <strong>off</strong>
      {disabled_reason !== "" && <div className="muted">{disabled_reason}</div>}
    </>
  );
}

/** Every webhook: where events are sent. */
export function Webhooks() {
  const list = usePaged([...WEBHOOKS, "list"], listWebhooks);
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<{ value: string | null } | null>(null);
  const may = useMay();
  const refused = may("manage_webhooks") ? undefined : "It needs the action manage_webhooks on all models.";
  return (
    <Page
      title="Webhooks"
      actions={
        <Button kind="primary" refused={refused} onClick={() => setCreating(true)}>
          Create a webhook
        </Button>
      }
    >
      <p className="text">
        The registry sends each event to the URLs that ask for it, signed, within seconds, and tries again for up to a
        day if a receiver fails.
      </p>
      <div className="card card-flush">
        <PagedTable
          caption="Webhooks"
          columns={COLUMNS}
          list={list}
          rowKey={({ id }) => id}
          empty={
            <Empty title="No webhooks yet">
              <p>
                Create one here, or with{" "}
                <code>moorage webhooks create https://ci.example.com/hook --event version.ready</code>
              </p>
            </Empty>
          }
        />
      </div>
      {creating && (
        <WebhookForm
          onClose={() => setCreating(false)}
          onCreated={(value) => {
            setCreating(false);
            setSecret({ value });
          }}
        />
      )}
      {secret !== null && (
        <OnceSecret
          title="The webhook is created"
          what="signing secret"
          secret={secret.value}
          onClose={() => setSecret(null)}
        />
      )}
    </Page>
  );
}
