import { Places } from "../../deployments/Places";
import { lastHeard } from "../../deployments/places";
import { Empty } from "../../ui/Empty";
import { Skeleton } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { More } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { Time } from "../../ui/Time";
import { placesOn, TARGETS } from "./queries";

/** What a target serves of each model, and when it last said so. */
export function TargetPlaces({ target }: { target: string }) {
  const list = usePaged([...TARGETS, target, "places"], placesOn(target));
  const { rows, pages } = list;
  const heard = lastHeard(rows);
  return (
    <Card
      title="What it serves"
      flush
      actions={
        rows.length > 0 && (
          <span className="muted">
            {heard === null ? (
              "No heartbeat yet"
            ) : (
              <>
                Last heartbeat <Time at={heard} ago />
              </>
            )}
          </span>
        )
      }
    >
      {pages.isPending ? (
        <div className="paged-inset">
          <Skeleton lines={3} />
        </div>
      ) : (
        <>
          {(rows.length > 0 || !(pages.hasNextPage || pages.isError)) && (
            <Places
              caption="Models on the target"
              places={rows}
              by="model"
              empty={
                <Empty title="Nothing was deployed here yet">
                  <p>The next version that it takes opens a deployment.</p>
                </Empty>
              }
            />
          )}
          <More list={list} />
        </>
      )}
    </Card>
  );
}
