import { expect, it } from "vitest";
import { parts, proofOf } from "./proofs";

it("shows a proof that it does not know by its name", () => {
  expect(proofOf("blake3")).toMatchObject({ state: "waiting", word: "blake3" });
});

it.each([
  ["README.md", "", "README.md"],
  ["model/shards/1.bin", "model/shards/", "1.bin"],
])("takes %s apart", (path, folder, name) => {
  expect(parts(path)).toEqual({ folder, name });
});
