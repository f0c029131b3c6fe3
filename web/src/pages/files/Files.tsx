import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "../../api/problem";
import { useMay } from "../../api/useSession";
import { bytes, count } from "../../format/number";
import { many } from "../../format/words";
import { Digest, Mark } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Notice, ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { Snippets } from "../../ui/Snippets";
import type { Column } from "../../ui/Table";
import { VersionPage } from "../../ui/VersionPage";
import { VirtualTable } from "../../ui/VirtualTable";
import { loadSnippets } from "../model/snippets";
import { Fetch, type FetchProps } from "./Fetch";
import { parts, proofOf } from "./proofs";
import { filesOf, type ListedFile } from "./queries";
import "./Files.css";

// With these the registry refuses the bytes of a version in quarantine.
const HELD = ["scan_pending", "quarantined"];

/** The files of a version: what they are, what proves their bytes, and how to get them. */
export function Files() {
  const { model, version } = useParams({ strict: false }) as { model: string; version: string };
  const [failure, setFailure] = useState<unknown>(null);
  const found = useInfiniteQuery(filesOf(model, version));
  const mayDownload = useMay()("download", model);
  const first = found.data?.pages[0];
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const size = rows.reduce((sum, file) => sum + file.size, 0);
  const number = first?.version;
  // S3 proves the bytes of every file when the version becomes READY. Until then nobody can download any.
  const pending = rows.some(({ kind, verified }) => kind !== "reference" && verified === "declared");
  const fetchable = mayDownload && !pending;
  return (
    <VersionPage
      title="Files"
      model={model}
      version={version}
      number={number}
      beside={
        first !== undefined && (
          <span className="muted">
            {many(rows.length, "file")}
            {found.hasNextPage && " and more"}, <span title={`${count(size)} bytes`}>{bytes(size)}</span>
          </span>
        )
      }
      actions={
        first !== undefined && (
          <span className="row">
            <span className="muted">Digest of them all</span> <Digest value={first.digest} />
          </span>
        )
      }
    >
      {!mayDownload && (
        <Notice title="You may see these files, but not download them">
          <p>
            Downloads need the action <code>download</code> on this model. An administrator can grant it.
          </p>
        </Notice>
      )}
      {pending && <Notice title="The files are not complete yet. Until they are, nobody can download them." />}
      {failure !== null && <ProblemNotice error={failure} />}
      {failure instanceof Problem && HELD.includes(failure.code) && (
        <p>
          <Link to="/models/$model/versions/$version/security" params={{ model, version }}>
            What the scan found, and what can be done
          </Link>
        </p>
      )}
      <div className="card card-flush files">
        <VirtualTable
          caption={`Files of ${model}, version ${number ?? version}`}
          columns={columnsOf(fetchable ? { model, version, onFailure: setFailure } : null)}
          rows={rows}
          rowKey={({ path }) => path}
          pages={found}
          empty={<Empty title="This version has no files" />}
        />
      </div>
      {fetchable && number !== undefined && rows.length > 0 && (
        <Card title="Get them all">
          <Snippets snippets={loadSnippets(model, number)} />
        </Card>
      )}
    </VersionPage>
  );
}

/** The columns; `fetch` is null for those who may not download. */
function columnsOf(fetch: Omit<FetchProps, "file"> | null): Column<ListedFile>[] {
  const columns: Column<ListedFile>[] = [
    {
      key: "path",
      head: "Path",
      cell: ({ path }) => {
        const { folder, name } = parts(path);
        return (
          <span title={path}>
            <span className="muted">{folder}</span>
            {name}
          </span>
        );
      },
    },
    {
      key: "size",
      head: "Size",
      cell: ({ size }) => <span title={`${count(size)} bytes`}>{bytes(size)}</span>,
      align: "end",
    },
    {
      key: "sha256",
      head: "SHA-256",
      cell: ({ path, sha256 }) => <Digest value={sha256} what={`SHA-256 of ${path}`} />,
    },
    {
      key: "verified",
      head: "Bytes",
      cell: ({ verified }) => {
        const { state, word, title } = proofOf(verified);
        return (
          <span title={title}>
            <Mark state={state}>{word}</Mark>
          </span>
        );
      },
    },
  ];
  if (fetch !== null) {
    columns.push({
      key: "download",
      head: <span className="visually-hidden">Download</span>,
      cell: (file) => <Fetch {...fetch} file={file} />,
    });
  }
  return columns;
}
