import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Person } from "../../ui/Badges";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Scroller } from "../../ui/Scroller";
import { Time } from "../../ui/Time";
import { MetricChoice, useMetric } from "../model/MetricChoice";
import { looks, type Overview, overviewOf } from "../model/queries";
import { moveButton, StageColumn } from "./StageColumn";
import { Targets } from "./Targets";
import "./Board.css";

/** The versions of a model by stage, each with the moves that it can make. */
export function Board() {
  const { model } = useParams({ strict: false }) as { model: string };
  const query = useQuery(overviewOf(model));
  const metric = useMetric(query.data);
  return (
    <Page
      title="Board"
      actions={query.data !== undefined && metric !== undefined && <MetricChoice glance={query.data} chosen={metric} />}
    >
      <Loaded query={query} lines={12}>
        {(glance) => <Stages glance={glance} metric={metric} />}
      </Loaded>
    </Page>
  );
}

function Stages({ glance, metric }: { glance: Overview; metric: string | undefined }) {
  const { model, stages } = glance;
  const [moving, setMoving] = useState<number | null>(null);
  const look = looks(stages);
  function close() {
    if (moving !== null) {
      const id = moveButton(moving);
      setTimeout(() => document.getElementById(id)?.focus());
    }
    setMoving(null);
  }
  if (model.versions === 0) {
    return (
      <div className="card">
        <Empty title="No versions yet">
          <p>
            Register the first with <code>moorage register {model.name} model/</code>.
          </p>
        </Empty>
      </div>
    );
  }
  return (
    <>
      {model.frozen && (
        <Notice tone="warn" title="This model is frozen: its versions can only be rolled back">
          <p>
            {model.frozen.reason} — <Person name={model.frozen.by} />, <Time at={model.frozen.at} />
          </p>
        </Notice>
      )}
      <Scroller label={`Stages of ${model.name}`} className="board">
        {stages.map((stage) => (
          <StageColumn
            key={stage.name}
            stage={stage}
            look={look[stage.name]}
            glance={glance}
            metric={metric}
            onMove={setMoving}
          />
        ))}
      </Scroller>
      {moving !== null && <Targets model={model.name} version={moving} looks={look} onClose={close} />}
    </>
  );
}
