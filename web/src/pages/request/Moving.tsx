import type { TransitionRequest } from "../../api/documents";
import { Alias, Stage, type StageLook, VersionLink } from "../../ui/Badges";
import type { Consequences } from "./consequences";

interface MovingProps {
  request: Pick<TransitionRequest, "model" | "version" | "from_stage" | "to_stage">;
  consequences: Consequences;
  looks: Record<string, StageLook>;
}

/** What a request moves: the version, from where to where, who leaves for it, and the aliases that follow. */
export function Moving({ request, consequences, looks }: MovingProps) {
  const { model, version, from_stage: from, to_stage: to } = request;
  const { displaced, aliases } = consequences;
  return (
    <div className="moving">
      <p className="row">
        <VersionLink model={model} version={version} /> <Stage name={from} look={looks[from]} />
        <span aria-hidden="true">→</span>
        <span className="visually-hidden">to</span>
        <Stage name={to} look={looks[to]} />
      </p>
      {displaced !== null && (
        <p className="row">
          <VersionLink model={model} version={displaced.version} /> leaves {to}
          {displaced.to !== null && (
            <>
              {" for "}
              <Stage name={displaced.to} look={looks[displaced.to]} />
            </>
          )}
        </p>
      )}
      {aliases.map((name) => (
        <p key={name} className="row">
          <Alias name={name} /> moves to version {version}
        </p>
      ))}
    </div>
  );
}
