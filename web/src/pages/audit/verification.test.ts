import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verifyLedger } from "./verification";

const LEDGER = "model:fraud é";
const LINES = readFileSync(join(import.meta.dirname, "chain.jsonl"), "utf-8")
  .trim()
  .split("\n");
const HASHES: string[] = LINES.map((line) => JSON.parse(line).hash);

/** Verifies the chain in pages of two events, with the head that the registry is said to keep. */
async function verify(lines: string[], stored: { sequence: number; hash: string | undefined }) {
  const progress: number[] = [];
  const verdict = await verifyLedger(LEDGER, {
    stored: { sequence: stored.sequence, hash: stored.hash ?? "" },
    page: async (cursor) => {
      const from = Number(cursor ?? 0);
      const next = from + 2 < lines.length ? `"${from + 2}"` : "null";
      return `{"items": [${lines.slice(from, from + 2).join(",")}], "next_cursor": ${next}}`;
    },
    onProgress: (checked) => progress.push(checked),
  });
  return { verdict, progress };
}

it("reads all pages and tells how far it is", async () => {
  const { verdict, progress } = await verify(LINES, { sequence: 4, hash: HASHES[3] });
  expect(verdict).toEqual({ kind: "intact", head: { sequence: 4, hash: HASHES[3] } });
  expect(progress).toEqual([2, 4]);
});

it("accepts events that were added after the end was asked for", async () => {
  expect((await verify(LINES, { sequence: 3, hash: HASHES[2] })).verdict.kind).toBe("intact");
});

it("finds that the end was cut off, or is another", async () => {
  const cut = await verify(LINES.slice(0, 3), { sequence: 4, hash: HASHES[3] });
  expect(cut.verdict).toMatchObject({ kind: "other-end", head: { sequence: 3 }, stored: { sequence: 4 } });
  expect((await verify(LINES, { sequence: 4, hash: HASHES[2] })).verdict.kind).toBe("other-end");
});

it("stops at the first fault", async () => {
  const { verdict } = await verify([LINES[0] ?? "", LINES[2] ?? "", LINES[3] ?? ""], { sequence: 4, hash: HASHES[3] });
  expect(verdict).toMatchObject({ kind: "broken", head: { sequence: 1 }, fault: { sequence: 2 } });
});
