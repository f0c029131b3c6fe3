import { Autocomplete } from "@base-ui/react/autocomplete";
import { useQuery } from "@tanstack/react-query";
import { type InputHTMLAttributes, useLayoutEffect, useRef, useState } from "react";
import { type Searched, searchFields } from "../../api/searchFields";
import { type Completion, completions } from "./completion";
import "./FilterInput.css";

interface FilterInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "defaultValue"> {
  value: string;
  onChange: (filter: string) => void;
  searched: Searched;
  /** Whether it takes the place of an input that has the focus. */
  takesFocus: boolean;
}

/** An input for a filter that proposes what can stand where the caret is. Without proposals it is an input like any other. */
export default function FilterInput({ value, onChange, searched, takesFocus, ...input }: FilterInputProps) {
  const [focused, setFocused] = useState(false);
  const [open, setOpen] = useState(false);
  const [caret, setCaret] = useState(value.length);
  const place = useRef<number | null>(null);
  const element = useRef<HTMLInputElement>(null);
  const { data } = useQuery({ ...searchFields(searched), enabled: focused });
  const items = completions(value, caret, data?.items ?? []);
  const [began] = useState({ takesFocus });
  useLayoutEffect(() => {
    if (began.takesFocus) {
      element.current?.focus();
    }
  }, [began]);
  // A completion in the middle leaves the caret behind it; by itself it would jump to the end.
  useLayoutEffect(() => {
    if (place.current !== null) {
      element.current?.setSelectionRange(place.current, place.current);
      place.current = null;
    }
  });
  function take(item: Completion) {
    place.current = item.caret;
    setCaret(item.caret);
    onChange(item.filter);
  }
  // In place, not in a portal: a portal would hide the rest of the page from screen readers while somebody types.
  const shown = open && items.length > 0;
  return (
    <div className="completed">
      <Autocomplete.Root
        items={items}
        filter={null}
        value={value}
        itemToStringValue={(item: Completion) => item.filter}
        inline
        open={shown}
        onValueChange={(next) => {
          setOpen(next !== "");
          onChange(next);
        }}
      >
        <Autocomplete.Input
          {...input}
          ref={element}
          aria-expanded={shown}
          onFocus={() => setFocused(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") {
              setOpen(true);
            } else if (event.key === "Escape" && shown) {
              setOpen(false);
              event.preventBaseUIHandler();
            }
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? value.length)}
        />
        {shown && (
          <Autocomplete.List className="completions" onMouseDown={(event) => event.preventDefault()}>
            {(item: Completion) => (
              <Autocomplete.Item
                key={`${item.note} ${item.label}`}
                value={item}
                className="completion"
                onClick={() => take(item)}
              >
                <code>{item.label}</code>
                <span className="muted">{item.note}</span>
              </Autocomplete.Item>
            )}
          </Autocomplete.List>
        )}
      </Autocomplete.Root>
    </div>
  );
}
