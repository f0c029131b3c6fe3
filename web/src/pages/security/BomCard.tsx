import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../api/useSession";
import { many } from "../../format/words";
import { Button } from "../../ui/Button";
import { download } from "../../ui/download";
import { Loaded } from "../../ui/Loaded";
import { late } from "../../ui/late";
import { Card } from "../../ui/Page";
import { Fact, Facts } from "../../ui/Table";
import { type Made, madeOf } from "./made";
import { bomOf } from "./queries";

// Few readers import a document: the dialog and what uploads are loaded when somebody does.
const ImportBomDialog = late(() => import("./ImportBomDialog").then(({ ImportBomDialog }) => ImportBomDialog));

interface CardProps {
  model: string;
  version: number;
}

/** What a version is made of, as a document that other tools read, and such a document brought by somebody else. */
export function BomCard({ model, version }: CardProps) {
  const query = useQuery(bomOf(model, String(version)));
  const refused = useMay()("annotate", model) ? undefined : "It needs the action annotate on this model.";
  const [importing, setImporting] = useState(false);
  const { data: bom } = query;
  return (
    <Card
      title="Bill of materials"
      actions={
        <>
          {bom !== undefined && (
            <Button
              onClick={() =>
                download(`${model}-${version}.cdx.json`, "application/vnd.cyclonedx+json", JSON.stringify(bom, null, 2))
              }
            >
              Save as CycloneDX
            </Button>
          )}
          <Button refused={refused} onClick={() => setImporting(true)}>
            Import one
          </Button>
        </>
      }
    >
      <Loaded query={query} lines={5}>
        {(found) => <Contents made={madeOf(found)} />}
      </Loaded>
      {importing && <ImportBomDialog model={model} version={version} onClose={() => setImporting(false)} />}
    </Card>
  );
}

function Contents({ made }: { made: Made }) {
  const { files, libraries, unpinned, datasets, platform, bases } = made;
  return (
    <Facts>
      <Fact name="Files">{many(files, "file")}</Fact>
      <Fact name="Libraries">
        {libraries === 0
          ? "none are recorded"
          : many(libraries, "library", "libraries") + (unpinned === 0 ? "" : `, ${unpinned} of them without a version`)}
      </Fact>
      <Fact name="Datasets">
        {datasets.length === 0 ? "none are recorded" : `${many(datasets.length, "dataset")}: ${datasets.join(", ")}`}
      </Fact>
      {platform.length > 0 && <Fact name="Made with">{platform.join(", ")}</Fact>}
      {bases.length > 0 && <Fact name="Base models">{bases.map(({ name }) => name).join(", ")}</Fact>}
    </Facts>
  );
}
