import { useState } from "react";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { OnceSecret } from "../../ui/OnceSecret";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { GrantList } from "./GrantsField";
import { ACCESS, listTokens, type Token } from "./queries";
import { CreateToken, RevokeToken, RotateToken } from "./TokenDialogs";
import { tokenState } from "./tokens";
import { useAdministers } from "./useAdministers";

type Chosen = { act: "create" } | { act: "rotate" | "revoke"; token: Token };

/** Every token, newest first: who holds it, what it may do, and when it was last used. */
export function Tokens() {
  const list = usePaged([...ACCESS, "tokens"], listTokens);
  const refused = useAdministers();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [secret, setSecret] = useState<{ title: string; value: string | null } | null>(null);
  const close = () => setChosen(null);
  const show = (title: string) => (value: string | null) => {
    close();
    setSecret({ title, value });
  };
  const columns: Column<Token>[] = [
    {
      key: "name",
      head: "Token",
      cell: ({ name, person }) => (
        <span className="access-name">
          <strong>{name}</strong>
          {person !== `token:${name}` && <span className="muted"> held by {person}</span>}
        </span>
      ),
    },
    {
      key: "grants",
      head: "May",
      wide: true,
      cell: ({ grants, groups }) => (
        <>
          <GrantList grants={grants} />
          {groups.length > 0 && <div className="muted">in the groups {groups.join(", ")}</div>}
        </>
      ),
    },
    {
      key: "used",
      head: "Last used",
      cell: ({ last_used_at }) => (last_used_at ? <Time at={last_used_at} /> : "never"),
    },
    { key: "state", head: "State", cell: (token) => <State token={token} /> },
    {
      key: "act",
      head: <span className="visually-hidden">Actions</span>,
      cell: (token) =>
        tokenState(token, new Date()) === "active" &&
        refused === undefined && (
          <span className="access-acts">
            <Button onClick={() => setChosen({ act: "rotate", token })}>Rotate</Button>
            <Button kind="danger" onClick={() => setChosen({ act: "revoke", token })}>
              Revoke
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Card
      title="Tokens"
      flush
      actions={
        <Button kind="primary" refused={refused} onClick={() => setChosen({ act: "create" })}>
          Create a token
        </Button>
      }
    >
      <PagedTable
        caption="Tokens"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty title="No tokens yet">
            <p>
              Create one here, or with <code>moorage tokens create ci --role contributor</code>
            </p>
          </Empty>
        }
      />
      {chosen?.act === "create" && <CreateToken onClose={close} onCreated={show("The token is created")} />}
      {chosen?.act === "rotate" && (
        <RotateToken token={chosen.token} onClose={close} onRotated={show(`${chosen.token.name} has a new secret`)} />
      )}
      {chosen?.act === "revoke" && <RevokeToken token={chosen.token} onClose={close} />}
      {secret !== null && (
        <OnceSecret title={secret.title} what="token" secret={secret.value} onClose={() => setSecret(null)} />
      )}
    </Card>
  );
}

function State({ token }: { token: Token }) {
  const state = tokenState(token, new Date());
  if (state === "revoked" && token.revoked_at !== null) {
    return (
      <span className="muted">
        revoked <Time at={token.revoked_at} />
      </span>
    );
  }
  return (
    <span className={state === "active" ? undefined : "muted"}>
      {state === "active" ? "expires " : "expired "}
      <Time at={token.expires_at} />
    </span>
  );
}
