import { type ChainFault, checkEvents, type Head, readPage, START } from "./chain";

/** What a finished check found. */
export type Verdict =
  | { kind: "intact"; head: Head }
  | { kind: "broken"; head: Head; fault: ChainFault }
  /** The chain holds, but it does not contain what the registry named as its end before. */
  | { kind: "other-end"; head: Head; stored: Head };

interface Sources {
  /** The end of the ledger as the registry keeps it. It is asked first: events that are added later follow it. */
  stored: Head;
  /** A page of the ledger's events, oldest first, as text. */
  page: (cursor: string | undefined) => Promise<string>;
  onProgress: (checked: number) => void;
}

/** Reads every event of a ledger, computes every hash, and looks for the end that the registry keeps. */
export async function verifyLedger(ledger: string, { stored, page, onProgress }: Sources): Promise<Verdict> {
  let head = START;
  let met = stored.sequence === 0;
  let cursor: string | undefined;
  do {
    const { events, cursor: next } = readPage(await page(cursor));
    const before = head;
    const checked = await checkEvents(ledger, events, head);
    head = checked.head;
    if (checked.fault !== null) {
      return { kind: "broken", head, fault: checked.fault };
    }
    const end = events[stored.sequence - before.sequence - 1];
    met ||= end !== undefined && (end as { hash: string }).hash === stored.hash;
    onProgress(head.sequence);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return met ? { kind: "intact", head } : { kind: "other-end", head, stored };
}
