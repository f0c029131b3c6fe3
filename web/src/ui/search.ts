import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** The part of the address after `?`: everything that a page shows can be sent to somebody as a link. */
type Params = Record<string, string | undefined>;

/** The texts in the page's address, and a function that changes some of them. Undefined or empty removes one. */
export function useAddress(): [params: Params, change: (changes: Params, replace?: boolean) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (changes: Params, replace = false) => {
      void navigate({
        to: ".",
        search: (before: Record<string, unknown>) => kept({ ...before, ...changes }),
        replace,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [texts(search), change];
}

function texts(search: Record<string, unknown>): Params {
  return Object.fromEntries(
    Object.entries(search).map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}

function kept(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== ""));
}
