import { api } from "../../../api/client";
import type { Version } from "../../../api/documents";
import { Problem } from "../../../api/problem";
import type { Action } from "./choices";

/** An action that needs nothing but a reason: its words, and how it is done. */
export interface Plan {
  title: string;
  said: string;
  meaning: string;
  reason: "required" | "optional" | "none";
  danger: boolean;
  send: (reason: string | null, key: string) => Promise<unknown>;
}

/** The plan of an action; null for those that have a dialog of their own. */
export function planOf(action: Action, version: Version): Plan | null {
  const { model, number } = version;
  const it = `version ${number}`;
  const at = (key: string) => ({ path: { model, version: String(number) }, header: { "Idempotency-Key": key } });
  const on = (key: string) => ({ path: { model }, header: { "Idempotency-Key": key } });
  switch (action.kind) {
    case "remove-alias":
      return {
        title: `Remove @${action.alias}`,
        said: `Removed @${action.alias}`,
        meaning: `Clients that load ${model}@${action.alias} find nothing from then on. It points at ${it} now.`,
        reason: "none",
        danger: true,
        send: (_, key) => removeAlias(model, action.alias, number, key),
      };
    case "challenge":
      return {
        title: `Make ${it} the challenger`,
        said: `Version ${number} is the challenger`,
        meaning: `@challenger moves to ${it}. Nothing else moves: the champion goes on serving.`,
        reason: "optional",
        danger: false,
        send: (reason, key) =>
          api.PUT("/v1/models/{model}/challenger", { params: on(key), body: { version: number, reason } }),
      };
    case "promote-challenger":
      return {
        title: `Make ${it} the champion`,
        said: `Version ${number} is the champion`,
        meaning: `@champion moves to ${it}, and @challenger goes. Clients that load the champion get ${it}.`,
        reason: "optional",
        danger: false,
        send: (reason, key) =>
          api.POST("/v1/models/{model}/challenger/promote", {
            params: on(key),
            body: { expected_version: number, reason },
          }),
      };
    case "retire-challenger":
      return {
        title: `Retire ${it} as challenger`,
        said: `Retired version ${number} as challenger`,
        meaning: "@challenger goes. The champion and all stages stay as they are.",
        reason: "optional",
        danger: true,
        send: (reason, key) => api.POST("/v1/models/{model}/challenger/retire", { params: on(key), body: { reason } }),
      };
    case "roll-back-alias":
      return {
        title: `Roll back @${action.alias}`,
        said: `Rolled back @${action.alias}`,
        meaning: `@${action.alias} leaves ${it} and points again at the version before.`,
        reason: "required",
        danger: true,
        send: (reason, key) =>
          api.POST("/v1/models/{model}/aliases/{alias}/rollback", {
            params: { path: { model, alias: action.alias }, header: { "Idempotency-Key": key } },
            body: { reason },
          }),
      };
    case "roll-back-stage":
      return {
        title: `Roll back ${action.stage}`,
        said: `Rolled back ${action.stage}`,
        meaning: `${it} leaves ${action.stage}, and the version that held it before comes back, with the aliases that the stage moves.`,
        reason: "required",
        danger: true,
        send: (reason, key) =>
          api.POST("/v1/models/{model}/stages/{stage}/rollback", {
            params: { path: { model, stage: action.stage }, header: { "Idempotency-Key": key } },
            body: { reason },
          }),
      };
    case "lock":
      return {
        title: `Lock ${it}`,
        said: `Locked version ${number}`,
        meaning: `Nothing about ${it} can change until it is unlocked: not its description, tags, stage or aliases. Nothing can push it out of its stage, and it cannot be deleted.`,
        reason: "required",
        danger: false,
        send: (reason, key) =>
          api.PUT("/v1/models/{model}/versions/{version}/lock", { params: at(key), body: { reason: reason ?? "" } }),
      };
    case "unlock":
      return {
        title: `Unlock ${it}`,
        said: `Unlocked version ${number}`,
        meaning: `${it} can change again.`,
        reason: "none",
        danger: false,
        send: (_, key) => api.DELETE("/v1/models/{model}/versions/{version}/lock", { params: at(key) }),
      };
    case "hold":
      return {
        title: `Place a legal hold on ${it}`,
        said: `Version ${number} is under legal hold`,
        meaning: `${it} cannot be deleted, and its bytes are kept, until the hold is released. Everything else is allowed.`,
        reason: "required",
        danger: false,
        send: (reason, key) =>
          api.PUT("/v1/models/{model}/versions/{version}/hold", { params: at(key), body: { reason: reason ?? "" } }),
      };
    case "release":
      return {
        title: `Release the legal hold on ${it}`,
        said: `Released the legal hold on version ${number}`,
        meaning: `${it} can be deleted again, by people and by the retention rule.`,
        reason: "none",
        danger: true,
        send: (_, key) => api.DELETE("/v1/models/{model}/versions/{version}/hold", { params: at(key) }),
      };
    case "delete":
      return {
        title: `Delete ${it}`,
        said: `Deleted version ${number}`,
        meaning: `${it} of ${model} goes from all lists. Its bytes stay for a while: until they are removed, "moorage restore ${model}/${number}" brings it back.`,
        reason: "none",
        danger: true,
        send: (_, key) => api.DELETE("/v1/models/{model}/versions/{version}", { params: at(key) }),
      };
    default:
      return null;
  }
}

/** Removes an alias, unless it has come to point at another version in the meantime. */
async function removeAlias(model: string, alias: string, version: number, key: string): Promise<unknown> {
  const path = { model, alias };
  const { data, response } = await api.GET("/v1/models/{model}/aliases/{alias}", { params: { path } });
  if (data?.version !== version) {
    throw new Problem({
      status: 412,
      code: "precondition_failed",
      title: "The alias moved",
      detail: `@${alias} points at version ${data?.version} now, so it was not removed.`,
    });
  }
  const match = response.headers.get("ETag");
  return api.DELETE("/v1/models/{model}/aliases/{alias}", {
    params: { path, header: { "Idempotency-Key": key, ...(match === null ? {} : { "If-Match": match }) } },
  });
}
