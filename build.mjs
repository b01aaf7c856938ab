// Builds bukti/faces/web/static/ from bukti/faces/web/assets/. Names carry no hash: Django's
// ManifestStaticFilesStorage adds one. `node build.mjs` needs nothing but `npm ci`.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const assets = "bukti/faces/web/assets";
const result = "bukti/faces/web/static";

await rm(result, { recursive: true, force: true });
await mkdir(result, { recursive: true });

const common = { outdir: result, bundle: true, minify: true, legalComments: "none", logLevel: "warning" };

await Promise.all([
  build({
    ...common,
    entryPoints: ["app", "board", "upload", "verify"].map((name) => `${assets}/ts/${name}.ts`),
    target: "es2022",
    format: "iife",
  }),
  build({
    ...common,
    entryPoints: [{ in: `${assets}/css/bukti.css`, out: "bukti" }],
    external: ["*.svg", "*.woff2"],
    target: ["chrome109", "firefox121", "safari16"],
  }),
  copyFile("node_modules/htmx.org/dist/htmx.min.js", `${result}/htmx.js`),
  copyFile(`${assets}/img/icons.svg`, `${result}/icons.svg`),
  copyFile(`${assets}/img/weave.svg`, `${result}/weave.svg`),
  copyFile(`${assets}/img/mark.svg`, `${result}/mark.svg`),
  copyFile(`${assets}/fonts/bukti-sans.woff2`, `${result}/bukti-sans.woff2`),
  copyFile(`${assets}/fonts/OFL.txt`, `${result}/bukti-sans.OFL.txt`),
]);
