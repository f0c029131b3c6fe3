import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import type { ListPage, PageQuery } from "../../ui/paged";
import type { Head } from "./chain";

export type Event = Document<"EventView">;
export type Ledger = Document<"LedgerView">;
export type Order = "newest" | "oldest";

export const REGISTRY = "registry";
const MODEL = "model:";

/** The model that a ledger is of; null for the registry's own. */
export function modelOf(ledger: string): string | null {
  return ledger.startsWith(MODEL) ? ledger.slice(MODEL.length) : null;
}

export function listLedgers(query: PageQuery) {
  return answered(api.GET("/v1/audit/ledgers", { params: { query } }));
}

export function listAnchors(query: PageQuery) {
  return answered(api.GET("/v1/audit/anchors", { params: { query } }));
}

/** Where the bytes of an anchor can be had for an hour. */
export async function anchorAddress(anchor: number): Promise<string> {
  return (await answered(api.GET("/v1/audit/anchors/{anchor}", { params: { path: { anchor: String(anchor) } } }))).url;
}

export function eventsOf(ledger: string, order: Order) {
  const model = modelOf(ledger);
  return (page: PageQuery): Promise<ListPage<Event>> => {
    const query = { ...page, order };
    return model === null
      ? answered(api.GET("/v1/events", { params: { query } }))
      : answered(api.GET("/v1/models/{model}/events", { params: { path: { model }, query } }));
  };
}

/** A page of events as the text of the answer: what is hashed must be what was sent, digit by digit. */
export async function eventsAsText(ledger: string, page: PageQuery, signal: AbortSignal): Promise<string> {
  const model = modelOf(ledger);
  const query = { ...page, order: "oldest" as const };
  const { data } =
    model === null
      ? await api.GET("/v1/events", { params: { query }, parseAs: "text", signal })
      : await api.GET("/v1/models/{model}/events", { params: { path: { model }, query }, parseAs: "text", signal });
  if (typeof data !== "string") {
    throw new TypeError("The registry answered without a document.");
  }
  return data;
}

/** The end of a ledger as the registry keeps it. `after` is the number of an event near the end. */
export async function storedHead(ledger: string, after: number, signal: AbortSignal): Promise<Head> {
  const model = modelOf(ledger);
  const query = { after };
  const end = await answered(
    model === null
      ? api.GET("/v1/events/verify", { params: { query }, signal })
      : api.GET("/v1/models/{model}/events/verify", { params: { path: { model }, query }, signal }),
  );
  return { sequence: end.through_sequence, hash: end.head_hash };
}
