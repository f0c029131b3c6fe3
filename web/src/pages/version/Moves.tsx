import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Version } from "../../api/documents";
import { Stage, type StageLook } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Loaded } from "../../ui/Loaded";
import { WhyNot } from "../../ui/WhyNot";
import { MoveDialog } from "./MoveDialog";
import { type NextMove, nextMoves } from "./queries";

/** Where a version can go next: for every stage what is met and what is not, and the button that moves it. */
export function Moves({ version, looks }: { version: Version; looks?: Record<string, StageLook> }) {
  const query = useQuery(nextMoves(version.model, String(version.number)));
  const [chosen, setChosen] = useState<NextMove | null>(null);
  // A page has one primary button: the first move that can be made.
  const first = query.data?.items.find((move) => refusal(move) === undefined);
  return (
    <Loaded query={query} lines={4}>
      {({ items }) => (
        <>
          {items.length === 0 && <p className="muted">No transition of the scheme leads on from {version.stage}.</p>}
          <ul className="moves">
            {items.map((move) => (
              <li key={move.to_stage}>
                <div className="spread">
                  <h3>
                    To <Stage name={move.to_stage} look={looks?.[move.to_stage]} />
                  </h3>
                  <Button
                    kind={move === first ? "primary" : "plain"}
                    aria-keyshortcuts={move === first ? "p" : undefined}
                    refused={refusal(move)}
                    onClick={() => setChosen(move)}
                  >
                    {label(move)}
                  </Button>
                </div>
                <WhyNot {...move} />
              </li>
            ))}
          </ul>
          {chosen !== null && <MoveDialog move={chosen} onClose={() => setChosen(null)} />}
        </>
      )}
    </Loaded>
  );
}

function label(move: NextMove): string {
  return move.way === "request" ? `Ask to move to ${move.to_stage}` : `Move to ${move.to_stage}`;
}

/** Why the caller cannot begin this move; undefined if they can. */
export function refusal(move: Pick<NextMove, "way" | "allowed" | "blockers" | "request">): string | undefined {
  if (move.request !== null) {
    return `Request ${move.request} already asks for it.`;
  }
  if (move.way === null) {
    return "Your grants allow neither this move nor a request for it.";
  }
  if (move.way === "call" && !move.allowed) {
    return move.blockers[0] ?? "Not every gate is met.";
  }
  return undefined;
}
