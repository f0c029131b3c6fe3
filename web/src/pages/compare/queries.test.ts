import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { comparisonOf } from "./queries";

it("shows what one version is compared with beside no other version", () => {
  const client = new QueryClient();
  const before = comparisonOf("churn", ["1", "3"]);
  client.setQueryData(before.queryKey, { model: "churn" } as never);
  const page = new QueryObserver(client, before);
  expect(page.getCurrentResult().data).toBeDefined();
  // Version 1 serves, so there is nothing to compare it with.
  page.setOptions({ ...comparisonOf("churn", ["1"]), enabled: false });
  expect(page.getCurrentResult().data).toBeUndefined();
});
