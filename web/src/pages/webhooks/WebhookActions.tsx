import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { changeHeaders, type Tagged } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { OnceSecret } from "../../ui/OnceSecret";
import { WEBHOOKS, type Webhook } from "./queries";
import { WebhookForm } from "./WebhookForm";

type Action = "edit" | "switch" | "test" | "rotate" | "delete";

/** What can be done with a webhook. */
export function WebhookActions({ webhook }: { webhook: Tagged<Webhook> }) {
  const may = useMay();
  const [chosen, setChosen] = useState<Action | null>(null);
  const [secret, setSecret] = useState<{ value: string | null } | null>(null);
  const close = () => setChosen(null);
  if (!may("manage_webhooks")) {
    return <Button refused="It needs the action manage_webhooks on all models.">Edit</Button>;
  }
  return (
    <>
      <Button onClick={() => setChosen("test")}>Send a test</Button>
      <Button onClick={() => setChosen("edit")}>Edit</Button>
      <Button onClick={() => setChosen("switch")}>{webhook.enabled ? "Turn off" : "Turn on"}</Button>
      <Button
        refused={webhook.format === "standard" ? undefined : "Its secret is changed by MLflow's API."}
        onClick={() => setChosen("rotate")}
      >
        Rotate the secret
      </Button>
      <Button kind="danger" onClick={() => setChosen("delete")}>
        Delete
      </Button>
      {chosen === "edit" && <WebhookForm webhook={webhook} onClose={close} />}
      {chosen === "switch" && <SwitchDialog webhook={webhook} onClose={close} />}
      {chosen === "test" && <TestDialog webhook={webhook} onClose={close} />}
      {chosen === "delete" && <DeleteDialog webhook={webhook} onClose={close} />}
      {chosen === "rotate" && (
        <RotateDialog
          webhook={webhook}
          onClose={close}
          onRotated={(value) => {
            close();
            setSecret({ value });
          }}
        />
      )}
      {secret !== null && (
        <OnceSecret
          title="The webhook has a new secret"
          what="signing secret"
          secret={secret.value}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}

interface DialogProps {
  webhook: Tagged<Webhook>;
  onClose: () => void;
}

function SwitchDialog({ webhook: opened, onClose }: DialogProps) {
  // Whether it is turned on or off must not change under the hand.
  const [webhook] = useState(opened);
  const enabled = !webhook.enabled;
  return (
    <ActionDialog
      title={`Turn ${enabled ? "on" : "off"} the webhook for ${webhook.url}`}
      label={enabled ? "Turn it on" : "Turn it off"}
      act={(_, key) =>
        api.PATCH("/v1/webhooks/{webhook}", {
          params: { path: { webhook: webhook.id }, header: changeHeaders(key, webhook.etag) },
          body: { enabled },
        })
      }
      said={`The webhook is ${enabled ? "on" : "off"}`}
      refresh={[WEBHOOKS]}
      onClose={onClose}
    >
      <p>
        {enabled
          ? "Events from now on are sent. To send what it missed, use moorage webhooks redeliver-range on the command line."
          : "Nothing more is sent, and deliveries that wait are cancelled."}
      </p>
    </ActionDialog>
  );
}

function TestDialog({ webhook, onClose }: DialogProps) {
  return (
    <ActionDialog
      title={`Send a test to ${webhook.url}`}
      label="Send a test"
      act={(_, key) =>
        answered(
          api.POST("/v1/webhooks/{webhook}/test", {
            params: { path: { webhook: webhook.id }, header: changeHeaders(key) },
          }),
        )
      }
      said="A test is on its way"
      refresh={[[...WEBHOOKS, webhook.id]]}
      onClose={onClose}
    >
      <p>
        An event <code>webhook.test</code> is sent, signed like every other. It appears in the delivery log below.
      </p>
    </ActionDialog>
  );
}

const GRACES: [seconds: number, words: string][] = [
  [86_400, "A day"],
  [3_600, "An hour"],
  [0, "Not at all"],
];

function RotateDialog({ webhook, onClose, onRotated }: DialogProps & { onRotated: (secret: string | null) => void }) {
  const [grace, setGrace] = useState(86_400);
  return (
    <ActionDialog
      title={`Rotate the secret of the webhook for ${webhook.url}`}
      label="Rotate the secret"
      act={(_, key) =>
        answered(
          api.POST("/v1/webhooks/{webhook}/rotate", {
            params: { path: { webhook: webhook.id }, header: changeHeaders(key) },
            body: { grace_seconds: grace },
          }),
        )
      }
      said="The secret is rotated"
      refresh={[WEBHOOKS]}
      onClose={onClose}
      onDone={(created) => onRotated(created.secret)}
    >
      <p>The registry makes a new secret, and shows it once. Deliveries are signed with it from now on.</p>
      <SelectField
        label="The old secret signs too for"
        hint="Meanwhile each delivery has both signatures, so that the receiver can change over without losing any."
        value={grace}
        onChange={(event) => setGrace(Number(event.target.value))}
      >
        {GRACES.map(([seconds, words]) => (
          <option key={seconds} value={seconds}>
            {words}
          </option>
        ))}
      </SelectField>
    </ActionDialog>
  );
}

function DeleteDialog({ webhook, onClose }: DialogProps) {
  const navigate = useNavigate();
  return (
    <ActionDialog
      title={`Delete the webhook for ${webhook.url}`}
      label="Delete the webhook"
      danger
      act={(_, key) =>
        api.DELETE("/v1/webhooks/{webhook}", {
          params: { path: { webhook: webhook.id }, header: changeHeaders(key, webhook.etag) },
        })
      }
      said="The webhook is deleted"
      refresh={[[...WEBHOOKS, "list"]]}
      onClose={onClose}
      onDone={() => void navigate({ to: "/webhooks" })}
    >
      <p>
        Nothing more is sent to it, and its delivery log cannot be seen any more. To stop it for a while, turn it off.
      </p>
    </ActionDialog>
  );
}
