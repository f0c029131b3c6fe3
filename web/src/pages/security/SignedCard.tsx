import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Person } from "../../ui/Badges";
import { DownloadButton } from "../../ui/DownloadButton";
import { saveJson } from "../../ui/download";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ProblemNotice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { type Column, Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { Counts } from "./Counts";

/** What all signed records have in common. `doubt` says why one does not count. */
interface Signed {
  name: string;
  doubt: string | null;
  recorded_at: string;
  recorded_by: string;
}

interface SignedCardProps<T extends Signed> {
  title: string;
  /** What one of them is, in the middle of a sentence. */
  one: string;
  query: UseQueryResult<readonly T[]>;
  /** What is said if there are none: that there are none, and what makes one. */
  none: string;
  hint: ReactNode;
  /** The column that names each. */
  named: Pick<Column<T>, "head" | "cell">;
  /** Whose it is, if it counts. */
  by: (record: T) => string;
  /** What else there is to see of each. */
  columns: Column<T>[];
  /** The end of a file's name. */
  suffix: string;
  /** `fraud-3`: the beginning of a file's name. */
  subject: string;
  /** Reads the record itself, to be saved as a file. */
  read: (name: string) => Promise<unknown>;
}

/** Records about a version that somebody signed: whether each counts, who recorded it, and the record as a file. */
export function SignedCard<T extends Signed>(props: SignedCardProps<T>) {
  const { title, one, query, none, hint, named, by, columns, suffix, subject, read } = props;
  const [failure, setFailure] = useState<unknown>(null);
  return (
    <Card title={title} flush>
      {failure !== null && <ProblemNotice error={failure} />}
      <Loaded query={query} lines={3}>
        {(records) => (
          <Table
            caption={title}
            rows={records}
            rowKey={({ name }) => name}
            empty={
              <Empty title={none}>
                <p>{hint}</p>
              </Empty>
            }
            columns={[
              { key: "name", ...named },
              {
                key: "by",
                head: "Verified",
                wide: true,
                cell: (record) => <Counts doubt={record.doubt} by={by(record)} />,
              },
              ...columns,
              {
                key: "at",
                head: "Recorded",
                cell: ({ recorded_at: at, recorded_by: recorder }) => (
                  <>
                    <Time at={at} /> by <Person name={recorder} />
                  </>
                ),
              },
              {
                key: "save",
                head: <span className="visually-hidden">Download</span>,
                cell: ({ name }) => (
                  <DownloadButton
                    what={`the ${one} ${name}`}
                    hand={async () => saveJson(`${subject}-${name}${suffix}`, await read(name))}
                    onFailure={setFailure}
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
