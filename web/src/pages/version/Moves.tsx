import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Version } from "../../api/documents";
import { Stage, type StageLook } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { WhyNot } from "../../ui/WhyNot";
import { MoveButton, refusal } from "./MoveButton";
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
                  <div className="no-print">
                    <MoveButton
                      move={move}
                      kind={move === first ? "primary" : "plain"}
                      onChoose={() => setChosen(move)}
                    />
                  </div>
                </div>
                {saysMore(move) && <WhyNot {...move} />}
              </li>
            ))}
          </ul>
          {chosen !== null && <MoveDialog move={chosen} onClose={() => setChosen(null)} />}
        </>
      )}
    </Loaded>
  );
}

/** Whether there is more to read of a move than the one reason that its button gives. */
function saysMore(move: NextMove): boolean {
  const asked = move.gates.length + move.approvals.length > 0;
  return asked || move.blockers.some((blocker) => blocker !== refusal(move)) || move.blockers.length === 0;
}
