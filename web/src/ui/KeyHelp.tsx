import { Dialog } from "./Dialog";
import { PLACES } from "./keys";
import { Table } from "./Table";

const KEYS: [string, string][] = [
  ["?", "Show this"],
  ["Ctrl K", "Go to a model or page"],
  ["/", "Go to the filter"],
  ...Object.entries(PLACES).map(([key, place]): [string, string] => [`g ${key}`, `Go to ${place.name}`]),
  ["j  k", "Next and previous row"],
  ["Enter", "Open the row"],
  ["Space", "Show more of the row"],
  ["x", "Select the row"],
  ["c", "Compare what is selected"],
  ["[  ]", "Previous and next version"],
  ["y", "Copy the version's name"],
  ["p", "Promote, or ask for it"],
  ["a  r", "Approve or reject the request"],
  ["e", "Edit the card"],
  ["Esc", "Close"],
];

/** The keys and what they do. */
export default function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" open onClose={onClose}>
      <Table
        caption="Keys"
        rows={KEYS}
        rowKey={([key]) => key}
        columns={[
          { key: "key", head: "Key", cell: ([key]) => <kbd>{key}</kbd> },
          { key: "does", head: "What it does", cell: ([, does]) => does, wide: true },
        ]}
      />
      <p className="muted">Single keys can be switched off on the page with your name.</p>
    </Dialog>
  );
}
