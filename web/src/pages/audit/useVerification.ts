import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "../../api/problem";
import type { Head } from "./chain";
import { eventsAsText, eventsOf, storedHead } from "./queries";
import { type Verdict, verifyLedger } from "./verification";

const PAGE = 100;

export type Check =
  | { state: "idle" }
  | { state: "running"; checked: number; total: number }
  | { state: "done"; verdict: Verdict; at: string }
  | { state: "failed"; error: unknown };

/** Checks a ledger's chain in this browser. */
export function useVerification(ledger: string): [check: Check, start: () => void, stop: () => void] {
  const [check, setCheck] = useState<Check>({ state: "idle" });
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setCheck({ state: "idle" });
  }, []);
  useEffect(() => () => running.current?.abort(), []);
  const start = useCallback(() => {
    const controller = new AbortController();
    running.current?.abort();
    running.current = controller;
    setCheck({ state: "running", checked: 0, total: 0 });
    verify(ledger, controller.signal, (checked, total) => setCheck({ state: "running", checked, total }))
      .then((verdict) => setCheck({ state: "done", verdict, at: new Date().toISOString() }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) {
          setCheck({ state: "failed", error: asProblem(error) });
        }
      });
  }, [ledger]);
  return [check, start, stop];
}

async function verify(
  ledger: string,
  signal: AbortSignal,
  onProgress: (checked: number, total: number) => void,
): Promise<Verdict> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new TypeError("This browser computes hashes only on pages that come by https. Use the command below.");
  }
  const newest = await eventsOf(ledger, "newest")({ limit: 1 });
  const stored: Head = await storedHead(ledger, newest.items[0]?.sequence ?? 0, signal);
  return verifyLedger(ledger, {
    stored,
    page: (cursor) => eventsAsText(ledger, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, signal),
    onProgress: (checked) => {
      signal.throwIfAborted();
      onProgress(checked, Math.max(checked, stored.sequence));
    },
  });
}
