import type { ErrorComponentProps } from "@tanstack/react-router";
import { ProblemNotice } from "../ui/Notice";
import { Page } from "../ui/Page";

/** What stands in place of a page that failed. */
export function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <ProblemNotice error={error} retry={reset} />
    </Page>
  );
}
