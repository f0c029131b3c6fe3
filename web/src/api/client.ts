import createClient, { type Middleware } from "openapi-fetch";
import { REGISTRY_URL } from "../place";
import { problemOf, unreachable } from "./problem";
import type { paths } from "./schema";
import { accessToken, forgetToken } from "./session";

const BEARER = "Bearer ";

const authorize: Middleware = {
  async onRequest({ request }) {
    request.headers.set("Authorization", BEARER + (await accessToken()));
    return request;
  },
};

/** Every answer with an error status becomes a thrown Problem, so that callers only see data. */
const refuse: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok || response.status === 304) {
      return undefined;
    }
    if (response.status === 401) {
      forgetToken((request.headers.get("Authorization") ?? "").slice(BEARER.length));
    }
    throw await problemOf(response);
  },
};

async function reach(request: Request): Promise<Response> {
  const again = request.method === "GET" ? request.clone() : null;
  const response = await send(request);
  if (response.status !== 401 || again === null) {
    return response;
  }
  // The session may be older than this page's token: ask once more with a new one.
  forgetToken((again.headers.get("Authorization") ?? "").slice(BEARER.length));
  again.headers.set("Authorization", BEARER + (await accessToken()));
  return send(again);
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) {
      throw error;
    }
    throw unreachable();
  }
}

/** The API, typed by its OpenAPI document. Calls resolve to `{data}` or throw Problem. */
export const api = createClient<paths>({
  baseUrl: REGISTRY_URL.href.replace(/\/$/, ""),
  fetch: reach,
  credentials: "omit",
});
api.use(authorize, refuse);

/** The data of an answer that always has some. */
export async function answered<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) {
    throw new TypeError("The registry answered without a document.");
  }
  return data;
}
