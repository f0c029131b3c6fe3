import { canonical, type Json, Literal, readJson, sha256OfText } from "./canonical";

const GENESIS = "0".repeat(64);

/** The last event of an unbroken chain: its number and hash. */
export interface Head {
  sequence: number;
  hash: string;
}

export interface ChainFault {
  sequence: number;
  reason: string;
}

/** What came of checking events: where the chain ends now, or where it breaks. */
export type Checked = { head: Head; fault: null } | { head: Head; fault: ChainFault };

export const START: Head = { sequence: 0, hash: GENESIS };

/** The events of a page and the cursor of the next one, read from the answer's own text. */
export function readPage(text: string): { events: Json[]; cursor: string | null } {
  const page = readJson(text);
  if (!isObject(page) || !Array.isArray(page.items)) {
    throw new TypeError("The registry answered without a list of events.");
  }
  return { events: page.items, cursor: typeof page.next_cursor === "string" ? page.next_cursor : null };
}

/** Checks the events that follow `head` in a ledger, oldest first, as the Python client does. */
export async function checkEvents(ledger: string, events: readonly Json[], head: Head): Promise<Checked> {
  let last = head;
  for (const event of events) {
    const sequence = last.sequence + 1;
    const reason = await faultOf(ledger, event, sequence, last.hash);
    if (reason !== null) {
      return { head: last, fault: { sequence, reason } };
    }
    last = { sequence, hash: (event as { hash: string }).hash };
  }
  return { head: last, fault: null };
}

async function faultOf(ledger: string, event: Json, sequence: number, previous: string): Promise<string | null> {
  if (!isObject(event)) {
    return "what stands there is no event";
  }
  const { hash, ...content } = event;
  const number = event.sequence instanceof Literal ? event.sequence.source : "nothing";
  if (number !== String(sequence)) {
    return `event ${number} stands in its place`;
  }
  if (event.ledger !== ledger) {
    return "the event belongs to another ledger";
  }
  if (event.previous_hash !== previous) {
    return "it does not name the hash of the event before";
  }
  return hash === (await sha256OfText(canonical(content))) ? null : "its hash does not match its content";
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Literal);
}
