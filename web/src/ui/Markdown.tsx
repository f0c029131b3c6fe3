import ReactMarkdown, { type Components } from "react-markdown";
import gfm from "remark-gfm";
import { Scroller } from "./Scroller";
import "./Markdown.css";

const ALLOWED = /^(https?:|mailto:|#)/i;

/** Pictures from elsewhere would tell their host who reads the card, so each is shown as a link. */
const components: Components = {
  img: ({ src, alt }) => (
    <a href={typeof src === "string" ? src : undefined} rel="noreferrer noopener">
      Picture: {alt || "without a description"}
    </a>
  ),
  a: ({ href, children }) => (
    <a href={href} rel="noreferrer noopener">
      {children}
    </a>
  ),
  // The page and its cards have the headings above these.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  input: ({ checked }) => <span>{checked ? "☑" : "☐"}</span>,
  table: ({ children }) => (
    <Scroller label="Table" className="markdown-table">
      <table>{children}</table>
    </Scroller>
  ),
};

/** Markdown that people wrote. HTML in it is left out, and only links to the web and to mail stay links. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown text">
      <ReactMarkdown
        remarkPlugins={[gfm]}
        skipHtml
        components={components}
        urlTransform={(url) => (ALLOWED.test(url) ? url : "")}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
