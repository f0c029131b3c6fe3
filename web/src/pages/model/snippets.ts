import { registryAddress } from "../../place";
import { quotedForShell } from "../../ui/shell";

/** How to load a version, in each tool. `ref` is a number or an alias; null if nothing serves yet. */
export function loadSnippets(model: string, ref: string | number | null): { tool: string; text: string }[] {
  const at = ref ?? "champion";
  const native = typeof at === "number" ? String(at) : `@${at}`;
  const url = registryAddress();
  const uri = typeof at === "number" ? `models:/${model}/${at}` : `models:/${model}@${at}`;
  const path = `${url}/v1/models/${encodeURIComponent(model)}/versions/${native}/artifacts`;
  return [
    {
      tool: "Python",
      text: [
        "from moorage import Client",
        "",
        "# MOORAGE_URL and MOORAGE_TOKEN are set.",
        "client = Client()",
        `client.download(${python(model)}, ${typeof at === "number" ? at : python(native)}, "model/")`,
        "# Or the object, if client.log saved it:",
        `client.load(${python(reference(model, at))})`,
      ].join("\n"),
    },
    {
      tool: "Shell",
      text: `moorage download ${quotedForShell(reference(model, at))} model/`,
    },
    {
      tool: "MLflow",
      text: ["import mlflow", "", `model = mlflow.pyfunc.load_model(${python(uri)})`].join("\n"),
    },
    { tool: "curl", text: `curl -H "Authorization: Bearer $MOORAGE_TOKEN" \\\n  ${quotedForShell(path)}` },
  ];
}

/** A version as the SDK and the command line name it. Where the model's name has an `@`, a slash sets the alias apart. */
export function reference(model: string, at: string | number): string {
  return `${model}${typeof at === "number" ? `/${at}` : model.includes("@") ? `/@${at}` : `@${at}`}`;
}

/** A text as Python writes it. */
function python(text: string): string {
  return JSON.stringify(text);
}
