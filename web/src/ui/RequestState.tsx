import "./RequestState.css";

/** How each state looks: its sign and its tone. */
const LOOKS: Record<string, { sign: string; tone: string }> = {
  open: { sign: "○", tone: "warn" },
  approved: { sign: "✓", tone: "good" },
  rejected: { sign: "✕", tone: "bad" },
  executed: { sign: "✓", tone: "plain" },
};

/** The state of a transition request, in a word. */
export function RequestState({ state }: { state: string }) {
  const { sign, tone } = LOOKS[state] ?? { sign: "–", tone: "plain" };
  return (
    <span className={`request-state request-state-${tone}`}>
      <span aria-hidden="true">{sign}</span> {state}
    </span>
  );
}
