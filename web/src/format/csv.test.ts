import { expect, it } from "vitest";
import { csv } from "./csv";

it("quotes what contains separators", () => {
  expect(csv([["a,b", 'say "hi"', 3, null]])).toBe('"a,b","say ""hi""",3,\r\n');
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])("disarms the formula %j", (formula) => {
  expect(csv([[formula]])).toBe(`'${formula}\r\n`);
});

it("leaves negative numbers numbers", () => {
  expect(csv([[-1.5]])).toBe("-1.5\r\n");
});
