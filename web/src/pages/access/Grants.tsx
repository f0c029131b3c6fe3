import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { saved } from "../../api/saved";
import { changeHeaders, type Tagged } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { TextField } from "../../ui/Field";
import { Opened } from "../../ui/Opened";
import { Card } from "../../ui/Page";
import { PagedTable } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { useAddress } from "../../ui/search";
import type { Column } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { GrantList, GrantsField } from "./GrantsField";
import { grantsRefusal } from "./limits";
import { ACCESS, type Grant, grantsOf, type SubjectGrants, subjectGrantsOf } from "./queries";
import { useAdministers } from "./useAdministers";

const GRANTS = [...ACCESS, "grants"];
type Chosen = { act: "set" } | { act: "change" | "delete"; granted: SubjectGrants };

/** The grants of principals and groups, beside those that tokens and trusts have themselves. */
export function Grants() {
  const [{ subject = "" }, change] = useAddress();
  const list = usePaged([...GRANTS, subject], grantsOf(subject));
  const refused = useAdministers();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const close = () => setChosen(null);
  const columns: Column<SubjectGrants>[] = [
    { key: "subject", head: "Who", cell: ({ subject: who }) => <code className="access-name">{who}</code> },
    { key: "grants", head: "May", wide: true, cell: ({ grants }) => <GrantList grants={grants} /> },
    {
      key: "changed",
      head: "Changed",
      cell: ({ updated_at, created_by }) => (
        <>
          <Time at={updated_at} />
          <div className="muted">
            first by <Person name={created_by} />
          </div>
        </>
      ),
    },
    {
      key: "act",
      head: <span className="visually-hidden">Actions</span>,
      cell: (granted) =>
        refused === undefined && (
          <span className="access-acts">
            <Button onClick={() => setChosen({ act: "change", granted })}>Change</Button>
            <Button kind="danger" onClick={() => setChosen({ act: "delete", granted })}>
              Remove
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Card
      title="Grants"
      flush
      actions={
        <Button kind="primary" refused={refused} onClick={() => setChosen({ act: "set" })}>
          Grant to somebody
        </Button>
      }
    >
      {subject !== "" && (
        <div className="access-filter">
          Only those of <code>{subject}</code>
          <Button onClick={() => change({ subject: undefined })}>Show all</Button>
        </div>
      )}
      <PagedTable
        caption="Grants"
        columns={columns}
        list={list}
        rowKey={({ id }) => id}
        empty={
          <Empty title="No grants yet">
            <p className="text">
              Tokens and trusts have grants of their own. Those here add to them, for a person or a whole group:{" "}
              <code>moorage grants set group:risk --grant "reviewer=risk-*"</code>
            </p>
          </Empty>
        }
      />
      {chosen?.act === "set" && <SetGrants onClose={close} />}
      {chosen?.act === "change" && (
        <Opened
          title={`Change the grants of ${chosen.granted.subject}`}
          read={() => subjectGrantsOf(chosen.granted.id)}
          onClose={close}
        >
          {(granted) => <SetGrants granted={granted} onClose={close} />}
        </Opened>
      )}
      {chosen?.act === "delete" && <DeleteGrants granted={chosen.granted} onClose={close} />}
    </Card>
  );
}

function SetGrants({ granted, onClose }: { granted?: Tagged<SubjectGrants>; onClose: () => void }) {
  const [subject, setSubject] = useState(granted?.subject ?? "");
  const [grants, setGrants] = useState<Grant[]>(granted?.grants ?? [{ role: "viewer", models: "*" }]);
  return (
    <ActionDialog
      title={granted === undefined ? "Grant to somebody" : `Change the grants of ${granted.subject}`}
      label="Save the grants"
      act={(_, key) =>
        saved(granted?.etag, `an entry of ${subject}`, (etag) =>
          api.PUT("/v1/grants", { params: { header: changeHeaders(key, etag) }, body: { subject, grants } }),
        )
      }
      said={`The grants of ${subject} are saved`}
      refresh={[ACCESS]}
      onClose={onClose}
      refused={grants.length === 0 ? "To take all grants away, remove the entry." : grantsRefusal(grants)}
    >
      {(error) => (
        <>
          {granted === undefined && (
            <TextField
              label="Who"
              hint="token:<name>, oidc:<trust>:<sub>, iam:<arn>, or group:<name>."
              required
              maxLength={512}
              spellCheck={false}
              fault={faultAt(error, "/subject")}
              value={subject}
              onChange={(event) => setSubject(event.target.value)}
            />
          )}
          <GrantsField grants={grants} error={error} onChange={setGrants} />
        </>
      )}
    </ActionDialog>
  );
}

function DeleteGrants({ granted, onClose }: { granted: SubjectGrants; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Remove the grants of ${granted.subject}`}
      danger
      act={(_, key) =>
        api.DELETE("/v1/grants/{grant}", { params: { path: { grant: granted.id }, header: changeHeaders(key) } })
      }
      said={`The grants of ${granted.subject} are removed`}
      refresh={[ACCESS]}
      onClose={onClose}
    >
      <p>Within a minute it may only do what its token, trust or groups allow.</p>
      <GrantList grants={granted.grants} />
    </ActionDialog>
  );
}
