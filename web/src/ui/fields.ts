import { useState } from "react";
import { faultAt } from "../api/faults";

/**
 * The texts of a form's fields by what the API calls them, such as `metric` or `beats/by`. `field` joins one of them to
 * its input: its text, what changes it, and what the API found wrong with it.
 */
export function useFields<Name extends string>(initial: Record<Name, string>) {
  const [texts, setTexts] = useState(initial);
  const field = (name: Name, error?: unknown) => ({
    value: texts[name],
    fault: faultAt(error, `/${name}`),
    onChange: ({ target }: { target: { value: string } }) =>
      setTexts((before) => ({ ...before, [name]: target.value })),
  });
  return { texts, field };
}
