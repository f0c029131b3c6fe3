import { useState } from "react";
import { answered, api } from "../../api/client";
import { Alias, Digest, Stage } from "../../ui/Badges";
import { DownloadButton } from "../../ui/DownloadButton";
import { saveJson } from "../../ui/download";
import { Empty } from "../../ui/Empty";
import { ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { type PromotionStatement, securityKey, statementsOf } from "./queries";

/** What the registry signed of the moves of a version, newest first. */
export function StatementsCard({ model, version }: { model: string; version: number }) {
  const list = usePaged([...securityKey(model, String(version)), "statements"], statementsOf(model, String(version)));
  const [failure, setFailure] = useState<unknown>(null);
  const columns: Column<PromotionStatement>[] = [
    { key: "move", head: "Move", wide: true, cell: (statement) => <Move {...statement} /> },
    { key: "at", head: "Signed", cell: ({ signed_at: at }) => <Time at={at} /> },
    { key: "key", head: "Key", cell: ({ key_id: id }) => <Digest value={id} what="id of the key" /> },
    { key: "event", head: "Event", cell: ({ sequence }) => sequence, align: "end" },
    {
      key: "save",
      head: <span className="visually-hidden">Download</span>,
      cell: ({ sequence }) => (
        <DownloadButton
          what={`the statement of event ${sequence}`}
          hand={async () => {
            const path = { model, version: String(version), sequence: String(sequence) };
            const found = await answered(
              api.GET("/v1/models/{model}/versions/{version}/statements/{sequence}", { params: { path } }),
            );
            saveJson(`${model}-${version}-${sequence}.promotion.json`, found.envelope);
          }}
          onFailure={setFailure}
        />
      ),
    },
  ];
  return (
    <Card title="Promotion statements" flush>
      {failure !== null && <ProblemNotice error={failure} />}
      <PagedTable
        caption="Promotion statements"
        columns={columns}
        list={list}
        rowKey={({ sequence }) => sequence}
        empty={
          <Empty title="No statements">
            <p>
              A registry that signs states each move of a version: from where to where, by which gates and approvals.
              The operator turns that on with <code>model_signing</code>.
            </p>
          </Empty>
        }
      />
    </Card>
  );
}

function Move({ from_stage: from, to_stage: to, aliases }: PromotionStatement) {
  return (
    <span className="row">
      {from !== null && to !== null && (
        <>
          <Stage name={from} /> → <Stage name={to} />
        </>
      )}
      {aliases.map((alias) => (
        <Alias key={alias} name={alias} />
      ))}
    </span>
  );
}
