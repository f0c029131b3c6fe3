import { listed } from "../format/words";
import type { Evaluation } from "./queries";

/** `region = eu, age = 60+`. */
export function groupName(group: Record<string, unknown>): string {
  return Object.entries(group)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}

/** ` as evaluator and maintainer`; empty if it is not known in which role. */
export function inRoles({ roles }: Pick<Evaluation, "roles">): string {
  return roles.length === 0 ? "" : ` as ${listed(roles)}`;
}
