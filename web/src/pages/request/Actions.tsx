import { useMemo, useState } from "react";
import { useCaller, useMay } from "../../api/useSession";
import type { StageLook } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { usePageKeys } from "../../ui/keys";
import type { Consequences } from "./consequences";
import { type Act, RequestDialog } from "./Dialogs";
import { executionRefusal, voteRefusal, withdrawalRefusal } from "./duties";
import type { Standing } from "./queries";

interface ActionsProps {
  standing: Standing;
  consequences: Consequences;
  looks: Record<string, StageLook>;
}

/** What the caller can do about an open request. What they cannot do says why. */
export function Actions({ standing, consequences, looks }: ActionsProps) {
  const { request } = standing;
  const may = useMay();
  const caller = useCaller()?.principal ?? "";
  const [act, setAct] = useState<Act | null>(null);
  const vote = voteRefusal(request, caller, may);
  const execution = executionRefusal(standing, may);
  const keys = useMemo(
    () => (vote === undefined ? { a: () => setAct("approve"), r: () => setAct("reject") } : {}),
    [vote],
  );
  usePageKeys(keys);
  return (
    <div className="request-actions no-print">
      <Button kind={execution === undefined ? "plain" : "primary"} refused={vote} onClick={() => setAct("approve")}>
        Approve
      </Button>
      {vote === undefined && (
        <Button kind="danger" onClick={() => setAct("reject")}>
          Reject
        </Button>
      )}
      <Button
        kind={execution === undefined ? "primary" : "plain"}
        refused={execution}
        onClick={() => setAct("execute")}
      >
        Move version {request.version} to {request.to_stage}
      </Button>
      <Button refused={withdrawalRefusal(request, caller, may)} onClick={() => setAct("withdraw")}>
        Withdraw
      </Button>
      {act !== null && (
        <RequestDialog
          act={act}
          request={request}
          consequences={consequences}
          looks={looks}
          onClose={() => setAct(null)}
        />
      )}
    </div>
  );
}
