import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { listed, many } from "../../format/words";
import { Dumbbell } from "../../ui/charts/Dumbbell";
import { Empty } from "../../ui/Empty";
import { Tick } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Card, Page } from "../../ui/Page";
import { useAddress } from "../../ui/search";
import { looks, overviewOf } from "../model/queries";
import { Chooser, Proposals } from "./Chooser";
import { chosen, fault } from "./chosen";
import { Exports } from "./Exports";
import { comparisonOf } from "./queries";
import { SideBySide } from "./SideBySide";
import { type Comparison, equalRows, type Section, sectionsOf, shown } from "./sections";
import "./Compare.css";

const MOST_LINES = 12;

/** Two to five versions side by side, with their differences from the first. */
export function Compare() {
  const { model } = useParams({ strict: false }) as { model: string };
  const [{ v, base }, change] = useAddress();
  const refs = chosen(v, base);
  const query = useQuery({ ...comparisonOf(model, refs), placeholderData: keepPreviousData });
  const choose = (versions: string) => change({ v: versions, base: undefined });
  return (
    <Page title="Compare versions">
      <Chooser versions={refs} onChange={choose} />
      {refs.length === 0 && (
        <div className="card">
          <Empty title="Nothing chosen yet">
            <Proposals model={model} onChange={choose} />
          </Empty>
        </div>
      )}
      {refs.length > 0 && fault(refs) === undefined && (
        <Loaded query={query} lines={12} keeps>
          {(comparison) => <Content comparison={comparison} refs={refs} />}
        </Loaded>
      )}
    </Page>
  );
}

function Content({ comparison, refs }: { comparison: Comparison; refs: readonly string[] }) {
  const [{ all }, change] = useAddress();
  const glance = useQuery(overviewOf(comparison.model)).data;
  const sections = sectionsOf(comparison);
  const everything = all !== undefined;
  const equal = equalRows(sections);
  return (
    <>
      <Charts comparison={comparison} metrics={sections[0]} />
      <Card
        title="Side by side"
        flush
        actions={<Exports comparison={comparison} sections={sections} all={everything} />}
      >
        {equal > 0 && (
          <div className="compare-equal no-print">
            <Tick
              label={everything ? "Show equal rows too" : `Show equal rows too (${many(equal, "equal row")} hidden)`}
              checked={everything}
              onChange={() => change({ all: everything ? undefined : "1" }, true)}
            />
            {everything && (
              <p className="muted">The registry compares parameters and all below them by their differences only.</p>
            )}
          </div>
        )}
        <SideBySide
          comparison={comparison}
          sections={sections}
          all={everything}
          looks={glance === undefined ? {} : looks(glance.stages)}
          onBase={(place) => change({ base: refs[place] })}
          onRemove={(place) => change({ v: refs.filter((_, at) => at !== place).join(","), base: undefined })}
        />
        <Equal sections={sections} all={everything} />
      </Card>
    </>
  );
}

/** The metrics that differ, each on a scale of its own. */
function Charts({ comparison, metrics }: { comparison: Comparison; metrics: Section | undefined }) {
  const lines = metrics === undefined ? [] : shown(metrics, false);
  if (lines.length === 0) {
    return null;
  }
  const names = comparison.versions.map(({ number }) => `version ${number}`);
  return (
    <Card title="Metrics that differ">
      <Dumbbell
        title={`Metrics of ${listed(names)}, each on its own scale`}
        series={names}
        rows={lines.slice(0, MOST_LINES).flatMap((row) => (row.kind === "metric" ? [row] : []))}
      />
      {lines.length > MOST_LINES && <p className="muted">The table below has all {lines.length}.</p>}
    </Card>
  );
}

/** The parts in which the versions do not differ. */
function Equal({ sections, all }: { sections: readonly Section[]; all: boolean }) {
  const equal = sections.filter((section) => shown(section, all).length === 0 && !section.cut);
  return equal.length === 0 ? null : (
    <p className="muted compare-equal">No difference in {listed(equal.map(({ title }) => title.toLowerCase()))}.</p>
  );
}
