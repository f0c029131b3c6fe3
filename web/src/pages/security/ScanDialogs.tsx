import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import type { Scan } from "../../scanning/clearance";
import { ActionDialog } from "../../ui/ActionDialog";
import { meanwhile } from "./meanwhile";

interface DialogProps {
  model: string;
  version: number;
  onClose: () => void;
}

/** Asks before a version is scanned, for the first time or again. */
export function ScanDialog({ model, version, scan, onClose }: DialogProps & { scan: Scan | null }) {
  return (
    <ActionDialog
      title={`Scan version ${version}${scan === null ? "" : " again"}`}
      act={(_, key) =>
        api.POST("/v1/models/{model}/versions/{version}/scan", {
          params: { path: { model, version: String(version) }, header: changeHeaders(key) },
        })
      }
      said={`Version ${version} is being scanned`}
      refresh={[["model", model]]}
      onClose={onClose}
    >
      <p className="text">
        The registry reads the files{scan === null ? "" : " again"}, by the rules that it has now. {meanwhile(scan)}
      </p>
    </ActionDialog>
  );
}

/** Ends a release from quarantine before its time. */
export function RestoreDialog({ model, version, onClose }: DialogProps) {
  return (
    <ActionDialog
      title={`Put version ${version} back into quarantine`}
      act={(_, key) =>
        api.DELETE("/v1/models/{model}/versions/{version}/scan/release", {
          params: { path: { model, version: String(version) }, header: changeHeaders(key) },
        })
      }
      said={`Version ${version} is in quarantine again`}
      refresh={[["model", model]]}
      onClose={onClose}
    >
      <p className="text">
        From now on nobody can download it. Stages and aliases stay as they are: what serves it keeps what it has
        loaded.
      </p>
    </ActionDialog>
  );
}
