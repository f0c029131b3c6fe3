import { registryAddress } from "../../place";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Snippets } from "../../ui/Snippets";
import { withoutEach } from "./conditions";

/** What stands on a new registry: three ways to register a first model. */
export function NoModels() {
  const url = registryAddress();
  return (
    <Empty title="No models yet">
      <p className="text">A model appears here with its first version. Register one from Python, a shell, or MLflow:</p>
      <Snippets
        snippets={[
          {
            tool: "Python",
            text: [
              "from moorage import Client",
              "",
              `client = Client("${url}", "<token>")`,
              "# A model of scikit-learn, XGBoost, PyTorch or another framework; register() takes a directory.",
              'client.log(model, "fraud", metrics={"auc": 0.94})',
            ].join("\n"),
          },
          {
            tool: "Shell",
            text: [`moorage login ${url}`, "moorage register fraud model/ --metric auc=0.94"].join("\n"),
          },
          {
            tool: "MLflow",
            text: [
              `export MLFLOW_TRACKING_URI=${url}`,
              "export MLFLOW_TRACKING_TOKEN=<token>",
              "python -c \"import mlflow; mlflow.register_model('runs:/<run>/model', 'fraud')\"",
            ].join("\n"),
          },
        ]}
      />
    </Empty>
  );
}

/** What stands where a filter finds nothing: the filter, and how to drop each of its conditions. */
export function NothingFound({ filter, onChange }: { filter: string; onChange: (filter: string) => void }) {
  return (
    <Empty title="Nothing found">
      <p className="text">
        Nothing that you may read matches <code>{filter}</code>.
      </p>
      <div className="row">
        {withoutEach(filter).map(({ dropped, rest }) => (
          <Button key={dropped} onClick={() => onChange(rest)}>
            Without {dropped}
          </Button>
        ))}
        <Button onClick={() => onChange("")}>Show everything</Button>
      </div>
    </Empty>
  );
}
