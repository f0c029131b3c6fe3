import { expect, it } from "vitest";
import { readBom } from "./importBom";

it("reads a JSON object as it is", () => {
  expect(readBom('{"bomFormat": "CycloneDX", "metadata": {}}')).toEqual({ bomFormat: "CycloneDX", metadata: {} });
});

it.each(["<bom/>", "", "[]", "null", '"CycloneDX"'])("says what to choose in place of %j", (text) => {
  expect(() => readBom(text)).toThrow("Save the document as CycloneDX in JSON");
});
