import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { changeHeaders } from "../../api/tags";
import { ActionDialog } from "../../ui/ActionDialog";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { useFields } from "../../ui/fields";
import { Card } from "../../ui/Page";
import { readScheme } from "../schemes/scheme";
import { assignedScheme, type OpenModel } from "./queries";
import { ruleInWords } from "./words";

/** The rule by which the registry promotes new versions by itself. */
export function PromotionRule({ model, refused }: { model: OpenModel; refused: string | undefined }) {
  const [chosen, setChosen] = useState<"set" | "clear" | null>(null);
  const { name, promotion_rule: rule } = model;
  const close = () => setChosen(null);
  return (
    <Card
      title="Promotion rule"
      actions={
        <>
          <Button refused={refused} onClick={() => setChosen("set")}>
            {rule === null ? "Set a rule" : "Change the rule"}
          </Button>
          {rule !== null && (
            <Button kind="danger" refused={refused} onClick={() => setChosen("clear")}>
              Remove the rule
            </Button>
          )}
        </>
      }
    >
      <p className="text">
        {rule === null
          ? "None: new versions move when somebody moves them, or when the scheme does."
          : ruleInWords(rule)}
      </p>
      {chosen === "set" && <RuleDialog model={model} onClose={close} />}
      {chosen === "clear" && (
        <ActionDialog
          title={`Remove the promotion rule of ${name}`}
          danger
          act={(_, key) =>
            api.DELETE("/v1/models/{model}/promotion-rule", {
              params: { path: { model: name }, header: changeHeaders(key) },
            })
          }
          said="The promotion rule is removed"
          refresh={[["model", name]]}
          onClose={close}
        >
          <p>
            New versions stay in the first stage until somebody moves them. Versions that moved stay where they are.
          </p>
        </ActionDialog>
      )}
    </Card>
  );
}

function RuleDialog({ model: opened, onClose }: { model: OpenModel; onClose: () => void }) {
  // What is edited, and its ETag, must not change under the hand.
  const [model] = useState(opened);
  const rule = model.promotion_rule;
  const scheme = useQuery(assignedScheme(model.name));
  const stages = scheme.data === undefined ? [] : readScheme(scheme.data.document).stages.map(({ name }) => name);
  const [better, setBetter] = useState(rule?.higher_is_better === false ? "lower" : "higher");
  const [kind, setKind] = useState(rule?.beats ? "beats" : "at_least");
  const { texts, field } = useFields({
    metric: rule?.metric ?? "",
    to_stage: rule?.to_stage ?? "",
    at_least: String(rule?.at_least ?? ""),
    "beats/stage": rule?.beats?.stage ?? "",
    "beats/by": String(rule?.beats?.by ?? "0"),
  });
  const target = texts.to_stage || (stages[1] ?? "");
  const beaten = texts["beats/stage"] || target;
  const body = {
    metric: texts.metric.trim(),
    to_stage: target,
    higher_is_better: better === "higher",
    ...(kind === "beats"
      ? { beats: { stage: beaten, by: Number(texts["beats/by"]) } }
      : { at_least: Number(texts.at_least) }),
  };
  const options = (present: string) =>
    [...new Set([present, ...stages])].filter(Boolean).map((stage) => <option key={stage}>{stage}</option>);
  return (
    <ActionDialog
      title={`Set the promotion rule of ${model.name}`}
      act={(_, key) =>
        api.PUT("/v1/models/{model}/promotion-rule", {
          params: { path: { model: model.name }, header: changeHeaders(key, model.etag) },
          body,
        })
      }
      said="The promotion rule is set"
      refresh={[["model", model.name]]}
      onClose={onClose}
    >
      {(error) => (
        <>
          <TextField label="Metric" required maxLength={250} {...field("metric", error)} />
          <SelectField label="Better is" value={better} onChange={(event) => setBetter(event.target.value)}>
            <option value="higher">higher</option>
            <option value="lower">lower</option>
          </SelectField>
          <SelectField label="Moves to" {...field("to_stage", error)} value={target}>
            {options(target)}
          </SelectField>
          <SelectField label="If it" value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="at_least">reaches a value</option>
            <option value="beats">beats the version in a stage</option>
          </SelectField>
          {kind === "beats" ? (
            <>
              <SelectField label="The version in" {...field("beats/stage", error)} value={beaten}>
                {options(beaten)}
              </SelectField>
              <TextField label="By at least" type="number" step="any" min={0} required {...field("beats/by", error)} />
            </>
          ) : (
            <TextField
              label={better === "higher" ? "At least" : "At most"}
              type="number"
              step="any"
              required
              {...field("at_least", error)}
            />
          )}
          <p>
            It judges each version when it is complete, and when its evidence changes. The scheme must have the move.
          </p>
        </>
      )}
    </ActionDialog>
  );
}
