import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { ACCESS, listSessions, type SignedIn } from "./queries";
import { useAdministers } from "./useAdministers";

const SESSIONS = [...ACCESS, "sessions"];

/** Who is signed in to this interface. */
export function Sessions() {
  const list = usePaged(SESSIONS, listSessions);
  const refused = useAdministers();
  const [ending, setEnding] = useState<SignedIn | null>(null);
  const columns: Column<SignedIn>[] = [
    { key: "who", head: "Who", cell: ({ principal }) => <Person name={principal} />, wide: true },
    { key: "method", head: "By", cell: ({ method, trust }) => (trust === null ? method : `sign-in at ${trust}`) },
    { key: "began", head: "Began", cell: ({ created_at }) => <Time at={created_at} /> },
    { key: "used", head: "Last used", cell: ({ used_at }) => <Time at={used_at} /> },
    { key: "ends", head: "Ends if unused", cell: ({ ends_at }) => <Time at={ends_at} /> },
    {
      key: "act",
      head: <span className="visually-hidden">Actions</span>,
      cell: (session) => refused === undefined && <Button onClick={() => setEnding(session)}>End</Button>,
    },
  ];
  return (
    <Card title="Sessions" flush>
      <PagedTable
        caption="Sessions"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty title="Nobody is signed in" />}
      />
      {ending !== null && (
        <ActionDialog
          title={`End a session of ${ending.principal}`}
          danger
          act={(_, key) =>
            api.DELETE("/v1/sessions/{session}", {
              params: { path: { session: ending.id }, header: changeHeaders(key) },
            })
          }
          said="The session has ended"
          refresh={[SESSIONS]}
          onClose={() => setEnding(null)}
        >
          <p>
            It began at <Time at={ending.created_at} />. Who uses it must sign in again within a minute. To keep
            somebody out, revoke their token, or change their trust or grants.
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}
