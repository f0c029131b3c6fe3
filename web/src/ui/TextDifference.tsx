import { diffWordsWithSpace } from "diff";
import "./TextDifference.css";

/** Two texts as one: what was added is underlined, what was removed is struck through. */
export default function TextDifference({ before, after }: { before: string; after: string }) {
  const parts = diffWordsWithSpace(before, after);
  return (
    <pre className="text-difference">
      {parts.map((part, index) => {
        // Parts have no names, and the list is made anew for other texts.
        const key = `${index} ${part.value.length}`;
        if (part.added) {
          return <ins key={key}>{part.value}</ins>;
        }
        return part.removed ? <del key={key}>{part.value}</del> : <span key={key}>{part.value}</span>;
      })}
    </pre>
  );
}
