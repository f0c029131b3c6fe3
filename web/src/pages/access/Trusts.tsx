import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Skeleton } from "../../ui/Loaded";
import { Opened } from "../../ui/Opened";
import { Card } from "../../ui/Page";
import { More } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { GrantList } from "./GrantsField";
import { ACCESS, listTrusts, type Trust, trustOf } from "./queries";
import { TrustForm } from "./TrustForm";
import { useAdministers } from "./useAdministers";

type Chosen = { act: "set" } | { act: "change" | "delete"; trust: Trust };

/** The outside identities that the registry believes: OIDC issuers and AWS principals. */
export function Trusts() {
  const list = usePaged([...ACCESS, "trusts"], listTrusts);
  const refused = useAdministers();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const close = () => setChosen(null);
  return (
    <>
      <div className="spread">
        <p className="text">
          A trust lets people and programs in by what another party says of them: an OIDC issuer such as GitHub, Okta or
          Entra, or AWS.
        </p>
        <Button kind="primary" refused={refused} onClick={() => setChosen({ act: "set" })}>
          Add a trust
        </Button>
      </div>
      {list.pages.isPending && <Skeleton />}
      {list.pages.isSuccess && list.rows.length === 0 && (
        <Card title="No trusts yet">
          <Empty title="Only registry tokens are accepted">
            <p className="text">
              <code>moorage trust oidc --help</code> shows how to add an issuer; docs/security.md has examples for
              GitHub Actions, GitLab, Cognito, Okta and Entra.
            </p>
          </Empty>
        </Card>
      )}
      {list.rows.map((trust) => (
        <Card
          key={trust.name}
          id={`trust-${trust.name}`}
          title={trust.name}
          actions={
            refused === undefined && (
              <>
                <Button onClick={() => setChosen({ act: "change", trust })}>
                  Change<span className="visually-hidden"> {trust.name}</span>
                </Button>
                <Button kind="danger" onClick={() => setChosen({ act: "delete", trust })}>
                  Delete<span className="visually-hidden"> {trust.name}</span>
                </Button>
              </>
            )
          }
        >
          <About trust={trust} />
        </Card>
      ))}
      <More list={list} />
      {chosen?.act === "set" && <TrustForm onClose={close} />}
      {chosen?.act === "change" && (
        <Opened title={`Change the trust ${chosen.trust.name}`} read={() => trustOf(chosen.trust.name)} onClose={close}>
          {(trust) => <TrustForm trust={trust} onClose={close} />}
        </Opened>
      )}
      {chosen?.act === "delete" && <DeleteTrust trust={chosen.trust} onClose={close} />}
    </>
  );
}

function About({ trust }: { trust: Trust }) {
  return (
    <Facts>
      {trust.kind === "iam" ? (
        <Fact name="AWS principals">
          <ul className="access-list">
            {(trust.arns ?? []).map((arn) => (
              <li key={arn}>
                <code>{arn}</code>
              </li>
            ))}
          </ul>
        </Fact>
      ) : (
        <>
          <Fact name="Issuer">
            <code>{trust.issuer}</code>
          </Fact>
          <Fact name="Audience">
            <code>{trust.audience}</code>
          </Fact>
          <Fact name="Algorithms">{(trust.algorithms ?? []).join(", ")}</Fact>
          <Fact name="Conditions">
            <ul className="access-list">
              {Object.entries(trust.conditions ?? {}).map(([claim, values]) => (
                <li key={claim}>
                  <code>{claim}</code> is <code>{values.join(" or ")}</code>
                </li>
              ))}
              {Object.keys(trust.conditions ?? {}).length === 0 && <li className="muted">None</li>}
            </ul>
          </Fact>
          {trust.groups_claim && (
            <Fact name="Groups from">
              <code>{trust.groups_claim}</code>
            </Fact>
          )}
          <Fact name="Sign-in here">
            {trust.sign_in ? (
              <>
                {trust.sign_in.label}, as the client <code>{trust.sign_in.client_id}</code>
                {trust.sign_in.has_secret ? ", with a secret" : ", without a secret"}
              </>
            ) : (
              <span className="muted">Not offered</span>
            )}
          </Fact>
        </>
      )}
      <Fact name="Grants">
        <GrantList grants={trust.grants} />
      </Fact>
      <Fact name="Changed">
        <Time at={trust.updated_at} />, first by <Person name={trust.created_by} />
      </Fact>
    </Facts>
  );
}

function DeleteTrust({ trust, onClose }: { trust: Trust; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Delete the trust ${trust.name}`}
      danger
      act={(_, key) =>
        api.DELETE("/v1/trust/{trust}", { params: { path: { trust: trust.name }, header: changeHeaders(key) } })
      }
      said={`The trust ${trust.name} is deleted`}
      refresh={[ACCESS]}
      onClose={onClose}
    >
      <p>Everybody who comes by it is refused within a minute, and their sessions end.</p>
    </ActionDialog>
  );
}
