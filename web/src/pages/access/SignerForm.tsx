import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { changeHeaders, type Tagged } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import { ACCESS, type Signer } from "./queries";
import { type SignerDraft, signerBody, signerDraft } from "./signerDraft";

/** Asks whose signatures are trusted: those of a key, or of whom an authority certifies. */
export function SignerForm({ signer, onClose }: { signer?: Tagged<Signer>; onClose: () => void }) {
  const [draft, setDraft] = useState(() => signerDraft(signer));
  const set = (changed: Partial<SignerDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const byKey = draft.kind === "key";
  return (
    <ActionDialog
      title={signer === undefined ? "Trust a signer" : `Change the signer ${signer.name}`}
      label="Save the signer"
      act={(_, key) =>
        api.PUT("/v1/signers/{signer}", {
          params: { path: { signer: draft.name }, header: changeHeaders(key, signer?.etag) },
          body: signerBody(draft),
        })
      }
      said={`The signer ${draft.name} is saved`}
      refresh={[ACCESS]}
      onClose={onClose}
      refused={draft.name === "" ? "Name it first." : undefined}
    >
      {(error) => (
        <>
          {signer === undefined && (
            <TextField
              label="Name"
              hint="Gates and signatures name the signer by it. An existing signer of this name is replaced."
              required
              maxLength={64}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
          <SelectField
            label="It signs with"
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value === "authority" ? "authority" : "key" })}
          >
            <option value="key">A key</option>
            <option value="authority">Certificates of an authority</option>
          </SelectField>
          <TextArea
            label={byKey ? "Public key" : "Certificates of the authority"}
            hint={byKey ? "In PEM, on P-256, P-384 or P-521. Never the private key." : "In PEM, one after the other."}
            required
            rows={6}
            spellCheck={false}
            fault={faultAt(error, byKey ? "/public_key" : "/authority")}
            value={draft.pem}
            onChange={(event) => set({ pem: event.target.value })}
          />
          {!byKey && (
            <TextArea
              label="Whom they must name"
              hint="One on each line, such as ada@example.org; * matches any characters."
              required
              spellCheck={false}
              fault={faultAt(error, "/subjects")}
              value={draft.subjects}
              onChange={(event) => set({ subjects: event.target.value })}
            />
          )}
          <TextField
            label="Description (optional)"
            hint="Who that is."
            fault={faultAt(error, "/description")}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
          {signer !== undefined && (
            <p className="text">
              If the key, the authority or whom it names changes, what the signer verified before counts no longer.
            </p>
          )}
        </>
      )}
    </ActionDialog>
  );
}
