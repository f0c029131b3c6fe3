import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Tagged } from "../../api/tags";
import { Person } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Deliveries } from "./Deliveries";
import { type Webhook, webhookOf } from "./queries";
import { WebhookActions } from "./WebhookActions";
import "./Webhooks.css";

/** One webhook: what it is sent, and what became of each delivery. */
export function WebhookPage() {
  const { webhook: id } = useParams({ strict: false }) as { webhook: string };
  const query = useQuery(webhookOf(id));
  return (
    <Page
      title={query.data === undefined ? "Webhook" : host(query.data.url)}
      above={<Link to="/webhooks">Webhooks</Link>}
      beside={query.data !== undefined && !query.data.enabled && <strong>off</strong>}
      actions={query.data !== undefined && <WebhookActions webhook={query.data} />}
    >
      <Loaded query={query} lines={8}>
        {(webhook) => <Content webhook={webhook} />}
      </Loaded>
    </Page>
  );
}

function Content({ webhook }: { webhook: Tagged<Webhook> }) {
  return (
    <>
      {!webhook.enabled && (
        <Notice tone="warn" title="This webhook is off">
          <p>Nothing is sent to it but tests. Deliveries that wait are cancelled.</p>
        </Notice>
      )}
      <Card title="What it is sent">
        <Facts>
          <Fact name="URL">
            <code>{webhook.url}</code>
          </Fact>
          <Fact name="Events">{webhook.events.join(", ")}</Fact>
          <Fact name="Models">{webhook.models.join(", ")}</Fact>
          {webhook.description !== "" && <Fact name="Description">{webhook.description}</Fact>}
          <Fact name="Format">
            {webhook.format === "mlflow" ? `MLflow's, as ${webhook.name}` : "Standard Webhooks"}
          </Fact>
          <Fact name="Created">
            <Time at={webhook.created_at} /> by <Person name={webhook.created_by} />
          </Fact>
          <Fact name="Changed">
            <Time at={webhook.updated_at} />
          </Fact>
          {webhook.old_secrets_end_at !== null && (
            <Fact name="Old secret">
              signs too, until <Time at={webhook.old_secrets_end_at} />
            </Fact>
          )}
        </Facts>
      </Card>
      <Deliveries webhook={webhook.id} />
    </>
  );
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
