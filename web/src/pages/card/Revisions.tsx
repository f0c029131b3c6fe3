import { Link } from "@tanstack/react-router";
import { Person } from "../../ui/Badges";
import { Skeleton } from "../../ui/Loaded";
import { More } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { Time } from "../../ui/Time";
import { revisionsOf } from "./queries";
import { changedPart } from "./sections";

/** The revisions of a card, newest first, each with what it changed. */
export function Revisions({ model, shown }: { model: string; shown: number }) {
  const list = usePaged(["model", model, "card", "revisions"], revisionsOf(model), 20);
  if (list.pages.isPending) {
    return <Skeleton />;
  }
  if (list.rows.length === 0 && !list.pages.isError) {
    return <p className="muted">None: each change of the card makes one.</p>;
  }
  return (
    <>
      <ol className="card-revisions">
        {list.rows.map(({ revision, changed, updated_at, updated_by }) => (
          <li key={revision} aria-current={revision === shown || undefined}>
            <div className="row">
              <Link to="/models/$model/card" params={{ model }} search={{ rev: revision }}>
                Revision {revision}
              </Link>
              {revision === shown && <span className="muted">shown</span>}
              {revision > 1 && (
                <Link to="/models/$model/card" params={{ model }} search={{ rev: revision, from: revision - 1 }}>
                  Changes<span className="visually-hidden"> of revision {revision}</span>
                </Link>
              )}
              {revision !== shown && (
                <Link
                  to="/models/$model/card"
                  params={{ model }}
                  search={{ rev: Math.max(shown, revision), from: Math.min(shown, revision) }}
                >
                  Compare<span className="visually-hidden"> revision {revision} with the one shown</span>
                </Link>
              )}
            </div>
            <div className="muted">
              <Time at={updated_at} /> · <Person name={updated_by} />
            </div>
            <div className="muted">{changed.map(changedPart).join(", ")}</div>
          </li>
        ))}
      </ol>
      <More list={list} />
    </>
  );
}
