import { csv } from "../../format/csv";
import { Button } from "../../ui/Button";
import { copied } from "../../ui/clipboard";
import { download } from "../../ui/download";
import { done } from "../../ui/toasts";
import { markdown, spreadsheet } from "./exported";
import type { Comparison, Section } from "./sections";

interface ExportsProps {
  comparison: Comparison;
  sections: readonly Section[];
  all: boolean;
}

/** Takes what the page shows to a spreadsheet, a text or paper. */
export function Exports({ comparison, sections, all }: ExportsProps) {
  const numbers = comparison.versions.map(({ number }) => number).join("-");
  return (
    <>
      <Button
        onClick={() =>
          download(`${comparison.model}-${numbers}.csv`, "text/csv", csv(spreadsheet(comparison, sections, all)))
        }
      >
        Download CSV
      </Button>
      <Button
        onClick={async () => {
          if (await copied(markdown(comparison, sections, all), "the comparison as Markdown")) {
            done("Copied the comparison as Markdown");
          }
        }}
      >
        Copy as Markdown
      </Button>
      <Button onClick={() => window.print()}>Print</Button>
    </>
  );
}
