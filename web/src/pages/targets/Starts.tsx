import { Alias, Stage } from "../../ui/Badges";
import type { Target } from "./queries";

/** What starts a deployment on a target: a version enters its stage, or its alias is pointed at one. */
export function Starts({ target: { stage, alias } }: { target: Target }) {
  return alias === null ? <Stage name={stage ?? ""} /> : <Alias name={alias} />;
}
