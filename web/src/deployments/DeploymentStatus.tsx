import { Mark } from "../ui/Badges";
import type { Status } from "./queries";
import { statusInWords, statusState } from "./status";

/** The status of a deployment, in words and by a sign. */
export function DeploymentStatus({ status }: { status: Status }) {
  const state = statusState(status);
  const word = statusInWords(status);
  return state === "over" ? <span className="muted">{word}</span> : <Mark state={state}>{word}</Mark>;
}
