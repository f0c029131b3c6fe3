import { Link } from "@tanstack/react-router";
import { Button } from "../../ui/Button";
import type { NextMove } from "./queries";

interface MoveButtonProps {
  move: NextMove;
  kind?: "primary" | "plain";
  onChoose: () => void;
}

/** The button that begins a move; a link to its request if somebody has asked for it already. */
export function MoveButton({ move, kind = "plain", onChoose }: MoveButtonProps) {
  const { model, to_stage: stage, request } = move;
  if (request !== null) {
    return (
      <Link className="button" to="/models/$model/requests/$request" params={{ model, request: String(request) }}>
        Open request {request} for {stage}
      </Link>
    );
  }
  return (
    <Button
      kind={kind}
      aria-keyshortcuts={kind === "primary" ? "p" : undefined}
      refused={refusal(move)}
      onClick={onChoose}
    >
      {move.way === "request" ? `Ask to move to ${stage}` : `Move to ${stage}`}
    </Button>
  );
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
