import { expect, it } from "vitest";
import { madeOf } from "./made";
import type { Bom } from "./queries";

function bom(component: object, components: object[] = []): Bom {
  return { metadata: { component }, components } as unknown as Bom;
}

it("counts what a version is made of", () => {
  const made = madeOf(
    bom({ type: "machine-learning-model", name: "fraud", components: [{ type: "file", name: "model.ubj" }] }, [
      { type: "framework", name: "xgboost", version: "3.1.1" },
      { type: "container", name: "ghcr.io/acme/train" },
      { type: "library", name: "xgboost", version: "3.1.1" },
      { type: "library", name: "numpy" },
      { type: "data", name: "payments", version: "2026-10" },
    ]),
  );
  expect(made).toMatchObject({ files: 1, libraries: 2, unpinned: 1, datasets: ["payments 2026-10"] });
  expect(made.platform).toEqual(["xgboost 3.1.1", "ghcr.io/acme/train"]);
});

it("tells licences that SPDX knows from those that only a name is known of", () => {
  const licensed = (license: object) => madeOf(bom({ name: "fraud", licenses: [license] })).license;
  expect(licensed({ license: { id: "MIT" } })).toEqual({ text: "MIT", understood: true });
  expect(licensed({ expression: "MIT OR Apache-2.0" })).toEqual({ text: "MIT OR Apache-2.0", understood: true });
  expect(licensed({ license: { name: "ask Bob" } })).toEqual({ text: "ask Bob", understood: false });
  expect(madeOf(bom({ name: "fraud" })).license).toBeNull();
});

it("names each base model with its licence, if that is known", () => {
  const ancestors = [
    { name: "base", version: "2", licenses: [{ license: { id: "Apache-2.0" } }] },
    { name: "acme/tabular", version: "main" },
  ];
  expect(madeOf(bom({ name: "fraud", pedigree: { ancestors } })).bases).toEqual([
    { name: "base 2", license: { text: "Apache-2.0", understood: true } },
    { name: "acme/tabular main", license: null },
  ]);
});

it("knows that nothing is recorded", () => {
  const empty = { files: 0, libraries: 0, unpinned: 0, datasets: [], platform: [], license: null, bases: [] };
  expect(madeOf({ metadata: { component: { name: "fraud" } } } as unknown as Bom)).toEqual(empty);
});
