import { useState } from "react";
import { endSession, type OwnSession, ownSessions } from "../../api/session";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { leave } from "../../ui/leave";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";

const QUERY = ["sessions", "own"];

/** Where the reader is signed in, each with a button that ends it. */
export function OwnSessions() {
  const list = usePaged(QUERY, ownSessions, 20);
  const [ending, setEnding] = useState<OwnSession | null>(null);
  const columns: Column<OwnSession>[] = [
    {
      key: "began",
      head: "Began",
      cell: (session) => (
        <>
          <Time at={session.created_at} />
          {session.current && <strong> · this browser</strong>}
        </>
      ),
    },
    {
      key: "method",
      head: "By",
      cell: ({ method, trust }) => (method === "oidc" ? `sign-in at ${trust ?? "an issuer"}` : method),
    },
    { key: "used", head: "Last used", cell: ({ used_at }) => <Time at={used_at} ago /> },
    { key: "ends", head: "Ends if unused", cell: ({ ends_at }) => <Time at={ends_at} /> },
    {
      key: "act",
      head: <span className="visually-hidden">Action</span>,
      align: "end",
      cell: (session) =>
        session.current ? (
          <Button onClick={() => void leave()}>Sign out</Button>
        ) : (
          <Button onClick={() => setEnding(session)}>End</Button>
        ),
    },
  ];
  return (
    <>
      <PagedTable
        caption="Your sessions"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty title="No sessions" />}
      />
      {ending !== null && (
        <ActionDialog
          title="End this session"
          danger
          act={() => endSession(ending.id)}
          said="The session has ended"
          refresh={[QUERY]}
          onClose={() => setEnding(null)}
        >
          <p>
            The session that began at <Time at={ending.created_at} /> ends. Whoever uses that browser is signed out
            within a minute, and must sign in again.
          </p>
        </ActionDialog>
      )}
    </>
  );
}
