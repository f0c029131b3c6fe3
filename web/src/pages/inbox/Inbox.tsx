import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useCaller, useMay } from "../../api/useSession";
import { ModelLink, Person, Stage, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { type Act, RequestDialog } from "../request/Dialogs";
import { voteRefusal } from "../request/duties";
import { NothingWaits } from "./NothingWaits";
import { inboxOf, type Waiting, type Whose } from "./queries";
import { waitsFor } from "./waits";
import "./Inbox.css";

const WHOSE = [
  { value: "me", name: "Waiting for me" },
  { value: "mine", name: "Opened by me" },
  { value: "all", name: "All open" },
] as const;

const COLUMNS: Column<Waiting>[] = [
  {
    key: "request",
    head: "Request",
    cell: ({ request: { model, number } }) => (
      <Link to="/models/$model/requests/$request" params={{ model, request: String(number) }}>
        Request {number}
      </Link>
    ),
  },
  {
    key: "model",
    head: "Model",
    cell: ({ request }) => (
      <span className="inbox-model" title={request.model}>
        <ModelLink model={request.model} />
      </span>
    ),
  },
  {
    key: "version",
    head: "Version",
    cell: ({ request, label }) => <VersionLink model={request.model} version={request.version} label={label} />,
  },
  {
    key: "move",
    head: "Move",
    cell: ({ request }) => (
      <>
        <Stage name={request.from_stage} /> → <Stage name={request.to_stage} />
      </>
    ),
  },
  { key: "waits", head: "Waits for", cell: ({ waiting_for: reasons }) => waitsFor(reasons) },
  {
    key: "due",
    head: "Due",
    cell: ({ request: { due_at: at } }) => (at === null ? "—" : <Time at={at} />),
  },
];
const ASKED_BY: Column<Waiting> = {
  key: "by",
  head: "Asked by",
  cell: ({ request }) => <Person name={request.requested_by} />,
};

/** The open requests of all models: those that wait for the reader first. */
export function Inbox() {
  const [address, change] = useAddress();
  const navigate = useNavigate();
  const may = useMay();
  const caller = useCaller()?.principal ?? "";
  const whose: Whose = address.for === "mine" || address.for === "all" ? address.for : "me";
  const found = useInfiniteQuery(inboxOf(whose));
  const [doing, setDoing] = useState<{ act: Act; row: Waiting } | null>(null);
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useMemo(
    (): Column<Waiting>[] => [
      ...COLUMNS,
      {
        key: "vote",
        head: "Vote",
        cell: (row) =>
          row.waiting_for.includes("me") ? (
            <span className="inbox-vote">
              <Button onClick={() => setDoing({ act: "approve", row })}>Approve</Button>
              <Button kind="danger" onClick={() => setDoing({ act: "reject", row })}>
                Reject
              </Button>
            </span>
          ) : (
            <span className="muted">—</span>
          ),
      },
      ASKED_BY,
    ],
    [],
  );
  const vote = (act: Act) => (row: Waiting) => {
    if (voteRefusal(row.request, caller, may) === undefined) {
      setDoing({ act, row });
    }
  };
  return (
    <Page title="Inbox">
      <Choice
        label="Which requests"
        options={WHOSE}
        value={whose}
        onChange={(next) => change({ for: next === "me" ? undefined : next })}
      />
      <div className="card card-flush">
        <VirtualTable
          caption="Open requests, the next due first"
          columns={columns}
          rows={rows}
          rowKey={({ request }) => `${request.model}/${request.number}`}
          pages={found}
          empty={<NothingWaits whose={whose} />}
          onOpen={({ request }) =>
            void navigate({
              to: "/models/$model/requests/$request",
              params: { model: request.model, request: String(request.number) },
            })
          }
          rowKeys={{ a: vote("approve"), r: vote("reject") }}
        />
      </div>
      {doing !== null && <RequestDialog act={doing.act} request={doing.row.request} onClose={() => setDoing(null)} />}
    </Page>
  );
}
