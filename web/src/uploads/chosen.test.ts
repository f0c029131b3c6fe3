import { expect, it } from "vitest";
import { evidenceName, fileFault } from "./chosen";

it.each([
  ["roc.csv", "roc.csv"],
  ["ROC curve (EU).PNG", "roc-curve-eu-.png"],
  ["Übersicht.pdf", "-bersicht.pdf"],
  [`${"a".repeat(80)}.html`, `${"a".repeat(59)}.html`],
])("names %s as the registry takes it", (file, name) => {
  expect(evidenceName(file)).toBe(name);
  expect(evidenceName(file)).toMatch(/^[a-z0-9_.-]{1,64}$/);
});

it("says which files cannot be uploaded, and why", () => {
  expect(fileFault(null, 10)).toBe("Choose a file.");
  expect(fileFault({ size: 0 }, 10)).toBe("The file is empty.");
  expect(fileFault({ size: 11 }, 10)).toBe("The file has 11 B. At most 10 B can be uploaded here.");
  expect(fileFault({ size: 10 }, 10)).toBeUndefined();
});
