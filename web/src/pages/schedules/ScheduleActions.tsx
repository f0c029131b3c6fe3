import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { SCHEDULES, type Schedule } from "./queries";
import { jobInWords } from "./words";

interface DialogProps {
  schedule: Schedule;
  onClose: () => void;
}

/** Asks whether to fire a schedule now. */
export function FireDialog({ schedule, onClose }: DialogProps) {
  const { name } = schedule;
  return (
    <ActionDialog
      title={`Fire the schedule ${name} now`}
      label="Fire it now"
      act={(_, key) =>
        api.POST("/v1/schedules/{schedule}/fire", {
          params: { path: { schedule: name }, header: changeHeaders(key) },
        })
      }
      said={`The schedule ${name} has fired`}
      refresh={[SCHEDULES]}
      onClose={onClose}
    >
      <p>It {jobInWords(schedule)}, as at its own time. Its next time stays.</p>
    </ActionDialog>
  );
}

/** Asks whether to turn a schedule off, or on again. */
export function SwitchDialog({ schedule: { name, enabled: on }, onClose }: DialogProps) {
  const enabled = !on;
  return (
    <ActionDialog
      title={`Turn ${enabled ? "on" : "off"} the schedule ${name}`}
      label={enabled ? "Turn it on" : "Turn it off"}
      act={(_, key) =>
        api.PATCH("/v1/schedules/{schedule}", {
          params: { path: { schedule: name }, header: changeHeaders(key) },
          body: { enabled },
        })
      }
      said={`The schedule ${name} is ${enabled ? "on" : "off"}`}
      refresh={[SCHEDULES]}
      onClose={onClose}
    >
      <p>
        {enabled
          ? "It fires at its next time. Those that passed while it was off are not made up for."
          : "It does not fire by itself until it is turned on. It can still be fired by hand."}
      </p>
    </ActionDialog>
  );
}
