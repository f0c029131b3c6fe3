import { useQuery } from "@tanstack/react-query";
import { SelectField } from "../../ui/Field";
import { Loaded, Skeleton } from "../../ui/Loaded";
import { late } from "../../ui/late";
import { useAddress } from "../../ui/search";
import { schemeInLines } from "./lines";
import { type SavedScheme, schemeOf } from "./queries";
import { readScheme } from "./scheme";

const TextDifference = late(() => import("../../ui/TextDifference").then((part) => part.default));

/** Shows an earlier version of a scheme, or what changed since another one. */
export function SchemeVersions({ saved }: { saved: SavedScheme }) {
  const [{ against }, change] = useAddress();
  const newest = useQuery(schemeOf(saved.name));
  const latest = newest.data?.version ?? saved.version;
  if (latest === 1) {
    return <p className="muted">There is one version. Each time that the scheme is saved makes the next.</p>;
  }
  const numbers = Array.from({ length: latest }, (_, index) => latest - index);
  const compared = numbers.find((number) => String(number) === against);
  return (
    <>
      <div className="scheme-versions no-print">
        <SelectField
          label="Show version"
          value={String(saved.version)}
          onChange={(event) => change({ version: event.target.value === String(latest) ? "" : event.target.value })}
        >
          {numbers.map((number) => (
            <option key={number} value={number}>
              {number === latest ? `${number}, the newest` : number}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Compare with"
          value={compared === undefined ? "" : String(compared)}
          onChange={(event) => change({ against: event.target.value })}
        >
          <option value="">Nothing</option>
          {numbers
            .filter((number) => number !== saved.version)
            .map((number) => (
              <option key={number} value={number}>
                Version {number}
              </option>
            ))}
        </SelectField>
      </div>
      {compared !== undefined && compared !== saved.version && <Difference saved={saved} against={compared} />}
    </>
  );
}

function Difference({ saved, against }: { saved: SavedScheme; against: number }) {
  const query = useQuery(schemeOf(saved.name, against));
  return (
    <Loaded query={query}>
      {(other) => {
        const [before, after] = other.version < saved.version ? [other, saved] : [saved, other];
        return (
          <>
            <p>
              From version {before.version} to {after.version}. <ins>Added</ins> words are underlined,{" "}
              <del>removed</del> ones struck through.
            </p>
            <TextDifference
              waiting={<Skeleton />}
              before={schemeInLines(readScheme(before.document))}
              after={schemeInLines(readScheme(after.document))}
            />
          </>
        );
      }}
    </Loaded>
  );
}
