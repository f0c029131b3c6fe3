/** Where the interface is served: the path that ends in `/ui/`. Assets lie one folder below it. */
export const UI_URL = new URL("../", import.meta.url);

/** Where the registry is served: `/v1` and `/auth` lie below it. */
export const REGISTRY_URL = new URL("../", UI_URL);

/** The path of the interface without the slash at its end, for the router. */
export const UI_PATH = UI_URL.pathname.replace(/\/$/, "");

/** The registry's URL as clients need it, without the slash at its end. */
export function registryAddress(): string {
  return new URL(REGISTRY_URL, window.location.href).href.replace(/\/$/, "");
}
