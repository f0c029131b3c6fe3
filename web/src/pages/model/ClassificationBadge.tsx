import type { Model } from "../../api/documents";
import "../../scanning/Scanning.css";

const TONES = { public: "plain", internal: "plain", confidential: "warn", restricted: "bad" } as const;

/** How far a model's data may be known, and whether it is about people; nothing if nobody has said so. */
export function ClassificationBadge({
  classification,
  personal_data: personal,
}: Pick<Model, "classification" | "personal_data">) {
  if (classification === null) {
    return null;
  }
  return (
    <>
      <span className={`verdict verdict-${TONES[classification]}`} title="How far the model’s data may be known">
        {classification}
      </span>
      {personal && <span className="verdict verdict-warn">personal data</span>}
    </>
  );
}
