import { beforeEach, expect, it, vi } from "vitest";
import { Problem } from "../api/problem";
import { attach, newAttempt, type Stage } from "./attach";

// The SHA-256 of `abc`, FIPS 180-4.
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const TARGET = { model: "fraud", version: "3", name: "roc.csv", evaluation: "holdout" };
const FILE = new Blob(["abc"], { type: "text/csv" });

/** What was asked of the registry, and what the storage was sent. */
let asked: { path: string; body: unknown; key: string | null }[];
let sent: { headers: Record<string, string>; type: string }[];
/** How often the registry does not answer when an upload is finished, and what it answers then. */
let silent: number;
let finished: { status: number; body: object };
/** What the storage answers; null if it cannot be reached. */
let stored: (number | null)[];

class Storage extends EventTarget {
  upload = new EventTarget();
  status = 0;
  headers: Record<string, string> = {};

  open() {}

  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }

  send(bytes: Blob) {
    sent.push({ headers: this.headers, type: bytes.type });
    const status = stored.shift() ?? null;
    if (status === null) {
      this.dispatchEvent(new Event("error"));
      return;
    }
    this.status = status;
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: bytes.size }));
    this.dispatchEvent(new Event("load"));
  }

  abort() {
    this.dispatchEvent(new Event("abort"));
  }
}

async function registry(request: Request | URL): Promise<Response> {
  if (!(request instanceof Request)) {
    return Response.json({ access_token: "t", expires_in: 600, whoami: { principal: "token:ada", grants: [] } });
  }
  const path = request.url.replace(/.*\/evidence-files/, "");
  asked.push({ path, body: await request.json(), key: request.headers.get("Idempotency-Key") });
  if (path.endsWith("/upload")) {
    const headers = { "content-length": "3", "x-amz-checksum-sha256": "…", "if-none-match": "*" };
    const id = `place-${asked.filter((one) => one.path.endsWith("/upload")).length}`;
    return Response.json({ id, name: "roc.csv", url: "https://bucket.example/key", method: "PUT", headers });
  }
  if (silent > 0) {
    silent -= 1;
    throw new TypeError("Failed to fetch");
  }
  return Response.json(finished.body, { status: finished.status });
}

beforeEach(() => {
  [asked, sent, silent, stored] = [[], [], 0, [200, 200]];
  finished = { status: 200, body: { name: "roc.csv" } };
  vi.stubGlobal("fetch", registry);
  vi.stubGlobal("XMLHttpRequest", Storage);
});

function run(attempt = newAttempt(), tell: (stage: Stage) => void = () => {}, signal = new AbortController().signal) {
  return attach(FILE, TARGET, attempt, tell, signal);
}

it("announces size and digest, sends the bytes with the headers of the place, and has the registry list them", async () => {
  const stages: Stage[] = [];
  await run(newAttempt(), (stage) => stages.push(stage));
  expect(asked.map(({ path }) => path)).toEqual(["/roc.csv/upload", "/roc.csv/finalise"]);
  expect(asked[0]?.body).toEqual({ size: 3, sha256: ABC, evaluation: "holdout" });
  expect(asked[1]?.body).toEqual({ id: "place-1" });
  // The browser sets the length by itself. A type that was not announced would be a header too many.
  expect(sent).toEqual([{ headers: { "x-amz-checksum-sha256": "…", "if-none-match": "*" }, type: "" }]);
  expect(stages.map(({ doing }) => doing)).toEqual(["reading", "sending", "sending", "proving"]);
  expect(stages[2]).toEqual({ doing: "sending", sent: 3 });
});

it("finishes with the same key what is stored, and sends nothing twice, if the answer of the registry is lost", async () => {
  silent = 1;
  const attempt = newAttempt();
  await expect(run(attempt)).rejects.toThrow(Problem);
  await run(attempt);
  expect(sent).toHaveLength(1);
  const [, lost, again] = asked;
  expect(again).toEqual(lost);
});

it("begins anew, in another place, with what the registry does not list", async () => {
  finished = { status: 409, body: { code: "upload_mismatch", detail: "Other bytes.", status: 409, title: "Conflict" } };
  const attempt = newAttempt();
  await expect(run(attempt)).rejects.toThrow("Other bytes.");
  finished = { status: 200, body: { name: "roc.csv" } };
  await run(attempt);
  expect(sent).toHaveLength(2);
  expect(asked[3]?.body).toEqual({ id: "place-2" });
  expect(asked[3]?.key).not.toBe(asked[1]?.key);
});

it.each([
  [null, "The storage cannot be reached. Check the connection, and try again."],
  [403, "The place for it is no longer open. Try again."],
  [
    400,
    "Its bytes are not those that were announced (status 400). If the file was changed in the meantime, choose it again.",
  ],
])("says what to do if the storage answers %s, and tries again in another place", async (status, words) => {
  stored = [status, 200];
  const attempt = newAttempt();
  await expect(run(attempt)).rejects.toThrow(words);
  await run(attempt);
  expect(asked.map(({ path }) => path)).toEqual(["/roc.csv/upload", "/roc.csv/upload", "/roc.csv/finalise"]);
});

it("takes bytes that are there already for sent: the browser sent them twice", async () => {
  stored = [412];
  await run();
  expect(asked.at(-1)?.path).toBe("/roc.csv/finalise");
});

it("sends nothing once it is cancelled", async () => {
  const cancel = new AbortController();
  const running = run(newAttempt(), ({ doing }) => doing === "sending" && cancel.abort(), cancel.signal);
  await expect(running).rejects.toThrow(/abort/i);
  expect(sent).toEqual([]);
});

it("says what to do with a file that cannot be read any more", async () => {
  const gone = Object.assign(new Blob(["abc"]), { arrayBuffer: () => Promise.reject(new DOMException("gone")) });
  const { signal } = new AbortController();
  await expect(attach(gone, TARGET, newAttempt(), () => {}, signal)).rejects.toThrow("Choose it again.");
  expect(asked).toEqual([]);
});
