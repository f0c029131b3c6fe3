import { Stage } from "../../ui/Badges";
import { type Column, Table } from "../../ui/Table";
import {
  approvalsInWords,
  gateInWords,
  type Move,
  modelsInWords,
  type Scheme,
  type SchemeStage,
  wayInWords,
} from "./scheme";

/** Every move that a scheme allows, with what it needs. */
export function SchemeMoves({ scheme }: { scheme: Scheme }) {
  const columns: Column<Move>[] = [
    { key: "from", head: "From", cell: ({ from }) => <Stage name={from} /> },
    { key: "to", head: "To", cell: ({ to }) => <Stage name={to} /> },
    {
      key: "needs",
      head: "Needs",
      wide: true,
      cell: ({ gates, approvals }) =>
        gates.length + approvals.length === 0 ? (
          <span className="muted">Nothing</span>
        ) : (
          <ul className="scheme-needs">
            {gates.map((gate) => (
              <li key={gate.name}>
                <strong>{gate.name}</strong>{" "}
                {gate.kind === "condition" ? <code>{gateInWords(gate)}</code> : gateInWords(gate)}
                {modelsInWords(gate)}
                {gate.description && <span className="muted"> — {gate.description}</span>}
              </li>
            ))}
            {approvals.map((entry) => (
              <li key={approvalsInWords(entry)}>
                <strong>approval</strong> of {approvalsInWords(entry)}
              </li>
            ))}
          </ul>
        ),
    },
    {
      key: "way",
      head: "How",
      wide: true,
      cell: (move) => <span className="scheme-way">{wayInWords(move, scheme)}</span>,
    },
  ];
  return (
    <Table
      caption="Moves"
      columns={columns}
      rows={scheme.moves}
      rowKey={({ from, to }) => `${from} ${to}`}
      empty={<p className="muted">The scheme allows no moves.</p>}
    />
  );
}

const STAGE_COLUMNS: Column<SchemeStage>[] = [
  { key: "name", head: "Stage", cell: ({ name }) => <Stage name={name} /> },
  { key: "versions", head: "Versions", cell: ({ exclusive }) => (exclusive ? "One at a time" : "Several") },
  {
    key: "enter",
    head: "To enter",
    cell: (stage) => (
      <span className="scheme-way">
        {stage.protected ? "Only by request, by itself, or by roll-back" : "By any move"}
      </span>
    ),
  },
  {
    key: "quarantined",
    head: "In quarantine",
    cell: ({ quarantined }) => (quarantined ? "May enter" : "Refused"),
  },
  {
    key: "aliases",
    head: "Sets aliases",
    cell: ({ aliases }) => (aliases.length === 0 ? "—" : aliases.map((alias) => `@${alias}`).join(", ")),
  },
  { key: "description", head: "Description", cell: ({ description }) => description || "—", wide: true },
];

/** The stages of a scheme, in their order. */
export function SchemeStages({ scheme }: { scheme: Scheme }) {
  return <Table caption="Stages" columns={STAGE_COLUMNS} rows={scheme.stages} rowKey={({ name }) => name} />;
}
