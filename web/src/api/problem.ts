/** One fault of a request's body: where it is, as a JSON pointer, and what is wrong with it. */
export interface Fault {
  pointer: string;
  message: string;
}

/** The problem document of the API (RFC 9457), as it is sent. Unknown members are kept. */
export interface ProblemDocument {
  status: number;
  code: string;
  title: string;
  detail: string;
  request_id?: string;
  errors?: Fault[];
  [member: string]: unknown;
}

/** An answer that is an error, or no answer at all. */
export class Problem extends Error {
  readonly document: ProblemDocument;
  /** Seconds after which the registry asks to try again; null if it says nothing. */
  readonly retryAfter: number | null;

  constructor(document: ProblemDocument, retryAfter: number | null = null) {
    super(document.detail);
    this.name = "Problem";
    this.document = document;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.document.status;
  }

  get code(): string {
    return this.document.code;
  }

  /** Whether the same request may succeed in a moment. */
  get passing(): boolean {
    return PASSING.includes(this.status) || this.code === "contention" || this.code === UNREACHABLE;
  }
}

export const UNREACHABLE = "unreachable";

// Too many requests, and what gateways answer while nothing behind them does.
const PASSING = [429, 502, 503, 504];

/** The problem of a request that got no answer. */
export function unreachable(): Problem {
  return new Problem({
    status: 0,
    code: UNREACHABLE,
    title: "No answer",
    detail: "The registry cannot be reached. Check the connection.",
  });
}

/** The problem that an answer with an error status describes. */
export async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  const text = await response.text();
  return new Problem(parsed(text) ?? undocumented(response), retryAfter);
}

function parsed(text: string): ProblemDocument | null {
  try {
    const document: unknown = JSON.parse(text);
    const known = document as Partial<ProblemDocument> | null;
    return typeof known?.code === "string" && typeof known.detail === "string" ? (known as ProblemDocument) : null;
  } catch {
    // A proxy on the way answers with a page of its own.
    return null;
  }
}

function undocumented(response: Response): ProblemDocument {
  const id = response.headers.get("X-Request-Id");
  const [title, meaning] =
    response.status >= 502 && response.status <= 504
      ? ["The registry does not answer", "What stands before the registry got no answer from it"]
      : ["The registry gave no reason", "The answer says nothing more"];
  return {
    status: response.status,
    code: "undocumented",
    title,
    detail: `${meaning} (status ${response.status}).`,
    ...(id ? { request_id: id } : {}),
  };
}

/** Turns anything that was thrown into a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 0, code: "unexpected", title: "The page failed", detail });
}
