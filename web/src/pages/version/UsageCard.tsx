import { useInfiniteQuery } from "@tanstack/react-query";
import type { Version } from "../../api/documents";
import { count } from "../../format/number";
import { Alias, Person } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { usageOf } from "./queries";

/** Who downloads a version. */
export function UsageCard({ version: { model, number } }: { version: Version }) {
  const query = useInfiniteQuery(usageOf(model, number));
  return (
    <Card title="Used by" flush>
      <Loaded query={query} lines={2}>
        {({ pages }) => (
          <>
            <Table
              caption="Who uses the version"
              rows={pages.flatMap((page) => page.items)}
              rowKey={({ principal }) => principal}
              empty={
                <Empty title="Nobody yet">
                  <p>
                    A use is counted when somebody loads the version, for example with{" "}
                    <code>
                      moorage download <bdi>{model}</bdi>/{number} model/
                    </code>
                    .
                  </p>
                </Empty>
              }
              columns={[
                { key: "who", head: "Who", cell: ({ principal }) => <Person name={principal} /> },
                { key: "count", head: "Times", cell: (usage) => count(usage.count), align: "end" },
                { key: "last", head: "Last", cell: ({ last_at: at }) => <Time at={at} ago /> },
                {
                  key: "alias",
                  head: "By alias",
                  cell: ({ last_alias: alias }) => (alias === null ? "—" : <Alias name={alias} />),
                },
              ]}
            />
            {query.hasNextPage && (
              <div className="row">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
