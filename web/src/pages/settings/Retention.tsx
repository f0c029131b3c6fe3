import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type ExpiredVersion, type OpenModel, retentionPreview } from "./queries";
import { retentionInWords, wholeNumber } from "./words";

/** The rule that deletes old versions, and what it would delete now. */
export function RetentionRule({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [chosen, setChosen] = useState<"set" | "clear" | null>(null);
  const { name, retention } = model;
  const close = () => setChosen(null);
  return (
    <>
      <Card
        title="Retention rule"
        actions={
          <>
            <Button refused={refused} onClick={() => setChosen("set")}>
              {retention === null ? "Set a rule" : "Change the rule"}
            </Button>
            {retention !== null && (
              <Button kind="danger" refused={refused} onClick={() => setChosen("clear")}>
                Remove the rule
              </Button>
            )}
          </>
        }
      >
        {retention === null ? (
          <p className="text">None: versions stay until somebody deletes them.</p>
        ) : (
          <ul className="settings-clauses">
            {retentionInWords(retention).map((clause) => (
              <li key={clause}>{clause}</li>
            ))}
          </ul>
        )}
        <p className="muted text">
          Never deleted are versions that an alias names, that stand in any stage but the first and the archive, that
          are locked or under legal hold, or that an open request names. Deleted ones can be restored for a while.
        </p>
        {chosen === "set" && <RetentionDialog model={model} onClose={close} />}
        {chosen === "clear" && (
          <ActionDialog
            title={`Remove the retention rule of ${name}`}
            danger
            act={(_, key) =>
              api.DELETE("/v1/models/{model}/retention", {
                params: { path: { model: name }, header: changeHeaders(key) },
              })
            }
            said="The retention rule is removed"
            refresh={[["model", name]]}
            onClose={close}
          >
            <p>
              No version is deleted by rule any more. Those that were stay deleted, and can be restored for a while.
            </p>
          </ActionDialog>
        )}
      </Card>
      {retention !== null && <Preview model={name} />}
    </>
  );
}

function RetentionDialog({ model: opened, onClose }: { model: OpenModel; onClose: () => void }) {
  // What is edited, and its ETag, must not change under the hand.
  const [model] = useState(opened);
  const rule = model.retention;
  const { texts, field } = useFields({
    never_promoted_after_days: String(rule?.never_promoted_after_days ?? ""),
    archived_after_days: String(rule?.archived_after_days ?? ""),
    keep_last: String(rule?.keep_last ?? 5),
  });
  const body = {
    never_promoted_after_days: wholeNumber(texts.never_promoted_after_days),
    archived_after_days: wholeNumber(texts.archived_after_days),
    keep_last: wholeNumber(texts.keep_last) ?? 0,
  };
  const none = body.never_promoted_after_days === null && body.archived_after_days === null;
  return (
    <ActionDialog
      title={`Set the retention rule of ${model.name}`}
      act={(_, key) =>
        api.PUT("/v1/models/{model}/retention", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body,
        })
      }
      said="The retention rule is set"
      refresh={[["model", model.name]]}
      onClose={onClose}
      refused={none ? "Give at least one number of days." : undefined}
    >
      {(error) => (
        <>
          <TextField
            label="Days until a version that never left the first stage is deleted"
            type="number"
            min={1}
            max={3650}
            {...field("never_promoted_after_days", error)}
          />
          <TextField
            label="Days in the archive until a version is deleted"
            type="number"
            min={1}
            max={3650}
            {...field("archived_after_days", error)}
          />
          <TextField
            label="How many of the newest versions always stay"
            type="number"
            min={0}
            max={100}
            required
            {...field("keep_last", error)}
          />
          <div>
            <strong>The rule</strong>
            <ul className="settings-clauses">
              {retentionInWords(body).map((clause) => (
                <li key={clause}>{clause}</li>
              ))}
            </ul>
          </div>
          <p>It acts once a day. When it is set, this page shows what it would delete.</p>
        </>
      )}
    </ActionDialog>
  );
}

function Preview({ model }: { model: string }) {
  const list = usePaged(["model", model, "retention", "preview"], retentionPreview(model));
  const columns: Column<ExpiredVersion>[] = [
    { key: "version", head: "Version", cell: ({ version }) => <VersionLink model={model} version={version} /> },
    { key: "since", head: "Due since", cell: ({ since }) => <Time at={since} /> },
    { key: "reason", head: "Why", cell: ({ reason }) => reason, wide: true },
  ];
  return (
    <Card title="What the rule would delete now" flush>
      <PagedTable
        caption="Versions that are due"
        columns={columns}
        list={list}
        rowKey={({ version }) => version}
        empty={<Empty title="Nothing">No version is old enough.</Empty>}
      />
    </Card>
  );
}
