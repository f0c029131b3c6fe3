import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { useMay } from "../../api/useSession";
import { many } from "../../format/words";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Card } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { daysSince } from "./days";
import { type Assessment, securityKey, vulnerabilitiesOf } from "./queries";
import { StateDialog } from "./StateDialog";
import { Stated } from "./Stated";
import { VulnerabilityTable } from "./VulnerabilityTable";

interface CardProps {
  model: string;
  version: number;
}

/** What advisories know of the packages that a version requires, and what was stated of it. */
export function VulnerabilitiesCard({ model, version }: CardProps) {
  const query = useQuery(vulnerabilitiesOf(model, String(version)));
  const refused = useMay()("report", model) ? undefined : "It needs the action report on this model.";
  const [matching, setMatching] = useState(false);
  const [stating, setStating] = useState<string | null>(null);
  return (
    <Card
      title="Vulnerabilities"
      actions={
        <>
          <Button refused={refused} onClick={() => setMatching(true)}>
            Match now
          </Button>
          {refused === undefined && <Button onClick={() => setStating("")}>State</Button>}
        </>
      }
    >
      <Loaded query={query} lines={4}>
        {(assessment) => (
          <>
            <Found assessment={assessment} refused={refused} onState={setStating} />
            <Stated assessment={assessment} refused={refused} onState={setStating} />
            {stating !== null && <StateDialog assessment={assessment} id={stating} onClose={() => setStating(null)} />}
          </>
        )}
      </Loaded>
      {matching && (
        <ActionDialog
          title={`Match version ${version} now`}
          act={(_, key) =>
            api.POST("/v1/models/{model}/versions/{version}/vulnerabilities", {
              params: { path: { model, version: String(version) }, header: changeHeaders(key) },
            })
          }
          said={`Version ${version} is matched`}
          refresh={[securityKey(model, String(version)), ["model", model, "version"]]}
          onClose={() => setMatching(false)}
        >
          <p className="text">
            Its requirements are compared with the advisories that the registry has now. Gates judge by the result.
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}

interface FoundProps {
  assessment: Assessment;
  refused: string | undefined;
  onState: (id: string) => void;
}

function Found({ assessment, refused, onState }: FoundProps) {
  const { matched_at: matched, vulnerabilities, unpinned, cut } = assessment;
  if (matched === null) {
    return (
      <Empty title="This version was never matched against advisories">
        <p>
          An administrator brings advisories with <code>moorage vulnerabilities update</code>; then <em>Match now</em>{" "}
          finds what they know of it.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <p className="text muted">
        <Basis assessment={assessment} />
      </p>
      {vulnerabilities.length === 0 ? (
        <p>No advisory knows a vulnerability of what it requires.</p>
      ) : (
        <VulnerabilityTable assessment={assessment} refused={refused} onState={onState} />
      )}
      {cut > 0 && <p>{many(cut, "more vulnerability", "more vulnerabilities")} were found and are not kept.</p>}
      {unpinned.length > 0 && (
        <Notice title={`${many(unpinned.length, "requirement")} could not be matched`}>
          <p>
            They are not pinned to one version with <code>==</code>, so nobody knows what they bring:{" "}
            {unpinned.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <code>{name}</code>
              </span>
            ))}
          </p>
        </Notice>
      )}
    </>
  );
}

/** How many requirements were matched when, by data of when. */
function Basis({
  assessment: { matched_at: matched, published_at: published, requirements },
}: Pick<FoundProps, "assessment">) {
  const days = published === null ? 0 : daysSince(published, new Date());
  return (
    <>
      {requirements === 0 ? "It records no requirements; looked at" : `${many(requirements, "requirement")}, matched`}
      {matched !== null && (
        <>
          {" "}
          <Time at={matched} />
        </>
      )}
      {published !== null && (
        <>
          {" "}
          by advisories of <Time at={published} />
          {days > 0 && `, which are ${many(days, "day")} old`}
        </>
      )}
      .
    </>
  );
}
