import { expect, it } from "vitest";
import type { Schedule } from "./queries";
import { jobInWords, modelsOf, outcomeInWords, whenInWords } from "./words";

const when = { cron: null, zone: "UTC", at: null, every_minutes: null };

it("says when a schedule fires", () => {
  expect(whenInWords({ ...when, cron: "0 6 * * MON", zone: "Europe/Berlin" })).toBe("0 6 * * MON (Europe/Berlin)");
  expect(whenInWords({ ...when, every_minutes: 90 })).toBe("every 1 h 30 min");
  expect(whenInWords({ ...when, at: "2026-11-28T09:00:00.000Z" })).toBe("once");
});

it("says what a schedule does", () => {
  const expiring = { job: "expire", older_than_days: 30 } as Schedule;
  expect(jobInWords(expiring)).toBe("expires requests older than 30 days");
});

it("says which models a schedule is about", () => {
  expect(modelsOf({ models: "*" } as Schedule)).toBe("all models");
  expect(modelsOf({ models: "churn" } as Schedule)).toBe("the model churn");
});

it("says how a firing ended", () => {
  const outcome = { ended_at: "2026-11-28T09:00:00.000Z", models: 12, done: 3, failed: 0, error: "" };
  expect(outcomeInWords(outcome)).toBe("12 models, 3 done");
  expect(outcomeInWords({ ...outcome, models: 1, failed: 1 })).toBe("1 model, 3 done, 1 failed");
  expect(outcomeInWords({ ...outcome, done: 0 })).toBe("12 models, nothing to do");
});
