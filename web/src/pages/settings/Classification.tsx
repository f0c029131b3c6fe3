import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { LEVELS, type Level } from "../../format/classification";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { SelectField, Tick } from "../../ui/Field";
import { Card } from "../../ui/Page";
import type { OpenModel } from "./queries";
import { classificationInWords, lowers } from "./words";

/** How far a model's data may be known, and whether it is about people. Gates of a scheme can be for some of these only. */
export function Classification({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [changing, setChanging] = useState(false);
  return (
    <Card
      title="Classification of the data"
      actions={
        <Button refused={refused} onClick={() => setChanging(true)}>
          Classify
        </Button>
      }
    >
      <p>{classificationInWords(model)}</p>
      {changing && <ClassificationDialog model={model} onClose={() => setChanging(false)} />}
    </Card>
  );
}

function ClassificationDialog({ model: opened, onClose }: { model: OpenModel; onClose: () => void }) {
  // What is changed, and its ETag, must not change under the hand.
  const [model] = useState(opened);
  const [level, setLevel] = useState<Level | "">(model.classification ?? "");
  const [personal, setPersonal] = useState(model.personal_data);
  const chosen = { classification: level === "" ? null : level, personal_data: level !== "" && personal };
  return (
    <ActionDialog
      title={`Classify the data of ${model.name}`}
      label="Save"
      act={(reason, key) =>
        api.PUT("/v1/models/{model}/classification", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body: { ...chosen, ...(reason === null ? {} : { reason }) },
        })
      }
      said={`The data of ${model.name} is ${level === "" ? "unclassified" : level}`}
      refresh={[["model", model.name]]}
      reason={lowers(model, chosen) ? "required" : "optional"}
      onClose={onClose}
    >
      <SelectField label="Level" value={level} onChange={({ target }) => setLevel(target.value as Level | "")}>
        <option value="">unclassified</option>
        {Object.entries(LEVELS).map(([name, meaning]) => (
          <option key={name} value={name}>
            {name}: {meaning}
          </option>
        ))}
      </SelectField>
      {level !== "" && (
        <Tick
          label="It is about people who could be told from it."
          checked={personal}
          onChange={(event) => setPersonal(event.target.checked)}
        />
      )}
      <p>
        Gates and grants that are for certain classifications go by this one from now on. Votes on open requests no
        longer count, because they were given for another one.
      </p>
    </ActionDialog>
  );
}
