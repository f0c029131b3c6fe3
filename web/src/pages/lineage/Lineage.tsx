import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client";
import { Button } from "../../ui/Button";
import { download } from "../../ui/download";
import { ProblemNotice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { LineageCards, useDirection } from "./LineageCards";
import { lineageOf } from "./queries";
import { RecipeCard } from "./RecipeCard";

/** What a version comes from, what came of it, and what it takes to make it again. */
export function Lineage() {
  const { model, version } = useParams({ strict: false }) as { model: string; version: string };
  const query = useInfiniteQuery(lineageOf(model, version, useDirection()));
  const exporting = useMutation({
    mutationFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/lineage/prov", { params: { path: { model, version } } })),
    onSuccess: (document) =>
      download(`${model}-${version}.prov.json`, "application/json", JSON.stringify(document, null, 2)),
  });
  return (
    <Page
      title="Lineage"
      above={
        <>
          <Link to="/models">Models</Link> /{" "}
          <Link to="/models/$model" params={{ model }}>
            {model}
          </Link>{" "}
          /{" "}
          <Link to="/models/$model/versions/$version" params={{ model, version }}>
            version {query.data?.pages[0]?.start.version ?? version}
          </Link>
        </>
      }
      actions={
        <Button busy={exporting.isPending} onClick={() => exporting.mutate()}>
          Save as PROV-JSON
        </Button>
      }
    >
      {exporting.isError && <ProblemNotice error={exporting.error} />}
      <LineageCards query={query} />
      <RecipeCard model={model} version={version} />
    </Page>
  );
}
