import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import type { Assessment } from "./queries";
import { inWords } from "./vex";

interface StatedProps {
  assessment: Assessment;
  refused: string | undefined;
  onState: (id: string) => void;
}

/** What was stated of the version's vulnerabilities, by whom, and until when it stands. */
export function Stated({ assessment, refused, onState }: StatedProps) {
  const [leaving, setLeaving] = useState<string | null>(null);
  const { model, version, statements } = assessment;
  if (statements.length === 0) {
    return null;
  }
  return (
    <>
      <h3>What is stated</h3>
      <Table
        caption="Statements on vulnerabilities"
        rows={statements}
        rowKey={({ id }) => id}
        columns={[
          { key: "id", head: "Vulnerability", cell: ({ id }) => <code>{id}</code> },
          {
            key: "status",
            head: "Status",
            wide: true,
            cell: ({ status, justification, detail }) => (
              <>
                {inWords(status)}
                {justification !== null && `, ${inWords(justification)}`}
                {detail !== "" && <div className="muted text">{detail}</div>}
              </>
            ),
          },
          {
            key: "by",
            head: "Stated",
            cell: ({ stated_by: by, stated_at: at }) => (
              <>
                <Person name={by} />, <Time at={at} />
              </>
            ),
          },
          {
            key: "expires",
            head: "Stands",
            cell: ({ expires_at: until, stands }) =>
              until === null ? (
                "for good"
              ) : (
                <>
                  {stands ? "until " : "expired "}
                  <Time at={until} />
                </>
              ),
          },
          {
            key: "act",
            head: <span className="visually-hidden">Change</span>,
            cell: ({ id }) =>
              refused === undefined && (
                <div className="findings-acts">
                  <Button kind="quiet" onClick={() => onState(id)}>
                    <span>
                      Change<span className="visually-hidden"> what is stated of {id}</span>
                    </span>
                  </Button>
                  <Button kind="quiet" onClick={() => setLeaving(id)}>
                    <span>
                      Take back<span className="visually-hidden"> what is stated of {id}</span>
                    </span>
                  </Button>
                </div>
              ),
          },
        ]}
      />
      {leaving !== null && (
        <ActionDialog
          title={`Take back what is stated of ${leaving}`}
          label="Take it back"
          act={(_, key) =>
            api.DELETE("/v1/models/{model}/versions/{version}/vulnerabilities/{vulnerability}", {
              params: {
                path: { model, version: String(version), vulnerability: leaving },
                header: changeHeaders(key),
              },
            })
          }
          said={`What was stated of ${leaving} is taken back`}
          refresh={[["model", model, "version"]]}
          onClose={() => setLeaving(null)}
        >
          <p className="text">If it lifted the vulnerability, the vulnerability counts against the version again.</p>
        </ActionDialog>
      )}
    </>
  );
}
