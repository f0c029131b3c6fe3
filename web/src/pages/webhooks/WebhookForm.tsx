import { useState } from "react";
import { answered, api } from "../../api/client";
import { changeHeaders, type Tagged } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { TextArea, TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { entries, filterInWords } from "./filters";
import { WEBHOOKS, type Webhook } from "./queries";

interface FormProps {
  /** The webhook to change; without it, one is created. */
  webhook?: Tagged<Webhook>;
  onClose: () => void;
  /** Called with the secret of a new webhook. */
  onCreated?: (secret: string | null) => void;
}

/** Asks where to send events, and which. */
export function WebhookForm({ webhook: opened, onClose, onCreated }: FormProps) {
  // What is edited, and its ETag, must not change under the hand.
  const [webhook] = useState(opened);
  const { texts, field } = useFields({
    url: webhook?.url ?? "",
    events: webhook?.events.join("\n") ?? "*",
    models: webhook?.models.join("\n") ?? "*",
    description: webhook?.description ?? "",
  });
  const { url, description } = texts;
  const own = webhook !== undefined && webhook.format !== "standard";
  const filters = { events: filled(texts.events), models: filled(texts.models) };
  async function run(key: string): Promise<string | null> {
    const body = { url, description, models: filters.models, ...(own ? {} : { events: filters.events }) };
    if (webhook === undefined) {
      const created = await answered(api.POST("/v1/webhooks", { params: { header: changeHeaders(key) }, body }));
      return created.secret;
    }
    await api.PATCH("/v1/webhooks/{webhook}", {
      params: { path: { webhook: webhook.id }, header: changeHeaders(key, webhook.etag) },
      body,
    });
    return null;
  }
  return (
    <ActionDialog
      title={webhook === undefined ? "Create a webhook" : `Change the webhook for ${webhook.url}`}
      label={webhook === undefined ? "Create the webhook" : "Save the webhook"}
      act={(_, key) => run(key)}
      said={webhook === undefined ? "The webhook is created" : "The webhook is saved"}
      refresh={[WEBHOOKS]}
      onClose={onClose}
      {...(onCreated === undefined ? {} : { onDone: onCreated })}
    >
      {(error) => (
        <>
          <TextField
            label="URL"
            type="url"
            hint="It must begin with https:// and be reachable from the internet."
            required
            maxLength={2048}
            {...field("url", error)}
          />
          {!own && (
            <TextArea
              label="Events"
              hint="Types such as version.ready, or beginnings such as alias.*, one on each line."
              spellCheck={false}
              {...field("events", error)}
            />
          )}
          <TextArea
            label="Models"
            hint="Names, in which * stands for any characters, one on each line."
            spellCheck={false}
            {...field("models", error)}
          />
          <TextField label="Description" maxLength={1000} {...field("description", error)} />
          <p className="muted">It is sent {filterInWords(filters)}.</p>
        </>
      )}
    </ActionDialog>
  );
}

/** The entries of a filter; everything, if nothing is named. */
function filled(text: string): string[] {
  const found = entries(text);
  return found.length === 0 ? ["*"] : found;
}
