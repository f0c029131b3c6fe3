import { useState } from "react";
import { faultAt } from "../../api/faults";
import { bytes } from "../../format/number";
import { ActionDialog } from "../../ui/ActionDialog";
import { TextField } from "../../ui/Field";
import { MOST_BYTES } from "../../uploads/attach";
import { evidenceName, fileFault } from "../../uploads/chosen";
import { Sending } from "../../uploads/Sending";
import { useUpload } from "../../uploads/useUpload";

interface AttachDialogProps {
  model: string;
  version: number;
  evaluation: string;
  onClose: () => void;
}

/** Uploads a plot or report of an evaluation, straight into the registry's storage. */
export function AttachDialog({ model, version, evaluation, onClose }: AttachDialogProps) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const upload = useUpload();
  return (
    <ActionDialog
      title="Attach a plot or report"
      label={upload.stage === null ? "Attach it" : "Attaching"}
      act={() =>
        upload.run(file ?? new Blob(), {
          model,
          version: String(version),
          name,
          evaluation,
          ...(description.trim() === "" ? {} : { description: description.trim() }),
        })
      }
      said={`${name} is attached`}
      refresh={[["model", model, "version", String(version), "evidence-files"]]}
      refused={fileFault(file, MOST_BYTES) ?? (name === "" ? "Give it a name." : undefined)}
      onClose={() => {
        upload.cancel();
        onClose();
      }}
    >
      {(error) => (
        <>
          <TextField
            label="File"
            type="file"
            hint={`At most ${bytes(MOST_BYTES)}. Its bytes go straight into the registry’s storage, which refuses any others.`}
            onChange={({ target }) => {
              const chosen = target.files?.[0] ?? null;
              upload.forget();
              setFile(chosen);
              setName(chosen === null ? "" : evidenceName(chosen.name));
            }}
          />
          <TextField
            label="Name"
            hint="Small letters, digits, and _ . - The bytes under a name never change."
            required
            pattern="[a-z0-9_.\-]{1,64}"
            maxLength={64}
            value={name}
            onChange={({ target }) => {
              upload.forget();
              setName(target.value);
            }}
          />
          <TextField
            label="Description (optional)"
            maxLength={500}
            fault={faultAt(error, "/description")}
            value={description}
            onChange={({ target }) => {
              upload.forget();
              setDescription(target.value);
            }}
          />
          {upload.stage !== null && file !== null && <Sending stage={upload.stage} size={file.size} />}
        </>
      )}
    </ActionDialog>
  );
}
