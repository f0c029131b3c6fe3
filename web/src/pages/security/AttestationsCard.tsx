import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { webAddress } from "../../format/addresses";
import { Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Counts } from "./Counts";
import { type Attestation, attestationsOf } from "./queries";
import { Save } from "./Save";

/** What builders and others attest of a version's files, and who verified it. */
export function AttestationsCard({ model, version }: { model: string; version: number }) {
  const query = useQuery(attestationsOf(model, String(version)));
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <Card title="Attestations" flush>
      {failure !== null && <ProblemNotice error={failure} />}
      <Loaded query={query} lines={3}>
        {(attestations) => (
          <Table
            caption="Attestations"
            rows={attestations}
            rowKey={({ name }) => name}
            empty={
              <Empty title="No attestations">
                <p>A builder records one, such as SLSA provenance, with the API. It says where the files were made.</p>
              </Empty>
            }
            columns={[
              {
                key: "name",
                head: "Attestation",
                cell: ({ name, predicate_type: type }) => (
                  <>
                    {name}
                    <div className="muted">{type}</div>
                  </>
                ),
              },
              {
                key: "by",
                head: "Verified",
                wide: true,
                cell: ({ verified_by: by, doubt }) => <Counts doubt={doubt} by={`signed by ${by}`} />,
              },
              { key: "built", head: "Built", wide: true, cell: (attestation) => <Built {...attestation} /> },
              { key: "about", head: "About", cell: ({ whole }) => (whole ? "all files" : "some of the files") },
              {
                key: "at",
                head: "Recorded",
                cell: ({ recorded_at: at, recorded_by: by }) => (
                  <>
                    <Time at={at} /> by <Person name={by} />
                  </>
                ),
              },
              {
                key: "save",
                head: <span className="visually-hidden">Download</span>,
                cell: ({ name }) => (
                  <Save
                    file={`${model}-${version}-${name}.dsse.json`}
                    what={`the attestation ${name}`}
                    onFailure={setFailure}
                    read={async () => {
                      const path = { model, version: String(version), attestation: name };
                      const found = await answered(
                        api.GET("/v1/models/{model}/versions/{version}/attestations/{attestation}", {
                          params: { path },
                        }),
                      );
                      return found.envelope;
                    }}
                  />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** Where the files were built, as the attestation says. It is only as good as who signed it. */
function Built({ provenance }: Attestation) {
  if (provenance === null) {
    return <span className="muted">It does not say</span>;
  }
  const { builder, repository, commit } = provenance;
  const address = webAddress(repository);
  return (
    <>
      {repository &&
        (address === null ? (
          repository
        ) : (
          <a href={address} rel="noreferrer noopener">
            {repository}
          </a>
        ))}
      {commit && (
        <>
          {" "}
          at <code title={commit}>{commit.slice(0, 12)}</code>
        </>
      )}
      {builder && <div className="muted">by {builder}</div>}
    </>
  );
}
