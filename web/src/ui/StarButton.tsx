import { Star } from "lucide-react";
import { Button } from "./Button";
import { useStars } from "./stars";
import "./StarButton.css";

/** Keeps a model on the reader's home page, in this browser. */
export function StarButton({ model }: { model: string }) {
  const [stars, toggle] = useStars();
  const starred = stars.includes(model);
  return (
    <Button kind="quiet" aria-pressed={starred} onClick={() => toggle(model)}>
      <Star aria-hidden="true" className={starred ? "star-on" : undefined} />
      {starred ? "Starred" : "Star"}
    </Button>
  );
}
