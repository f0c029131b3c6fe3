import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { TransitionRequest } from "../../api/documents";
import { Person, Stage, VersionLink } from "../../ui/Badges";
import { Choice } from "../../ui/Choice";
import { Snippet } from "../../ui/Copy";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { RequestState } from "../../ui/RequestState";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { VirtualTable } from "../../ui/VirtualTable";
import { requestsOf, type Shown } from "./queries";

const SHOWN = [
  { value: "open", name: "Open" },
  { value: "all", name: "All" },
] as const;

const COLUMNS: Column<TransitionRequest>[] = [
  {
    key: "number",
    head: "Request",
    cell: ({ model, number }) => (
      <Link to="/models/$model/requests/$request" params={{ model, request: String(number) }}>
        Request {number}
      </Link>
    ),
  },
  { key: "state", head: "State", cell: ({ state }) => <RequestState state={state} /> },
  { key: "version", head: "Version", cell: ({ model, version }) => <VersionLink model={model} version={version} /> },
  {
    key: "move",
    head: "Move",
    cell: (request) => (
      <>
        <Stage name={request.from_stage} /> → <Stage name={request.to_stage} />
      </>
    ),
  },
  { key: "votes", head: "Votes", cell: ({ votes }) => tally(votes) },
  { key: "by", head: "Asked by", cell: ({ requested_by: name }) => <Person name={name} /> },
  { key: "at", head: "Asked", cell: ({ requested_at: at }) => <Time at={at} /> },
  { key: "due", head: "Due", cell: ({ due_at: at }) => (at === null ? "—" : <Time at={at} />) },
];

/** The transition requests of a model. */
export function Requests() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [address, change] = useAddress();
  const navigate = useNavigate();
  const state: Shown = address.state === "all" ? "all" : "open";
  const found = useInfiniteQuery(requestsOf(model, state));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Requests">
      <Choice
        label="Which requests"
        options={SHOWN}
        value={state}
        onChange={(next) => change({ state: next === "open" ? undefined : next })}
      />
      <div className="card card-flush">
        <VirtualTable
          caption={state === "open" ? "Open requests, the oldest first" : "All requests, the newest first"}
          columns={COLUMNS}
          rows={rows}
          rowKey={({ number }) => number}
          pages={found}
          empty={<None model={model} state={state} />}
          onOpen={({ number }) =>
            void navigate({ to: "/models/$model/requests/$request", params: { model, request: String(number) } })
          }
        />
      </div>
    </Page>
  );
}

function None({ model, state }: { model: string; state: Shown }) {
  return (
    <Empty title={state === "open" ? "No open requests" : "No requests yet"}>
      <p className="text">
        A request asks reviewers to approve a move to another stage. The page of a version opens one, and so does:
      </p>
      <Snippet text={`moorage requests open ${model}/1 production --reason "…"`} what="the command" />
    </Empty>
  );
}

/** `2 for, 1 void`. */
export function tally(votes: TransitionRequest["votes"]): string {
  const counts: [number, string][] = [
    [votes.filter((vote) => !vote.void && vote.approve).length, "for"],
    [votes.filter((vote) => !vote.void && !vote.approve).length, "against"],
    [votes.filter((vote) => vote.void).length, "void"],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return parts.length === 0 ? "—" : parts.join(", ");
}
