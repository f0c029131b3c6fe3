import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import build from "./vite.config.ts";

// Apart from the build, which runs where no test tool is installed.
export default defineConfig((environment) =>
  mergeConfig(build(environment), {
    test: {
      include: ["src/**/*.test.{ts,tsx}"],
      restoreMocks: true,
    },
  }),
);
