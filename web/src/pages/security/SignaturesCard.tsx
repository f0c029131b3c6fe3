import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Counts } from "./Counts";
import { signaturesOf } from "./queries";
import { Save } from "./Save";

const REGISTRY = "registry";
const WITH = { key: "a key", certificate: "a certificate", keyless: "no key of its own (sigstore)" };

/** Who signed the files of a version, and whose signatures count. */
export function SignaturesCard({ model, version }: { model: string; version: number }) {
  const query = useQuery(signaturesOf(model, String(version)));
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <Card title="Signatures of the files" flush>
      {failure !== null && <ProblemNotice error={failure} />}
      <Loaded query={query} lines={3}>
        {(signatures) => (
          <Table
            caption="Signatures of the files"
            rows={signatures}
            rowKey={({ name }) => name}
            empty={
              <Empty title="Nobody has signed these files">
                <p>
                  The registry signs if its operator turned that on. Whoever made the files can sign them with{" "}
                  <code>
                    moorage signatures add {model}/{version} build model.sig
                  </code>
                  .
                </p>
              </Empty>
            }
            columns={[
              { key: "name", head: "Signature", cell: ({ name }) => name },
              {
                key: "by",
                head: "Verified",
                wide: true,
                cell: ({ name, doubt, signer }) => (
                  <Counts doubt={doubt} by={name === REGISTRY ? "the registry’s own" : `signed by ${signer}`} />
                ),
              },
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
                    file={`${model}-${version}-${name}.sig`}
                    what={`the signature ${name}`}
                    onFailure={setFailure}
                    read={async () => {
                      const path = { model, version: String(version), signature: name };
                      const found = await answered(
                        api.GET("/v1/models/{model}/versions/{version}/signatures/{signature}", { params: { path } }),
                      );
                      return found.bundle;
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
