import { useState } from "react";
import { answered, api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { bytes } from "../../format/number";
import { many } from "../../format/words";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type DeletedVersion, deletedVersions } from "./queries";

const STATES: Record<string, string> = {
  DELETED: "deleted",
  EXPIRED: "expired: its upload was not finished",
  PURGING: "its bytes are being removed",
  PURGED: "its bytes are removed",
};

/** The versions that were deleted, and those that can be brought back. */
export function DeletedVersions({ model, refused }: { model: string; refused: string | undefined }) {
  const list = usePaged(["model", model, "deleted versions"], deletedVersions(model));
  const [restoring, setRestoring] = useState<DeletedVersion | null>(null);
  const columns: Column<DeletedVersion>[] = [
    {
      key: "version",
      head: "Version",
      cell: ({ number, label, file_count, total_size }) => (
        <>
          {number}
          {label && <span className="muted"> · {label}</span>}
          <div className="muted settings-size">
            {many(file_count, "file")}, {bytes(total_size)}
          </div>
        </>
      ),
    },
    {
      key: "deleted",
      head: "Deleted",
      cell: ({ deleted_at, deleted_by }) => (
        <>
          <Time at={deleted_at} />
          <div className="muted">
            <Person name={deleted_by} />
          </div>
        </>
      ),
    },
    {
      key: "state",
      head: "State",
      wide: true,
      cell: (version) => (
        <>
          {STATES[version.status] ?? version.status}
          {version.reason && <q className="muted settings-reason">{version.reason}</q>}
          {version.legal_hold && <div>Under legal hold: its bytes stay.</div>}
          {version.receipt && (
            <div className="muted">
              {bytes(version.receipt.bytes_deleted)} removed, seen gone at <Time at={version.receipt.verified_at} />
            </div>
          )}
        </>
      ),
    },
    {
      key: "purge",
      head: "Bytes are removed",
      cell: ({ status, purge_at }) => (status === "PURGED" ? "done" : <Time at={purge_at} />),
    },
    {
      key: "act",
      head: <span className="visually-hidden">Action</span>,
      cell: (version) =>
        refused === undefined &&
        version.status === "DELETED" &&
        version.ready_at !== null && (
          <Button onClick={() => setRestoring(version)}>
            Restore<span className="visually-hidden"> version {version.number}</span>
          </Button>
        ),
    },
  ];
  return (
    <Card title="Deleted versions" flush>
      <PagedTable
        caption="Deleted versions"
        columns={columns}
        list={list}
        rowKey={({ number }) => number}
        empty={
          <Empty title="None">
            <p>
              <code>moorage delete {model}/1</code> deletes a version. Until its bytes are removed, it can be restored.
            </p>
          </Empty>
        }
      />
      {restoring !== null && (
        <ActionDialog
          title={`Restore version ${restoring.number} of ${model}`}
          act={(reason, key) =>
            answered(
              api.POST("/v1/models/{model}/versions/{version}/restore", {
                params: { path: { model, version: String(restoring.number) }, header: changeHeaders(key) },
                body: reason === null ? {} : { reason },
              }),
            )
          }
          said={`Version ${restoring.number} is back`}
          refresh={[["model", model]]}
          reason="optional"
          onClose={() => setRestoring(null)}
        >
          <p>
            It is READY again with all its files, in the stage {restoring.stage} or, if that is one that versions must
            not return to by themselves, in the first. Aliases do not return.
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}
