import { useState } from "react";
import { useMay } from "../../api/useSession";
import { bytes } from "../../format/number";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField, Tick } from "../../ui/Field";
import { Fact, Facts } from "../../ui/Table";
import { fileFault } from "../../uploads/chosen";
import { Sending } from "../../uploads/Sending";
import { useUpload } from "../../uploads/useUpload";
import { importBom, keepBom, MOST_BYTES } from "./importBom";
import type { ImportedBom } from "./queries";

interface DialogProps {
  model: string;
  version: number;
  onClose: () => void;
}

/** Reads a bill of materials that somebody brings into the card of the model. */
export function ImportBomDialog({ model, version, onClose }: DialogProps) {
  const mayKeep = useMay()("report", model);
  const [file, setFile] = useState<File | null>(null);
  const [keep, setKeep] = useState(mayKeep);
  const [imported, setImported] = useState<ImportedBom | null>(null);
  // A second press sends the same document, and another file is another intention.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const upload = useUpload();
  if (imported !== null) {
    return <Outcome imported={imported} onClose={onClose} />;
  }
  return (
    <ActionDialog
      title="Import a bill of materials"
      label="Import it"
      act={async () => {
        const chosen = file ?? new Blob();
        const path = { model, version: String(version) };
        const answer = await importBom(path, chosen, key);
        if (keep) {
          await keepBom(path, chosen, upload.run);
        }
        return answer;
      }}
      said="The bill of materials is imported"
      refresh={[["model", model]]}
      refused={fileFault(file, MOST_BYTES)}
      onDone={setImported}
      onClose={() => {
        upload.cancel();
        onClose();
      }}
    >
      <TextField
        label="File"
        type="file"
        accept=".json,application/json"
        hint={`CycloneDX 1.5 to 1.7 in JSON, at most ${bytes(MOST_BYTES)}, with one machine-learning model.`}
        onChange={({ target }) => {
          upload.forget();
          setKey(crypto.randomUUID());
          setFile(target.files?.[0] ?? null);
        }}
      />
      <p className="text">
        It fills what is empty on the card of <bdi>{model}</bdi>, which all versions share. What somebody has written
        stays. Version {version} is not changed. A document that lists other bytes than this version has is refused.
      </p>
      {mayKeep && (
        <Tick
          label="Keep the document among the evidence files of this version."
          checked={keep}
          onChange={(event) => setKeep(event.target.checked)}
        />
      )}
      {upload.stage !== null && file !== null && <Sending stage={upload.stage} size={file.size} />}
    </ActionDialog>
  );
}

/** What became of it. */
function Outcome({ imported, onClose }: { imported: ImportedBom; onClose: () => void }) {
  const { taken, kept, left, card_revision: revision } = imported;
  return (
    <Dialog title="The bill of materials is imported" open onClose={onClose}>
      <div className="stack">
        <Facts>
          <Fact name="Filled">{taken.length === 0 ? "nothing: the card says all of it" : taken.join(", ")}</Fact>
          {kept.length > 0 && <Fact name="Stays as it was">{kept.join(", ")}</Fact>}
          {left.length > 0 && <Fact name="Left out">{left.join("; ")}</Fact>}
          <Fact name="Card">revision {revision}</Fact>
        </Facts>
        <div className="row">
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
