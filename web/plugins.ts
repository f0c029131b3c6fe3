/** What a build does beside bundling. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

const COMPRESSED = /\.(css|html|js|json|svg|txt)$/;
// The server writes the page for each request, so a compressed copy of it would be of no use.
const PAGE = "index.html";

/** Writes a brotli and a gzip variant beside each text file of `output`, so that the function never compresses. */
export function compress(output: string): Plugin {
  return {
    name: "moorage-compress",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(output, { recursive: true, encoding: "utf8" })) {
        if (COMPRESSED.test(entry) && entry !== PAGE && !entry.startsWith(".vite")) {
          const file = join(output, entry);
          const content = readFileSync(file);
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
          writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
          writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
        }
      }
    },
  };
}

/** Asks for the fonts together with the scripts. Else a browser asks for them only when it has laid out the first text. */
export function preloadFonts(): Plugin {
  return {
    name: "moorage-preload-fonts",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) =>
        fontsOf(bundle ?? {}).map(({ fileName }) => ({
          tag: "link",
          attrs: { rel: "preload", as: "font", type: "font/woff2", crossorigin: true, href: `./${fileName}` },
          injectTo: "head",
        })),
    },
  };
}

/** Adds the licenses of the fonts to the file `licenses` in `output`: Vite writes those of the code only. */
export function fontLicenses(output: string, licenses: string): Plugin {
  return {
    name: "moorage-font-licenses",
    apply: "build",
    writeBundle(_, bundle) {
      for (const folder of new Set(
        fontsOf(bundle).flatMap(({ originalFileNames }) => originalFileNames.map(packageOf)),
      )) {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const text = readFileSync(join(folder, "LICENSE"), "utf8");
        appendFileSync(join(output, licenses), `\n## ${name} - ${version} (${license})\n\n${text}`);
      }
    },
  };
}

function fontsOf(bundle: Rolldown.OutputBundle): Rolldown.OutputAsset[] {
  return Object.values(bundle).filter(
    (file): file is Rolldown.OutputAsset => file.type === "asset" && file.fileName.endsWith(".woff2"),
  );
}

/** The folder of the package that a font comes from: fonts are in `files` of a Fontsource package. */
function packageOf(font: string): string {
  return join(import.meta.dirname, dirname(dirname(font)));
}
