import { useState } from "react";
import { type Attempt, attach, newAttempt, type Stage, type Target } from "./attach";

/** An upload of a dialog: how far it is, what starts it or goes on with it, and what ends it. */
export interface Upload {
  /** Null while nothing is uploaded. */
  stage: Stage | null;
  run: (file: Blob, target: Target) => Promise<unknown>;
  /** Lets what stands in the storage be, because another file or name was chosen. */
  forget: () => void;
  cancel: () => void;
}

export function useUpload(): Upload {
  const [stage, setStage] = useState<Stage | null>(null);
  const [attempt, setAttempt] = useState<Attempt>(newAttempt);
  const [abort] = useState(() => new AbortController());
  return {
    stage,
    run: (file, target) => attach(file, target, attempt, setStage, abort.signal).finally(() => setStage(null)),
    forget: () => setAttempt(newAttempt()),
    cancel: () => abort.abort(),
  };
}
