import { useInfiniteQuery } from "@tanstack/react-query";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { LineageCards, useDirection } from "./LineageCards";
import { kindInWords, sharedAt } from "./nodes";
import { type Shared, sharedLineageOf } from "./queries";

/** What a dataset, or another thing that versions share, comes from, and what came of it. */
export function SharedLineage() {
  const [address] = useAddress();
  const shared = sharedAt(address);
  if (shared === null) {
    return (
      <Page title="Lineage">
        <div className="card">
          <Empty title="The address names nothing to follow">
            <p>
              Begin at the lineage of a version, or at a dataset: <code>/lineage?name=loans</code>
            </p>
          </Empty>
        </div>
      </Page>
    );
  }
  return <Followed shared={shared} />;
}

function Followed({ shared }: { shared: Shared }) {
  const query = useInfiniteQuery(sharedLineageOf(shared, useDirection()));
  const state = [shared.digest, shared.version, shared.commit, shared.revision].filter((part) => part !== undefined);
  return (
    <Page title={shared.name} above="Lineage" beside={<span className="muted">{kindInWords(shared)}</span>}>
      {state.length > 0 && (
        <p className="muted text">
          <code>{state.join(" ")}</code>
        </p>
      )}
      <LineageCards query={query} />
    </Page>
  );
}
