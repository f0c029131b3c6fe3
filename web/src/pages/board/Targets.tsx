import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Mark, Stage, type StageLook } from "../../ui/Badges";
import { Dialog } from "../../ui/Dialog";
import { Loaded } from "../../ui/Loaded";
import { WhyNot } from "../../ui/WhyNot";
import { MoveButton } from "../version/MoveButton";
import { MoveDialog } from "../version/MoveDialog";
import { type NextMove, nextMoves } from "../version/queries";
import { verdictOn } from "./verdict";

interface TargetsProps {
  model: string;
  version: number;
  looks: Record<string, StageLook>;
  onClose: () => void;
}

/** The stages that a version can move to: which are allowed, which need approval, and what blocks the others. */
export function Targets({ model, version, looks, onClose }: TargetsProps) {
  const query = useQuery(nextMoves(model, String(version)));
  const [chosen, setChosen] = useState<NextMove | null>(null);
  if (chosen !== null) {
    return <MoveDialog move={chosen} onClose={onClose} />;
  }
  return (
    <Dialog title={`Move version ${version}`} open onClose={onClose}>
      <Loaded query={query} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <p>No transition of the scheme leads on from its stage.</p>
          ) : (
            <ul className="targets">
              {items.map((move) => (
                <li key={move.to_stage}>
                  <Target move={move} look={looks[move.to_stage]} onChoose={() => setChosen(move)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Dialog>
  );
}

function Target({ move, look, onChoose }: { move: NextMove; look: StageLook | undefined; onChoose: () => void }) {
  const verdict = verdictOn(move);
  return (
    <>
      <div className="spread">
        <h3 className="row">
          <Stage name={move.to_stage} look={look} />
          <Mark state={verdict.state}>{verdict.word}</Mark>
        </h3>
        <MoveButton move={move} onChoose={onChoose} />
      </div>
      {(move.gates.length > 0 || move.approvals.length > 0 || move.blockers.length > 0) && (
        <details>
          <summary className="muted">Gates and approvals</summary>
          <WhyNot {...move} />
        </details>
      )}
    </>
  );
}
