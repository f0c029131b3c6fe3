import { answered, api } from "../../api/client";
import type { TransitionRequest } from "../../api/documents";
import { ActionDialog } from "../../ui/ActionDialog";
import type { StageLook } from "../../ui/Badges";
import type { Consequences } from "./consequences";
import { Moving } from "./Moving";
import { touched } from "./queries";

/** What can be done about a request. */
export type Act = "approve" | "reject" | "withdraw" | "execute";

interface DialogsProps {
  act: Act;
  request: TransitionRequest;
  /** What the move changes; without it, the dialog names the version and the stages alone. */
  consequences?: Consequences;
  looks?: Record<string, StageLook>;
  onClose: () => void;
}

const NOTHING: Consequences = { displaced: null, aliases: [] };

/** The dialog of an action on a request: what it means, the reason, and the button. */
export function RequestDialog({ act, request, consequences = NOTHING, looks = {}, onClose }: DialogsProps) {
  const { model, number, version, to_stage: stage } = request;
  const { title, said, reason, meaning } = WORDS[act](request);
  return (
    <ActionDialog
      title={title}
      onClose={onClose}
      reason={reason}
      draft={`${act} ${model} ${number}`}
      danger={act === "reject" || act === "withdraw"}
      act={(given, key) => send(act, request, given, key)}
      said={said}
      refresh={touched(request)}
    >
      <p className="text">
        {model}, request {number}: version {version} to <strong>{stage}</strong>.
      </p>
      <Moving request={request} consequences={consequences} looks={looks} />
      <p className="text">{meaning}</p>
    </ActionDialog>
  );
}

interface Words {
  title: string;
  said: string;
  reason: "required" | "optional";
  meaning: string;
}

const WORDS: Record<Act, (request: TransitionRequest) => Words> = {
  approve: ({ number, version, to_stage: stage }) => ({
    title: `Approve request ${number}`,
    said: `Approved request ${number}`,
    reason: "optional",
    meaning:
      `Your vote counts for version ${version} as it is now. It becomes void if its evidence or the rules change. ` +
      `Once the approvals are there and the gates hold, the version moves to ${stage}: by itself, or by a call if the ` +
      "scheme says so.",
  }),
  reject: ({ number }) => ({
    title: `Reject request ${number}`,
    said: `Rejected request ${number}`,
    reason: "required",
    meaning: "One rejection blocks the request until you vote otherwise. The request stays open.",
  }),
  withdraw: ({ number }) => ({
    title: `Withdraw request ${number}`,
    said: `Withdrew request ${number}`,
    reason: "optional",
    meaning: "The request ends, and its votes with it. Nothing moves. A new request can be opened at any time.",
  }),
  execute: ({ version, to_stage: stage }) => ({
    title: `Move version ${version} to ${stage}`,
    said: `Version ${version} is in ${stage}`,
    reason: "optional",
    meaning: "Everything that the scheme asks for is met. This makes the move now, and closes the request.",
  }),
};

function send(act: Act, { model, number }: TransitionRequest, reason: string | null, key: string): Promise<unknown> {
  const params = { path: { model, request: String(number) }, header: { "Idempotency-Key": key } };
  switch (act) {
    case "approve":
      return answered(api.POST("/v1/models/{model}/requests/{request}/approve", { params, body: { reason } }));
    case "reject":
      return answered(
        api.POST("/v1/models/{model}/requests/{request}/reject", { params, body: { reason: reason ?? "" } }),
      );
    case "withdraw":
      return answered(api.POST("/v1/models/{model}/requests/{request}/withdraw", { params, body: { reason } }));
    case "execute":
      return answered(api.POST("/v1/models/{model}/requests/{request}/execute", { params, body: { reason } }));
  }
}
