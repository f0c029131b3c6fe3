import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { type Caller, currentCaller, resume, watchSession } from "./session";

export interface Session {
  /** Null while nobody is signed in. */
  caller: Caller | null;
  /** Whether it is not known yet. */
  pending: boolean;
  /** What went wrong when it was asked, if anything. */
  error: unknown;
  /** Asks again. */
  retry: () => void;
}

/** Who is signed in; null while nobody is. */
export function useCaller(): Caller | null {
  return useSyncExternalStore(watchSession, currentCaller);
}

/** The session of the whole interface, for its root alone. Everything that was read for another caller is forgotten. */
export function useSession(): Session {
  const caller = useCaller();
  const client = useQueryClient();
  const asked = useQuery({ queryKey: ["session"], queryFn: resume, retry: false, staleTime: Number.POSITIVE_INFINITY });
  const principal = caller?.principal;
  useEffect(() => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session", type: "inactive" });
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" && principal !== undefined });
  }, [client, principal]);
  const { refetch } = asked;
  const retry = useCallback(() => void refetch(), [refetch]);
  return { caller, pending: asked.isPending, error: asked.error, retry };
}

/** What the caller may do with a model, or with the registry as a whole. */
export function useMay(): (action: string, model?: string) => boolean {
  const caller = useCaller();
  return useCallback((action, model) => caller !== null && may(caller, action, model), [caller]);
}

/**
 * Whether one of the caller's grants covers the action. Without a model, a grant must cover all models, whatever their
 * classification. On a model, whose classification is not known here, a limited grant may cover it.
 */
export function may(caller: Caller, action: string, model?: string): boolean {
  return caller.grants.some(
    (grant) =>
      grant.actions.includes(action) &&
      (model === undefined ? grant.models === "*" && !grant.classifications?.length : matches(grant.models, model)),
  );
}

/** Whether a grant's pattern, in which `*` stands for any characters, matches a name. */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) {
    return pattern === name;
  }
  if (!name.startsWith(first)) {
    return false;
  }
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) {
      return false;
    }
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
