import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Snippet } from "../../ui/Copy";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Opened } from "../../ui/Opened";
import { Card } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { ACCESS, type Signer, signerOf, signers } from "./queries";
import { SignerForm } from "./SignerForm";
import { useAdministers } from "./useAdministers";

type Chosen = { act: "trust" } | { act: "change" | "delete"; signer: Signer };

/** Whose signatures and attestations the registry believes. */
export function Signers() {
  const query = useQuery(signers);
  const refused = useAdministers();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const close = () => setChosen(null);
  return (
    <>
      <div className="spread">
        <p className="text">
          A signature or an attestation of a version counts if one of these signers made it. Gates may name those that
          they ask for.
        </p>
        <Button kind="primary" refused={refused} onClick={() => setChosen({ act: "trust" })}>
          Trust a signer
        </Button>
      </div>
      <Loaded query={query}>
        {(trusted) => (
          <>
            {trusted.length === 0 && (
              <Card title="No signers yet">
                <Empty title="Nobody’s signatures count but the registry’s own">
                  <p className="text">
                    <code>moorage signers save build --key build.pub</code> trusts a key, too.
                  </p>
                </Empty>
              </Card>
            )}
            {trusted.map((signer) => (
              <Card
                key={signer.name}
                id={`signer-${signer.name}`}
                title={signer.name}
                actions={
                  refused === undefined && (
                    <>
                      <Button onClick={() => setChosen({ act: "change", signer })}>
                        Change<span className="visually-hidden"> {signer.name}</span>
                      </Button>
                      <Button kind="danger" onClick={() => setChosen({ act: "delete", signer })}>
                        Delete<span className="visually-hidden"> {signer.name}</span>
                      </Button>
                    </>
                  )
                }
              >
                <About signer={signer} />
              </Card>
            ))}
          </>
        )}
      </Loaded>
      {chosen?.act === "trust" && <SignerForm onClose={close} />}
      {chosen?.act === "change" && (
        <Opened
          title={`Change the signer ${chosen.signer.name}`}
          read={() => signerOf(chosen.signer.name)}
          onClose={close}
        >
          {(signer) => <SignerForm signer={signer} onClose={close} />}
        </Opened>
      )}
      {chosen?.act === "delete" && <DeleteSigner signer={chosen.signer} onClose={close} />}
    </>
  );
}

function About({ signer }: { signer: Signer }) {
  const { name, description, public_key: key, authority, subjects } = signer;
  return (
    <>
      {description !== "" && <p className="text">{description}</p>}
      <Facts>
        <Fact name="Signs with">{key === null ? "certificates of an authority" : "a key"}</Fact>
        {subjects.length > 0 && (
          <Fact name="Certified as">
            <ul className="access-list">
              {subjects.map((subject) => (
                <li key={subject}>
                  <code>{subject}</code>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name="Changed">
          <Time at={signer.updated_at} />, first by <Person name={signer.created_by} />
        </Fact>
      </Facts>
      <details>
        <summary>
          {key === null ? "The authority" : "The key"}
          <span className="visually-hidden"> of {name}</span>
        </summary>
        <Snippet text={key ?? authority ?? ""} what={`the PEM of ${name}`} />
      </details>
    </>
  );
}

function DeleteSigner({ signer: { name }, onClose }: { signer: Signer; onClose: () => void }) {
  return (
    <ActionDialog
      title={`Delete the signer ${name}`}
      danger
      act={(_, key) =>
        api.DELETE("/v1/signers/{signer}", { params: { path: { signer: name }, header: changeHeaders(key) } })
      }
      said={`The signer ${name} is deleted`}
      refresh={[ACCESS]}
      onClose={onClose}
    >
      <p className="text">
        What it signed counts no longer, of all versions, and gates that ask for it are not met. If it is trusted again,
        attestations must be recorded again.
      </p>
    </ActionDialog>
  );
}
