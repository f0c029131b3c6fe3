import { Mark } from "../../ui/Badges";

/** Whether something that was signed counts, and if not, why. */
export function Counts({ doubt, by }: { doubt: string | null; by: string }) {
  return (
    <>
      <Mark state={doubt === null ? "met" : "unmet"}>{doubt === null ? by : "not verified"}</Mark>
      {doubt !== null && <div className="muted">{doubt}</div>}
    </>
  );
}
