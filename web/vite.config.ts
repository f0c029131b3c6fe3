import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUTPUT = join(import.meta.dirname, "../build/web");
const COMPRESSED = /\.(css|html|js|json|svg|txt)$/;

/** Writes a brotli and a gzip variant beside each text asset, so that the function never compresses. */
function compress(): Plugin {
  return {
    name: "moorage-compress",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(join(OUTPUT, "assets"))) {
        if (COMPRESSED.test(entry)) {
          const file = join(OUTPUT, "assets", entry);
          const content = readFileSync(file);
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
          writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
          writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        }
      }
    },
  };
}

// `npm run dev` serves the interface from its sources, and passes on what is for the registry at MOORAGE_URL.
const registry = process.env.MOORAGE_URL;

export default defineConfig(({ command }) => ({
  // A build names its assets relative to the page, because nobody knows where a registry will be served.
  base: command === "build" ? "./" : "/ui/",
  plugins: [react(), compress()],
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    // The content security policy forbids data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      registry ? ["/v1", "/auth"].map((path) => [path, { target: registry, changeOrigin: true }]) : [],
    ),
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
}));
