import { expect, it } from "vitest";
import { fieldsShown, fieldsText } from "./columns";

it("leaves the usual columns out of the address", () => {
  expect(fieldsText(fieldsShown(undefined))).toBeUndefined();
});

it("keeps a choice of no columns apart from no choice", () => {
  expect(fieldsShown(fieldsText([]))).toEqual([]);
});

it("keeps the order in which columns were chosen", () => {
  const cols = "owner,tags.`cost center`,serving";
  expect(fieldsText(fieldsShown(cols))).toBe(cols);
});
