import { answered, api } from "../../api/client";
import { ActionDialog } from "../../ui/ActionDialog";
import { WhyNot } from "../../ui/WhyNot";
import type { NextMove } from "./queries";

/** Asks for the reason of a move, then makes it or opens a request for it. */
export function MoveDialog({ move, onClose }: { move: NextMove; onClose: () => void }) {
  const { model, version, to_stage: stage } = move;
  const asks = move.way === "request";
  return (
    <ActionDialog
      title={`${asks ? "Ask to move" : "Move"} version ${version} to ${stage}`}
      onClose={onClose}
      reason="optional"
      draft={`move ${model}/${version} ${stage}`}
      act={(reason, key) => (asks ? ask(move, reason, key) : make(move, reason, key))}
      said={asks ? `Asked to move version ${version} to ${stage}` : `Version ${version} is in ${stage}`}
      refresh={[["model", model], ["inbox"]]}
    >
      <p>
        {model}, version {version}: from <strong>{move.from_stage}</strong> to <strong>{stage}</strong>.
      </p>
      {asks && <WhyNot {...move} />}
    </ActionDialog>
  );
}

function ask({ model, version, to_stage }: NextMove, reason: string | null, key: string): Promise<unknown> {
  return answered(
    api.POST("/v1/models/{model}/requests", {
      params: { path: { model }, header: { "Idempotency-Key": key } },
      body: { version, to_stage, reason },
    }),
  );
}

function make(
  { model, version, to_stage, from_stage }: NextMove,
  reason: string | null,
  key: string,
): Promise<unknown> {
  return answered(
    api.POST("/v1/models/{model}/versions/{version}/transitions", {
      params: { path: { model, version: String(version) }, header: { "Idempotency-Key": key } },
      body: { to_stage, reason, expected_stage: from_stage },
    }),
  );
}
