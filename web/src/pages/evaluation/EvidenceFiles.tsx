import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { useMay } from "../../api/useSession";
import { bytes, count } from "../../format/number";
import { Digest, Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { DownloadButton } from "../../ui/DownloadButton";
import { follow } from "../../ui/download";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { late } from "../../ui/late";
import { ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";

// Few readers attach a file: the dialog and what uploads are loaded when somebody does.
const AttachDialog = late(() => import("./AttachDialog").then(({ AttachDialog }) => AttachDialog));

interface EvidenceFilesProps {
  model: string;
  version: number;
  evaluation: string;
}

/** The plots and reports that were attached to an evaluation, and the way to attach one. */
export function EvidenceFiles({ model, version, evaluation }: EvidenceFilesProps) {
  const [attaching, setAttaching] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const refused = useMay()("report", model) ? undefined : "It needs the action report on this model.";
  const path = { model, version: String(version) };
  const query = useQuery({
    queryKey: ["model", model, "version", String(version), "evidence-files", evaluation],
    queryFn: async () =>
      (
        await answered(
          api.GET("/v1/models/{model}/versions/{version}/evidence-files", { params: { path, query: { evaluation } } }),
        )
      ).items,
  });
  async function hand(name: string) {
    const { url } = await answered(
      api.GET("/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}", {
        params: { path: { ...path, evidence_file: name } },
      }),
    );
    follow(url);
  }
  return (
    <Card
      title="Plots and reports"
      flush
      actions={
        <Button refused={refused} onClick={() => setAttaching(true)}>
          Attach a file
        </Button>
      }
    >
      {failure !== null && <ProblemNotice error={failure} />}
      <Loaded query={query} lines={2}>
        {(files) => (
          <Table
            caption="Plots and reports"
            rows={files}
            rowKey={({ name }) => name}
            empty={<Empty title="No plots or reports are attached" />}
            columns={[
              { key: "name", head: "File", wide: true, cell: (file) => <Named {...file} /> },
              {
                key: "size",
                head: "Size",
                cell: ({ size }) => <span title={`${count(size)} bytes`}>{bytes(size)}</span>,
                align: "end",
              },
              {
                key: "sha256",
                head: "SHA-256",
                cell: ({ name, sha256 }) => <Digest value={sha256} what={`SHA-256 of ${name}`} />,
              },
              {
                key: "at",
                head: "Attached",
                cell: ({ attached_at: at, attached_by: by }) => (
                  <>
                    <Time at={at} /> by <Person name={by} />
                  </>
                ),
              },
              {
                key: "download",
                head: <span className="visually-hidden">Download</span>,
                cell: ({ name }) => <DownloadButton what={name} hand={() => hand(name)} onFailure={setFailure} />,
              },
            ]}
          />
        )}
      </Loaded>
      {attaching && (
        <AttachDialog model={model} version={version} evaluation={evaluation} onClose={() => setAttaching(false)} />
      )}
    </Card>
  );
}

function Named({ name, description }: Document<"EvidenceFileView">) {
  return (
    <>
      {name}
      {description !== null && description !== "" && <div className="muted">{description}</div>}
    </>
  );
}
