import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { many } from "../../format/words";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { Table } from "../../ui/Table";
import { Time } from "../../ui/Time";
import { LineageGraph } from "./LineageGraph";
import { NodeLink } from "./NodeLink";
import { type Graph, graphOf, kindInWords, linkInWords, linkKey, sourceInWords } from "./nodes";
import type { Direction, LineagePage } from "./queries";

const DIRECTIONS: { value: Direction; name: string }[] = [
  { value: "both", name: "Both ways" },
  { value: "up", name: "What it comes from" },
  { value: "down", name: "What came of it" },
];

/** The direction that the address names; both without one. */
export function useDirection(): Direction {
  const [{ direction }] = useAddress();
  return DIRECTIONS.find(({ value }) => value === direction)?.value ?? "both";
}

interface LineageProps {
  query: UseInfiniteQueryResult<InfiniteData<LineagePage>>;
  /** What stands between the graph and the table, which may be long. */
  children?: ReactNode;
}

/** A lineage as a graph, and the same as a table of links. More of it is read at the press of a button. */
export function LineageCards({ query, children }: LineageProps) {
  const direction = useDirection();
  const [, change] = useAddress();
  return (
    <>
      <Card
        title="Graph"
        actions={
          <Choice
            label="Direction"
            options={DIRECTIONS}
            value={direction}
            onChange={(chosen) => change({ direction: chosen === "both" ? undefined : chosen }, true)}
          />
        }
      >
        <Loaded query={query} lines={8}>
          {({ pages }) => <Drawn graph={graphOf(pages)} query={query} />}
        </Loaded>
      </Card>
      {children}
      {query.data !== undefined && <Links graph={graphOf(query.data.pages)} />}
    </>
  );
}

interface DrawnProps {
  graph: Graph;
  query: UseInfiniteQueryResult<InfiniteData<LineagePage>>;
}

function Drawn({ graph, query }: DrawnProps) {
  if (graph.nodes.length === 1 && !query.hasNextPage) {
    return (
      <Empty title="Nothing is known in this direction">
        <p>
          Register versions with their provenance: datasets with digests, the commit, base models, requirements. Or send
          OpenLineage events to <code>POST /v1/lineage</code>.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <LineageGraph graph={graph} />
      {query.hasNextPage && (
        <div className="row no-print">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Follow further
          </Button>
          <span className="muted">{many(graph.nodes.length, "node")} so far</span>
        </div>
      )}
    </>
  );
}

/** Every link that was found, in words. */
function Links({ graph: { nodes, edges, truncated } }: { graph: Graph }) {
  const known = new Map(nodes.map(({ node }) => [node.id, node]));
  const rows = edges.flatMap((edge) => {
    const [node, origin] = [known.get(edge.node), known.get(edge.origin)];
    return node === undefined || origin === undefined ? [] : [{ edge, node, origin }];
  });
  if (rows.length === 0) {
    return null;
  }
  return (
    <Card title="As a table" flush>
      <Table
        caption="Links"
        rows={rows}
        rowKey={({ edge }) => linkKey(edge)}
        columns={[
          { key: "kind", head: "What", cell: ({ node }) => kindInWords(node) },
          {
            key: "node",
            head: "Name",
            cell: ({ node }) => (
              <>
                <NodeLink node={node} />
                {truncated.has(node.id) && <div className="muted">not all followed from here</div>}
              </>
            ),
          },
          { key: "link", head: "Link", cell: ({ edge }) => linkInWords(edge) },
          {
            key: "origin",
            head: "Origin",
            wide: true,
            cell: ({ origin }) => (
              <>
                {kindInWords(origin)} <NodeLink node={origin} />
              </>
            ),
          },
          { key: "source", head: "Known from", cell: ({ edge }) => sourceInWords(edge) },
          {
            key: "since",
            head: "Since",
            cell: ({ edge: { since } }) => (since === null ? "—" : <Time at={since} />),
          },
        ]}
      />
    </Card>
  );
}
