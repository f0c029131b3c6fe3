import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import { Button } from "../../ui/Button";
import { download } from "../../ui/download";
import { ProblemNotice } from "../../ui/Notice";
import { VersionPage } from "../../ui/VersionPage";
import { LineageCards, useDirection } from "./LineageCards";
import { lineageOf } from "./queries";
import { RecipeCard } from "./RecipeCard";

type Form = "openlineage" | "prov";

/** What a version comes from, as other programs read it. */
function exported(model: string, version: string, form: Form): Promise<unknown> {
  const params = { path: { model, version } };
  return form === "prov"
    ? answered(api.GET("/v1/models/{model}/versions/{version}/lineage/prov", { params }))
    : answered(api.GET("/v1/models/{model}/versions/{version}/lineage/openlineage", { params }));
}

/** What a version comes from, what came of it, and what it takes to make it again. */
export function Lineage() {
  const { model, version } = useParams({ strict: false }) as { model: string; version: string };
  const query = useInfiniteQuery(lineageOf(model, version, useDirection()));
  const exporting = useMutation({
    mutationFn: (form: Form) => exported(model, version, form),
    onSuccess: (document, form) =>
      download(`${model}-${version}.${form}.json`, "application/json", JSON.stringify(document, null, 2)),
  });
  const busy = (form: Form) => exporting.isPending && exporting.variables === form;
  return (
    <VersionPage
      title="Lineage"
      model={model}
      version={version}
      number={query.data?.pages[0]?.start.version ?? undefined}
      actions={
        <>
          <Button busy={busy("openlineage")} onClick={() => exporting.mutate("openlineage")}>
            Save as OpenLineage
          </Button>
          <Button busy={busy("prov")} onClick={() => exporting.mutate("prov")}>
            Save as PROV-JSON
          </Button>
        </>
      }
    >
      {exporting.isError && <ProblemNotice error={exporting.error} />}
      <LineageCards query={query}>
        <RecipeCard model={model} version={version} />
      </LineageCards>
    </VersionPage>
  );
}
