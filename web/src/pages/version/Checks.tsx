import { webAddress } from "../../format/addresses";
import { Mark, Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import type { VersionOverview } from "./queries";

/** Checks that CI and others reported, or will report. */
export function Checks({ glance }: { glance: VersionOverview }) {
  const { checks, version } = glance;
  return (
    <Table
      caption="Checks"
      rows={checks}
      rowKey={({ name }) => name}
      empty={
        <Empty title="No checks yet">
          <p>
            A pipeline reports one with{" "}
            <code>
              moorage checks report {version.model}/{version.number} unit-tests --passed
            </code>
            .
          </p>
        </Empty>
      }
      columns={[
        {
          key: "state",
          head: "Result",
          cell: (check) => (
            <Mark state={check.state === "passed" ? "met" : check.state === "failed" ? "unmet" : "waiting"}>
              {check.state}
            </Mark>
          ),
        },
        { key: "name", head: "Check", cell: ({ name }) => name },
        {
          key: "details",
          head: "Details",
          cell: (check) =>
            check.due_at === null ? <Details {...check} /> : <Wait link={check.link} due={check.due_at} />,
          wide: true,
        },
        { key: "by", head: "Reported by", cell: ({ reported_by: by }) => by !== null && <Person name={by} /> },
        { key: "at", head: "At", cell: ({ reported_at: at }) => at !== null && <Time at={at} /> },
      ]}
    />
  );
}

/** Until when a report is awaited, or was, and where it is being made. */
function Wait({ link, due }: { link: string | null; due: string }) {
  const address = webAddress(link);
  return (
    <>
      Due <Time at={due} />{" "}
      {address !== null && (
        <a href={address} rel="noreferrer noopener">
          Its run
        </a>
      )}
    </>
  );
}

function Details({ details, evidence }: { details: string; evidence: string | null }) {
  const address = webAddress(evidence);
  return (
    <>
      {details}{" "}
      {address === null ? (
        evidence
      ) : (
        <a href={address} rel="noreferrer noopener">
          Evidence
        </a>
      )}
    </>
  );
}
