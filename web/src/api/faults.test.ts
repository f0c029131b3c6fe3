import { expect, it } from "vitest";
import { faultAt } from "./faults";
import { Problem } from "./problem";

function refused(pointer: string): Problem {
  const errors = [{ pointer, message: "is not so" }];
  return new Problem({ status: 400, code: "invalid_input", title: "Invalid", detail: "It is not so.", errors });
}

it("finds what is wrong with a field, and with an entry of it", () => {
  expect(faultAt(refused("/events"), "/events")).toBe("is not so");
  expect(faultAt(refused("/events/1"), "/events")).toBe("is not so");
});

it("leaves the faults of other fields to them", () => {
  expect(faultAt(refused("/events_of_models"), "/events")).toBeUndefined();
  expect(faultAt(refused("/url"), "/events")).toBeUndefined();
  expect(faultAt(null, "/url")).toBeUndefined();
});
