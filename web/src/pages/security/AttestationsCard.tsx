import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { webAddress } from "../../format/addresses";
import { type Attestation, attestationsOf } from "./queries";
import { SignedCard } from "./SignedCard";

/** What builders and others attest of a version's files, and who verified it. */
export function AttestationsCard({ model, version }: { model: string; version: number }) {
  return (
    <SignedCard
      title="Attestations"
      one="attestation"
      query={useQuery(attestationsOf(model, String(version)))}
      none="No attestations"
      hint="A builder records one, such as SLSA provenance, with the API. It says where the files were made."
      named={{
        head: "Attestation",
        cell: ({ name, predicate_type: type }) => (
          <>
            {name}
            <div className="muted">{type}</div>
          </>
        ),
      }}
      by={({ verified_by: by }) => `signed by ${by}`}
      columns={[
        { key: "built", head: "Built", wide: true, cell: (attestation) => <Built {...attestation} /> },
        { key: "about", head: "About", cell: ({ whole }) => (whole ? "all files" : "some of the files") },
      ]}
      subject={`${model}-${version}`}
      suffix=".dsse.json"
      read={async (attestation) => {
        const path = { model, version: String(version), attestation };
        const found = await answered(
          api.GET("/v1/models/{model}/versions/{version}/attestations/{attestation}", { params: { path } }),
        );
        return found.envelope;
      }}
    />
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
