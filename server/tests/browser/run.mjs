// Tries the pages of a running service in a browser.
//
// usage: node run.mjs BASE_URL [--shots DIR] [--no-laws]
//
// CHROMIUM names the browser; --no-laws is for a service that has no texts of law, and leaves out what needs them.
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";
import { RESOLVER, badge } from "./badge.mjs";
import { box } from "./box.mjs";
import { Harness, SCREENS } from "./harness.mjs";
import { journeys } from "./journeys.mjs";
import { pages } from "./pages.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shots: { type: "string" }, "no-laws": { type: "boolean", default: false } },
});
if (positionals.length !== 1) {
  console.error("usage: node run.mjs BASE_URL [--shots DIR] [--no-laws]");
  process.exit(2);
}
const base = positionals[0].replace(/\/+$/, "");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  // Only pages of our own service are opened, and the browser's sandbox does not start in containers or as root.
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--lang=zh-CN", RESOLVER],
});
const t = new Harness(browser, base, values.shots);
const laws = !values["no-laws"];
try {
  await badge(t, SCREENS[1]);
  for (const screen of SCREENS) {
    await box(t, screen);
    await journeys(t, screen, { laws });
    await pages(t, screen, { laws });
  }
} finally {
  await browser.close();
}
if (!laws) console.log("not checked: pages of laws, the service has none");
console.log(`${t.passed} passed, ${t.failed} failed`);
process.exitCode = t.failed ? 1 : 0;
