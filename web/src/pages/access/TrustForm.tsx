import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { saved } from "../../api/saved";
import { changeHeaders, type Tagged } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextArea, TextField, Tick } from "../../ui/Field";
import { GrantsField } from "./GrantsField";
import { grantsRefusal } from "./limits";
import { ACCESS, type Trust } from "./queries";
import { type TrustDraft, trustBody, trustDraft } from "./trustDraft";

interface PartProps {
  draft: TrustDraft;
  set: (changed: Partial<TrustDraft>) => void;
  error: unknown;
}

/** Asks whom to trust, on which conditions, and what they may do. */
export function TrustForm({ trust, onClose }: { trust?: Tagged<Trust>; onClose: () => void }) {
  const [draft, setDraft] = useState(() => trustDraft(trust));
  const set = (changed: Partial<TrustDraft>) => setDraft((before) => ({ ...before, ...changed }));
  return (
    <ActionDialog
      title={trust === undefined ? "Add a trust" : `Change the trust ${trust.name}`}
      label="Save the trust"
      act={(_, key) =>
        saved(trust?.etag, `a trust ${draft.name}`, (etag) =>
          api.PUT("/v1/trust/{trust}", {
            params: { path: { trust: draft.name }, header: changeHeaders(key, etag) },
            body: trustBody(draft, trust),
          }),
        )
      }
      said={`The trust ${draft.name} is saved`}
      refresh={[ACCESS]}
      onClose={onClose}
      refused={draft.name === "" ? "Name it first." : grantsRefusal(draft.grants)}
    >
      {(error) => (
        <>
          {trust === undefined && (
            <>
              <TextField
                label="Name"
                hint="It is part of the names of those who come by it, as oidc:<name>:<sub>."
                required
                maxLength={64}
                value={draft.name}
                onChange={(event) => set({ name: event.target.value })}
              />
              <SelectField
                label="Kind"
                value={draft.kind}
                onChange={(event) => set({ kind: event.target.value === "iam" ? "iam" : "oidc" })}
              >
                <option value="oidc">An OIDC issuer</option>
                <option value="iam">AWS principals</option>
              </SelectField>
            </>
          )}
          {draft.kind === "iam" ? (
            <TextArea
              label="ARNs"
              hint="Roles and users that sign their requests, one on each line."
              required
              spellCheck={false}
              fault={faultAt(error, "/arns")}
              value={draft.arns}
              onChange={(event) => set({ arns: event.target.value })}
            />
          ) : (
            <Issuer draft={draft} set={set} error={error} />
          )}
          <GrantsField grants={draft.grants} error={error} onChange={(grants) => set({ grants })} />
          <p>It holds within a minute, also for those who are signed in.</p>
        </>
      )}
    </ActionDialog>
  );
}

function Issuer({ draft, set, error }: PartProps) {
  return (
    <>
      <TextField
        label="Issuer"
        type="url"
        required
        maxLength={512}
        fault={faultAt(error, "/issuer")}
        value={draft.issuer}
        onChange={(event) => set({ issuer: event.target.value })}
      />
      <TextField
        label="Audience"
        hint="What the issuer's tokens must name as aud."
        required
        maxLength={256}
        fault={faultAt(error, "/audience")}
        value={draft.audience}
        onChange={(event) => set({ audience: event.target.value })}
      />
      <TextArea
        label="Conditions"
        hint="One on each line: claim = value. All claims must match; a claim on several lines may have any of its values."
        required
        spellCheck={false}
        fault={faultAt(error, "/conditions")}
        value={draft.conditions}
        onChange={(event) => set({ conditions: event.target.value })}
      />
      <TextField
        label="Claim with the groups (optional)"
        maxLength={128}
        fault={faultAt(error, "/groups_claim")}
        value={draft.groupsClaim}
        onChange={(event) => set({ groupsClaim: event.target.value })}
      />
      <Tick
        label="People can sign in to this interface with it"
        checked={draft.signIn}
        onChange={(event) => set({ signIn: event.target.checked })}
      />
      {draft.signIn && <SignIn draft={draft} set={set} error={error} />}
    </>
  );
}

function SignIn({ draft, set, error }: PartProps) {
  return (
    <>
      <TextField
        label="Words on the button"
        required
        maxLength={64}
        fault={faultAt(error, "/sign_in/label")}
        value={draft.label}
        onChange={(event) => set({ label: event.target.value })}
      />
      <TextField
        label="Client id at the issuer"
        required
        maxLength={256}
        fault={faultAt(error, "/sign_in/client_id")}
        value={draft.clientId}
        onChange={(event) => set({ clientId: event.target.value })}
      />
      <TextField
        label="Client secret (optional)"
        type="password"
        autoComplete="off"
        hint="The registry keeps it encrypted and never shows it. Empty: the one that it has stays."
        maxLength={1000}
        fault={faultAt(error, "/sign_in/client_secret")}
        value={draft.clientSecret}
        onChange={(event) => set({ clientSecret: event.target.value })}
      />
    </>
  );
}
