import { useParams } from "@tanstack/react-router";
import { useContext, useState } from "react";
import { absolute } from "../../format/time";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { TextField } from "../../ui/Field";
import { Card, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { ZoneContext } from "../../ui/Time";
import { fromField, toField } from "./asOf";
import { Moves } from "./Moves";
import type { Shown } from "./moves";
import { Places } from "./Places";
import "./History.css";

const SHOWN = [
  { value: "all", name: "Everything" },
  { value: "stages", name: "Stages" },
  { value: "aliases", name: "Aliases" },
] as const;

/** Who moved what, when and why; and where everything stood at a time. */
export function History() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [address, change] = useAddress();
  const zone = useContext(ZoneContext);
  const [opened] = useState(() => new Date().toISOString());
  const shown: Shown = address.show === "stages" || address.show === "aliases" ? address.show : "all";
  const { at } = address;
  return (
    <Page title="History">
      <div className="history-tools no-print">
        <TextField
          label={`As of (${zone === "utc" ? "UTC" : "your time"})`}
          type="datetime-local"
          value={at === undefined ? "" : toField(at, zone)}
          max={toField(opened, zone)}
          onChange={(event) => change({ at: fromField(event.target.value, zone) ?? undefined }, at !== undefined)}
        />
        {at !== undefined && <Button onClick={() => change({ at: undefined })}>Back to now</Button>}
      </div>
      <Card
        title={at === undefined ? "Where everything stands" : `Where everything stood ${absoluteOr(at, zone)}`}
        flush
      >
        <Places model={model} time={at ?? opened} />
      </Card>
      <Card
        title={at === undefined ? "Moves" : "Moves until then"}
        actions={
          <Choice
            label="Which moves"
            options={SHOWN}
            value={shown}
            onChange={(next) => change({ show: next === "all" ? undefined : next })}
          />
        }
      >
        <Moves model={model} shown={shown} until={at} />
      </Card>
    </Page>
  );
}

/** A time in the zone, or the text in the address as it is: the API says what is wrong with it. */
function absoluteOr(time: string, zone: "local" | "utc"): string {
  return Number.isNaN(new Date(time).getTime()) ? time : absolute(time, zone);
}
