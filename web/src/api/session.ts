import { REGISTRY_URL } from "../place";
import { Problem, problemOf, unreachable } from "./problem";

/** Who is signed in, as `POST /auth/session` answers. */
export interface Caller {
  principal: string;
  /** A grant with classifications holds for models of these only. */
  grants: { role: string; models: string; actions: string[]; classifications?: string[] }[];
  [member: string]: unknown;
}

interface Access {
  token: string;
  /** When to ask for another one, in milliseconds of the page's clock. */
  renewAt: number;
  caller: Caller;
}

/** The answer to a sign-in, and to a request for another access token. */
interface Granted {
  access_token: string;
  expires_in: number;
  whoami: Caller;
}

/** How ways to sign in are described by `GET /auth/methods`. */
export interface Methods {
  token: boolean;
  oidc: { trust: string; label: string }[];
}

/** The share of an access token's life after which the next one is asked for. */
const RENEWED_AFTER = 0.8;

// In memory only: a script that reads the page's storage finds no credential there.
let access: Access | null = null;
let renewal: Promise<Access> | null = null;
const watchers = new Set<() => void>();

/** Calls `watcher` whenever somebody signs in or out. Returns how to stop. */
export function watchSession(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Who is signed in, as far as this page knows without asking; null if nobody. */
export function currentCaller(): Caller | null {
  return access?.caller ?? null;
}

/** A bearer token for the API. Asks for a new one when the last is old. Throws Problem 401 when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (access !== null && performance.now() < access.renewAt) {
    return access.token;
  }
  return (await renewed()).token;
}

/** Asks who is signed in, for a page that has just been opened. Throws Problem. */
export async function resume(): Promise<Caller> {
  return (await renewed()).caller;
}

/** Forgets the token that the API refused, so that the next call asks for another. */
export function forgetToken(refused: string): void {
  if (access?.token === refused) {
    access = null;
  }
}

export async function signInMethods(): Promise<Methods> {
  return (await ask("GET", "auth/methods")) as Methods;
}

/** Signs in with a token. Throws Problem. */
export async function signIn(token: string): Promise<Caller> {
  return taken((await ask("POST", "auth/token", { token })) as Granted).caller;
}

/** Ends the session, here and on the server. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "auth/session", {});
  ended();
}

/** One session of the caller in a browser, as `GET /auth/sessions` lists it. */
export interface OwnSession {
  id: string;
  method: string;
  trust: string | null;
  created_at: string;
  used_at: string;
  ends_at: string;
  /** Whether it is the session of this browser. */
  current: boolean;
}

/** The caller's own sessions, newest first. */
export async function ownSessions(query: {
  limit: number;
  cursor?: string;
}): Promise<{ items: OwnSession[]; next_cursor: string | null }> {
  const search = new URLSearchParams({ limit: String(query.limit), ...(query.cursor ? { cursor: query.cursor } : {}) });
  return (await ask("GET", `auth/sessions?${search}`)) as { items: OwnSession[]; next_cursor: string | null };
}

/** Ends a session of the caller in another browser. */
export async function endSession(id: string): Promise<void> {
  await ask("DELETE", `auth/sessions/${encodeURIComponent(id)}`, {});
}

/** Where a person is sent to sign in with an issuer. `returnTo` is a path below the interface. */
export function issuerAddress(trust: string, returnTo: string): string {
  const address = new URL(`auth/oidc/${encodeURIComponent(trust)}/start`, REGISTRY_URL);
  address.searchParams.set("return_to", returnTo);
  return address.href;
}

function renewed(): Promise<Access> {
  // Calls that need a token at the same time share one request.
  renewal ??= renew().finally(() => {
    renewal = null;
  });
  return renewal;
}

async function renew(): Promise<Access> {
  try {
    return taken((await ask("POST", "auth/session", {})) as Granted);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      ended();
    }
    throw error;
  }
}

/** Keeps what the registry granted. */
function taken({ access_token: token, expires_in: seconds, whoami }: Granted): Access {
  const before = access?.caller.principal;
  access = { token, renewAt: performance.now() + seconds * 1000 * RENEWED_AFTER, caller: whoami };
  if (before !== whoami.principal) {
    notify();
  }
  return access;
}

function ended(): void {
  access = null;
  notify();
}

function notify(): void {
  for (const watcher of watchers) {
    watcher();
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const request: RequestInit = { method, credentials: "same-origin" };
  if (body !== undefined) {
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(new URL(path, REGISTRY_URL), request);
  } catch {
    throw unreachable();
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response.status === 204 ? null : response.json();
}
