import { X } from "lucide-react";
import { Aliases } from "../../ui/Aliases";
import { Stage, type StageLook, VersionLink } from "../../ui/Badges";
import { Button } from "../../ui/Button";
import { Scroller } from "../../ui/Scroller";
import { Time } from "../../ui/Time";
import { cellsOf } from "./cells";
import { FEWEST } from "./chosen";
import { type Comparison, type Row, type Section, shown } from "./sections";

interface SideBySideProps {
  comparison: Comparison;
  sections: readonly Section[];
  all: boolean;
  looks: Record<string, StageLook>;
  /** Makes the version at a place the base. */
  onBase: (place: number) => void;
  /** Takes the version at a place out. */
  onRemove: (place: number) => void;
}

/** The versions in columns, the base first, with a group of rows for each part of the comparison. */
export function SideBySide({ comparison, sections, all, looks, onBase, onRemove }: SideBySideProps) {
  const { model, versions } = comparison;
  return (
    <Scroller label="Versions side by side" className="compare-scroll">
      <table className="table compare-table">
        <caption className="visually-hidden">Versions of {model} side by side</caption>
        <thead>
          <tr>
            <td className="compare-pinned" />
            {versions.map((version, place) => (
              <th key={version.number} scope="col" className={place === 0 ? "compare-base" : undefined}>
                <div className="compare-head">
                  <span>
                    <VersionLink model={model} version={version.number} label={version.label} />
                    {place === 0 && <span className="muted"> (base)</span>}
                  </span>
                  <span className="row">
                    <Stage name={version.stage} look={looks[version.stage]} />
                    <Aliases names={version.aliases} first={3} />
                  </span>
                  <span className="muted">
                    <Time at={version.created_at} />
                  </span>
                  <span className="row no-print">
                    {place > 0 && <Button onClick={() => onBase(place)}>Make base</Button>}
                    {versions.length > FEWEST && (
                      <Button
                        kind="quiet"
                        aria-label={`Remove version ${version.number}`}
                        title={`Remove version ${version.number}`}
                        onClick={() => onRemove(place)}
                      >
                        <X aria-hidden="true" />
                      </Button>
                    )}
                  </span>
                </div>
              </th>
            ))}
          </tr>
        </thead>
        {sections.map((section) => (
          <Group key={section.title} section={section} all={all} columns={versions.length + 1} />
        ))}
      </table>
    </Scroller>
  );
}

function Group({ section, all, columns }: { section: Section; all: boolean; columns: number }) {
  const rows = shown(section, all);
  if (rows.length === 0 && !section.cut) {
    return null;
  }
  return (
    <tbody>
      <tr className="compare-group">
        <th scope="rowgroup" colSpan={columns}>
          <span>
            {section.title}
            {section.cut && <span className="muted"> (too long: some rows are left out)</span>}
          </span>
        </th>
      </tr>
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row" className="compare-pinned">
            {row.name}
          </th>
          {cellsOf(row).map((cell, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to the version at its place
            <td key={place} className={classOf(row, place)}>
              {cell}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function classOf(row: Row, place: number): string | undefined {
  const names = [place === 0 ? "compare-base" : "", row.kind === "text" ? "compare-text" : ""];
  return names.join(" ").trim() || undefined;
}
