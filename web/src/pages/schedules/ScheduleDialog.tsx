import { useQuery } from "@tanstack/react-query";
import { many } from "../../format/words";
import { Person } from "../../ui/Badges";
import { Dialog } from "../../ui/Dialog";
import { Loaded } from "../../ui/Loaded";
import { Fact, Facts } from "../../ui/Table";
import { Tags } from "../../ui/Tags";
import { Time } from "../../ui/Time";
import { scheduleOf } from "./queries";
import { jobInWords, modelsOf, outcomeInWords, whenInWords } from "./words";

/** One schedule: its next times, what it carries, and how its last firing went. */
export function ScheduleDialog({ schedule: name, onClose }: { schedule: string; onClose: () => void }) {
  const query = useQuery(scheduleOf(name));
  return (
    <Dialog title={`Schedule ${name}`} open onClose={onClose}>
      <Loaded query={query} lines={8}>
        {(schedule) => (
          <Facts>
            {schedule.description !== "" && <Fact name="Description">{schedule.description}</Fact>}
            <Fact name="Does">{jobInWords(schedule)}</Fact>
            <Fact name="For">{modelsOf(schedule)}</Fact>
            <Fact name="When">
              {whenInWords(schedule.when)}
              {schedule.when.at !== null && (
                <>
                  {", at "}
                  <Time at={schedule.when.at} />
                </>
              )}
            </Fact>
            <Fact name="Next times">
              {schedule.upcoming.length === 0 ? (
                "none"
              ) : (
                <ul>
                  {schedule.upcoming.map((time) => (
                    <li key={time}>
                      <Time at={time} ago />
                    </li>
                  ))}
                </ul>
              )}
            </Fact>
            {Object.keys(schedule.payload).length > 0 && (
              <Fact name="Carries">
                <Tags tags={schedule.payload} />
              </Fact>
            )}
            <Fact name="Fired">
              {many(schedule.firings, "time")}
              {schedule.fired_at !== null && (
                <>
                  {", last at "}
                  <Time at={schedule.fired_at} />
                </>
              )}
              {schedule.missed > 0 && `, which made up for ${many(schedule.missed, "earlier time")}`}
            </Fact>
            {schedule.outcome !== null && (
              <Fact name="Went">
                {outcomeInWords(schedule.outcome)}, until <Time at={schedule.outcome.ended_at} />
                {schedule.outcome.error !== "" && <div>{schedule.outcome.error}</div>}
              </Fact>
            )}
            <Fact name="Created">
              <Time at={schedule.created_at} /> by <Person name={schedule.created_by} />
            </Fact>
          </Facts>
        )}
      </Loaded>
    </Dialog>
  );
}
