import { type ReactNode, useEffect, useRef } from "react";
import { announce } from "./announce";
import "./Page.css";

export interface PageProps {
  title: string;
  /** What is above the title: links to what the page belongs to. */
  above?: ReactNode;
  /** What stands beside the title, such as badges. */
  beside?: ReactNode;
  /** What can be done here; at most one primary button. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its title, what can be done, and its content. Tells screen readers where they are when it opens. */
export function Page({ title, above, beside, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Moorage`;
    announce(title);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <article className="page">
      <header className="page-head">
        {above !== undefined && <div className="page-above">{above}</div>}
        <div className="spread">
          <div className="page-title">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {beside}
          </div>
          {actions !== undefined && <div className="row no-print">{actions}</div>}
        </div>
      </header>
      <div className="page-body">{children}</div>
    </article>
  );
}

interface CardProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
  id?: string;
  /** Whether the content reaches the card's edges, as tables do. */
  flush?: boolean;
}

/** A part of a page with a title of its own. */
export function Card({ title, actions, children, id, flush = false }: CardProps) {
  const heading = id ?? title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return (
    <section className={flush ? "card card-flush" : "card"} aria-labelledby={heading}>
      <div className="spread card-head">
        <h2 id={heading}>{title}</h2>
        {actions !== undefined && <div className="row no-print">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
