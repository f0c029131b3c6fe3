/**
 * Unpacks the Chromium of the package @sparticuz/chromium, with its libraries and a font, into a directory:
 * `node chromium.mjs DIRECTORY`. The package is made for Lambda, which has none of them; nor may a bare machine.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const target = resolve(process.argv[2]);
mkdirSync(target, { recursive: true });
// The package unpacks into the temporary directory, and its libraries only where it believes to be in Lambda.
process.env.TMPDIR = target;
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();
// The package's own configuration names directories of Lambda.
writeFileSync(
  resolve(target, "fonts.conf"),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${resolve(target, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${resolve(target, "fonts-cache")}</cachedir>
</fontconfig>
`,
);
