import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Problem } from "./api/problem";
import { chooseZone, chosenZone, type Zone } from "./format/time";
import { createAppRouter } from "./router";
import { Preferences } from "./ui/preferences";
import { usePrinting } from "./ui/printing";
import { ZoneContext } from "./ui/Time";
import { Toasts } from "./ui/Toasts";

const RETRIES = 3;
const LONGEST_WAIT_MS = 10_000;

/** How the answers of the API are kept, and when a failed read is tried again. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Without a network a call fails at once, and the page says so.
        networkMode: "always",
        staleTime: 5_000,
        retry: (failures, error) => failures < RETRIES && error instanceof Problem && error.passing,
        retryDelay: (attempt, error) => {
          const asked = error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 0;
          return Math.min(Math.max(asked, 500 * 2 ** attempt), LONGEST_WAIT_MS);
        },
      },
      // Nothing that changes the registry is tried again, or kept for later, by itself.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export function App() {
  const [client] = useState(createQueryClient);
  const [router] = useState(createAppRouter);
  const [zone, setZone] = useState<Zone>(chosenZone);
  const printing = usePrinting() !== null;
  const preferences = useMemo(
    () => ({
      zone,
      setZone: (next: Zone) => {
        chooseZone(next);
        setZone(next);
      },
    }),
    [zone],
  );
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Preferences value={preferences}>
          {/* Paper is read anywhere, so its times are in UTC. */}
          <ZoneContext value={printing ? "utc" : zone}>
            <RouterProvider router={router} />
            <Toasts />
          </ZoneContext>
        </Preferences>
      </QueryClientProvider>
    </CSPProvider>
  );
}
