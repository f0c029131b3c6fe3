import { bytes } from "../format/number";
import type { Stage } from "./attach";
import "./Sending.css";

const WORDS: Record<Stage["doing"], string> = {
  reading: "Reading the file …",
  sending: "Sending the file …",
  proving: "The registry checks what arrived …",
};

/** How far an upload is. Screen readers are told the steps, and not every byte. */
export function Sending({ stage, size }: { stage: Stage; size: number }) {
  return (
    <div className="sending">
      <span role="status">{WORDS[stage.doing]}</span>
      {stage.doing === "sending" && (
        <>
          <progress value={stage.sent} max={size} aria-label="Bytes that are sent" />
          <span className="muted">
            {bytes(stage.sent)} of {bytes(size)}
          </span>
        </>
      )}
    </div>
  );
}
