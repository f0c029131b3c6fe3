import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { Tagged } from "../../api/tags";
import { Person } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { Card, Page } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Deliveries } from "./Deliveries";
import { narrowingInWords } from "./filters";
import { healthOf, type Webhook, webhookOf } from "./queries";
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
  const narrowing = narrowingInWords(webhook);
  const headers = [
    ...Object.entries(webhook.custom_headers).map(([name, value]) => `${name}: ${value}`),
    ...webhook.secret_headers.map((name) => `${name} (secret)`),
  ];
  return (
    <>
      {!webhook.enabled && (
        <Notice tone="warn" title="This webhook is off">
          {webhook.disabled_reason !== "" && <p>The registry turned it off: {webhook.disabled_reason}.</p>}
          <p>Nothing is sent to it but tests. Deliveries that wait are cancelled.</p>
        </Notice>
      )}
      {webhook.enabled && <Failing webhook={webhook.id} />}
      <Card title="What it is sent">
        <Facts>
          <Fact name="URL">
            <code>{webhook.url}</code>
          </Fact>
          <Fact name="Events">{webhook.events.join(", ")}</Fact>
          <Fact name="Models">{webhook.models.join(", ")}</Fact>
          {narrowing !== "" && <Fact name="Only if">{narrowing}</Fact>}
          {headers.length > 0 && <Fact name="Headers">{headers.join(", ")}</Fact>}
          {webhook.rate_limit !== null && <Fact name="At most">{webhook.rate_limit} deliveries a minute</Fact>}
          {webhook.max_attempts !== null && <Fact name="Attempts">{webhook.max_attempts} at most</Fact>}
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

/** Says since when a receiver fails, while it does. */
function Failing({ webhook }: { webhook: string }) {
  const { data, isError, error, refetch } = useQuery(healthOf(webhook));
  if (isError) {
    return <ProblemNotice error={error} retry={() => void refetch()} />;
  }
  if (data === undefined || data.failing_since === null) {
    return null;
  }
  return (
    <Notice tone="warn" title="Its receiver fails">
      <p>
        No delivery has succeeded since <Time at={data.failing_since} />. {data.failures_in_a_row} have failed for good.
        If that goes on, the registry turns the webhook off.
      </p>
    </Notice>
  );
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
