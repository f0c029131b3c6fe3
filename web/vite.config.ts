import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compress, fontLicenses, preloadFonts } from "./plugins.ts";

const OUTPUT = join(import.meta.dirname, "../build/web");
const LICENSES = "licenses.txt";

/** The name of a file that several pages share: rolldown would name it after all of them. */
function shortened(name: string): string {
  return name.replace(/~.*(?=\.|$)/, "").replace(/\.[^.]*$/, "");
}

// `npm run dev` serves the interface from its sources, and passes on what is for the registry at MOORAGE_URL.
const registry = process.env.MOORAGE_URL;

// What few pages load: charts, and what shows evidence with them.
const EVIDENCE =
  /node_modules[\\/](d3-|internmap)|src[\\/](ui[\\/]charts|evaluations|monitors|pages[\\/](evaluation|lineage|monitors))[\\/]/;

// What dialogs share that are loaded when somebody opens them, and no page before.
const UPLOADS = /src[\\/]uploads[\\/]/;

// What the parts for choosing from a list share, each of which is loaded when somebody uses it: no page needs it before.
const PROPOSALS = /[\\/]node_modules[\\/]@base-ui[\\/]/;

export default defineConfig(({ command }) => ({
  // A build names its assets relative to the page, because nobody knows where a registry will be served.
  base: command === "build" ? "./" : "/ui/",
  plugins: [react(), preloadFonts(), fontLicenses(OUTPUT, LICENSES), compress(OUTPUT)],
  build: {
    outDir: OUTPUT,
    emptyOutDir: true,
    // The content security policy forbids data: URLs.
    assetsInlineLimit: 0,
    // The styles of all pages together are smaller than a page's scripts. One file costs fewer requests.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: "es2022",
    // bench/web.py computes the budgets from it.
    manifest: true,
    license: { fileName: LICENSES },
    rolldownOptions: {
      output: {
        chunkFileNames: (chunk) => `assets/${shortened(chunk.name)}-[hash].js`,
        assetFileNames: (asset) => `assets/${shortened(asset.names[0] ?? "file")}-[hash][extname]`,
        codeSplitting: {
          groups: [
            // What every visit needs is in two scripts. A release seldom changes the first one.
            { name: "vendor", test: /[\\/]node_modules[\\/]/, tags: ["$initial"] },
            { name: "shell", tags: ["$initial"] },
            { name: "proposals", test: PROPOSALS, minShareCount: 2 },
            // All that pages share is one script: a request more would cost more than a part too many.
            { name: "shared", test: (id) => !EVIDENCE.test(id) && !UPLOADS.test(id), minShareCount: 2 },
            { name: "uploads", test: UPLOADS },
            { name: "evidence", minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      registry ? ["/v1", "/auth"].map((path) => [path, { target: registry, changeOrigin: true }]) : [],
    ),
  },
}));
