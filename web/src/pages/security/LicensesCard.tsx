import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Mark, Stage } from "../../ui/Badges";
import { Loaded } from "../../ui/Loaded";
import { Card } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { markOf } from "../../ui/WhyNot";
import { nextMoves } from "../version/queries";
import { rulingsOf } from "./licenses";
import { type License, madeOf } from "./made";
import { bomOf } from "./queries";

interface CardProps {
  model: string;
  version: number;
}

/** The licence of a version, those of the models that it was made from, and what the scheme says of them. */
export function LicensesCard({ model, version }: CardProps) {
  const query = useQuery(bomOf(model, String(version)));
  return (
    <Card title="Licences">
      <Loaded query={query} lines={3}>
        {(bom) => {
          const { license, bases } = madeOf(bom);
          const rows = [
            { key: "", of: null, license },
            ...bases.map((base, index) => ({ key: `${index}`, of: base.name, license: base.license })),
          ];
          return (
            <Table
              caption="Licences"
              rows={rows}
              rowKey={({ key }) => key}
              columns={[
                {
                  key: "license",
                  head: "Licence",
                  cell: ({ license: stated, of }) => <Stated license={stated} own={of === null} />,
                },
                {
                  key: "of",
                  head: "Found in",
                  wide: true,
                  cell: ({ of }) =>
                    of === null ? (
                      <Link to="/models/$model/card" params={{ model }}>
                        the card of the model
                      </Link>
                    ) : (
                      <>
                        the card of the base model <bdi>{of}</bdi>
                      </>
                    ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <Rulings model={model} version={version} />
    </Card>
  );
}

function Stated({ license, own }: { license: License | null; own: boolean }) {
  if (license === null) {
    return (
      <span className="muted">
        {own ? "It states none" : "Not known: it states none, or you may not read it, or it is not in this registry"}
      </span>
    );
  }
  return license.understood ? (
    <code>{license.text}</code>
  ) : (
    <>
      {license.text}
      <div className="muted">It is no SPDX expression, so no gate understands it.</div>
    </>
  );
}

/** What the gates of the next moves say of the licences, of all ancestors too. */
function Rulings({ model, version }: CardProps) {
  const query = useQuery(nextMoves(model, String(version)));
  return (
    <Loaded query={query} lines={2}>
      {({ items }) => {
        const rulings = rulingsOf(items);
        return rulings.length === 0 ? (
          <p className="muted">No next move of this version depends on licences.</p>
        ) : (
          <ul className="findings">
            {rulings.map(({ gate, stages }) => (
              <li key={`${gate.gate} ${gate.needed}`}>
                <div className="row">
                  <Mark state={markOf(gate)} />
                  <strong>{gate.gate}</strong>
                  <span className="muted">to</span>
                  {stages.map((stage) => (
                    <Stage key={stage} name={stage} />
                  ))}
                </div>
                <p>{gate.reason}</p>
                <p className="muted">Needed: {gate.needed}</p>
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}
