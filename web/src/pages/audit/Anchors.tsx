import { useMutation } from "@tanstack/react-query";
import { bytes } from "../../format/number";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Loaded";
import { ProblemNotice } from "../../ui/Notice";
import { More } from "../../ui/PagedTable";
import { usePaged } from "../../ui/paged";
import { anchorAddress, listAnchors } from "./queries";

/** The anchors, oldest first: each names the last event of every ledger, and lies where nobody can change it. */
export function Anchors() {
  const list = usePaged(["audit", "anchors"], listAnchors);
  const opening = useMutation({
    mutationFn: anchorAddress,
    onSuccess: (url) => window.location.assign(url),
  });
  if (list.pages.isPending) {
    return <Skeleton />;
  }
  return (
    <>
      <p className="muted">
        Each names the last event of every ledger, and lies where nobody can change or remove it. They show what the
        chain cannot: that its end was cut off, or all of it rewritten.
      </p>
      {list.rows.length === 0 && !list.pages.isError && (
        <p>None yet. The registry writes them on a schedule; how often is a setting of its deployment.</p>
      )}
      <ul className="audit-anchors">
        {list.rows.map(({ number, size }) => (
          <li key={number} className="spread">
            <span>
              Anchor {number} <span className="muted">· {bytes(size)}</span>
            </span>
            <Button busy={opening.isPending && opening.variables === number} onClick={() => opening.mutate(number)}>
              Download<span className="visually-hidden"> anchor {number}</span>
            </Button>
          </li>
        ))}
      </ul>
      {opening.isError && <ProblemNotice error={opening.error} />}
      <More list={list} />
    </>
  );
}
