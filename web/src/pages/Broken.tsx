import type { ErrorComponentProps } from "@tanstack/react-router";
import { ProblemNotice } from "../ui/Notice";
import { Page } from "../ui/Page";

/** What stands in place of a page that failed. */
export function Broken({ error }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      {/* A script that did not arrive stays away until the page is loaded again. */}
      <ProblemNotice error={error} retry={() => window.location.reload()} />
    </Page>
  );
}
