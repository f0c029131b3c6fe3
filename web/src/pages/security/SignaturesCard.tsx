import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { signaturesOf } from "./queries";
import { SignedCard } from "./SignedCard";

const REGISTRY = "registry";
const WITH = { key: "a key", certificate: "a certificate", keyless: "no key of its own (sigstore)" };

/** Who signed the files of a version, and whose signatures count. */
export function SignaturesCard({ model, version }: { model: string; version: number }) {
  return (
    <SignedCard
      title="Signatures of the files"
      one="signature"
      query={useQuery(signaturesOf(model, String(version)))}
      none="Nobody has signed these files"
      hint={
        <>
          The registry signs if its operator turned that on. Whoever made the files can sign them with{" "}
          <code>
            moorage signatures add {model}/{version} build model.sig
          </code>
          .
        </>
      }
      named={{ head: "Signature", cell: ({ name }) => name }}
      by={({ name, signer }) => (name === REGISTRY ? "the registry’s own" : `signed by ${signer}`)}
      columns={[
        {
          key: "with",
          head: "Signed with",
          cell: ({ signed_with: means, identity }) => (
            <>
              {WITH[means]}
              {identity !== null && <div className="muted">{identity}</div>}
            </>
          ),
        },
      ]}
      subject={`${model}-${version}`}
      suffix=".sig"
      read={async (signature) => {
        const path = { model, version: String(version), signature };
        const found = await answered(
          api.GET("/v1/models/{model}/versions/{version}/signatures/{signature}", { params: { path } }),
        );
        return found.bundle;
      }}
    />
  );
}
