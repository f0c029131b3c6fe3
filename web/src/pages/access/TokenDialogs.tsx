import { useState } from "react";
import { answered, api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { Time } from "../../ui/Time";
import { entries } from "../webhooks/filters";
import { GrantsField } from "./GrantsField";
import { grantsRefusal } from "./limits";
import { ACCESS, type Grant, type Token } from "./queries";

const TOKENS = [...ACCESS, "tokens"];
const DAYS = [7, 30, 90, 180, 365];
const GRACES: [seconds: number, words: string][] = [
  [0, "Not at all"],
  [3_600, "An hour"],
  [86_400, "A day"],
];

interface CreateProps {
  onClose: () => void;
  onCreated: (token: string | null) => void;
}

/** Asks for a token's name, what it may do, and for how long. */
export function CreateToken({ onClose, onCreated }: CreateProps) {
  const { texts, field } = useFields({ name: "", person: "", groups: "", expires_in_days: "90" });
  const { name, person } = texts;
  const [grants, setGrants] = useState<Grant[]>([{ role: "viewer", models: "*" }]);
  return (
    <ActionDialog
      title="Create a token"
      act={(_, key) =>
        answered(
          api.POST("/v1/tokens", {
            params: { header: changeHeaders(key) },
            body: {
              name,
              grants,
              groups: entries(texts.groups),
              expires_in_days: Number(texts.expires_in_days),
              ...(person === "" ? {} : { person }),
            },
          }),
        )
      }
      said={`The token ${name} is created`}
      refused={grantsRefusal(grants)}
      refresh={[TOKENS]}
      onClose={onClose}
      onDone={({ token }) => onCreated(token)}
    >
      {(error) => (
        <>
          <TextField
            label="Name"
            hint="Events name the token by it, as token:<name>."
            required
            maxLength={128}
            {...field("name", error)}
          />
          <TextField
            label="Who holds it (optional)"
            hint="All tokens of one person are one voter. Without it, the token's name is the person."
            maxLength={256}
            {...field("person", error)}
          />
          <TextField
            label="Groups (optional)"
            hint="Separated by commas. It also has the grants of these."
            {...field("groups", error)}
          />
          <SelectField label="Works for" {...field("expires_in_days", error)}>
            {DAYS.map((number) => (
              <option key={number} value={number}>
                {number} days
              </option>
            ))}
          </SelectField>
          <GrantsField grants={grants} error={error} onChange={setGrants} />
        </>
      )}
    </ActionDialog>
  );
}

interface RotateProps {
  token: Token;
  onClose: () => void;
  onRotated: (token: string | null) => void;
}

export function RotateToken({ token, onClose, onRotated }: RotateProps) {
  const [grace, setGrace] = useState(0);
  return (
    <ActionDialog
      title={`Rotate the token ${token.name}`}
      act={(_, key) =>
        answered(
          api.POST("/v1/tokens/{token}/rotate", {
            params: { path: { token: token.id }, header: changeHeaders(key) },
            body: { grace_seconds: grace },
          }),
        )
      }
      said={`The token ${token.name} is rotated`}
      refresh={[TOKENS]}
      onClose={onClose}
      onDone={(rotated) => onRotated(rotated.token)}
    >
      <p>It gets a new secret, which is shown once. Its grants and its expiry stay as they are.</p>
      <SelectField
        label="The old secret works for"
        hint="Choose a while if programs must change over without a gap."
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

export function RevokeToken({ token, onClose }: { token: Token; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Revoke the token ${token.name}`}
      danger
      act={(_, key) =>
        api.DELETE("/v1/tokens/{token}", { params: { path: { token: token.id }, header: changeHeaders(key) } })
      }
      said={`The token ${token.name} is revoked`}
      refresh={[TOKENS]}
      onClose={onClose}
    >
      <p>
        Whoever uses it is refused within a minute, and sessions that it began end. It cannot be undone.{" "}
        {token.last_used_at === null ? (
          "It was never used."
        ) : (
          <>
            It was last used at <Time at={token.last_used_at} />.
          </>
        )}
      </p>
    </ActionDialog>
  );
}
