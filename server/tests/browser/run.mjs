// Tries the pages of a running service in a browser.
//
// usage: node run.mjs BASE_URL [--shots DIR] [--no-laws] [--admin LINK --admin LINK --document DOCX] [--office NAME=LINK]... [--only-story]
//
// CHROMIUM names the browser; --no-laws is for a service that has no texts of law, and leaves out what needs them. With the
// links (paths) of the accounts `admin` and `admin.2` and a document, what offices do is tried too; it changes the data. With those
// of the accounts `names.clerk`, `names.first`, `names.registry` and `names.above`, so is the life of a web name.
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";
import { RESOLVER, badge } from "./badge.mjs";
import { box } from "./box.mjs";
import { everyday } from "./everyday.mjs";
import { Harness, SCREENS } from "./harness.mjs";
import { journeys } from "./journeys.mjs";
import { lists } from "./lists.mjs";
import { names } from "./names.mjs";
import { pages } from "./pages.mjs";
import { schemes } from "./schemes.mjs";
import { story } from "./story.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shots: { type: "string" },
    "no-laws": { type: "boolean", default: false },
    admin: { type: "string", multiple: true },
    document: { type: "string" },
    office: { type: "string", multiple: true, default: [] },
    "only-story": { type: "boolean", default: false },
  },
});
if (positionals.length !== 1) {
  console.error("usage: node run.mjs BASE_URL [--shots DIR] [--no-laws] [--admin LINK --admin LINK --document DOCX] [--office NAME=LINK]... [--only-story]");
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
  if (values.admin?.length === 2 && values.document) {
    await story(t, SCREENS, { admin: values.admin, document: values.document });
    await schemes(t, SCREENS);
    await lists(t, SCREENS);
  }
  const offices = Object.fromEntries(values.office.map((pair) => pair.split("=")));
  if (values.document && values.office.length === 4) await names(t, SCREENS, { offices, document: values.document });
  if (!values["only-story"]) await badge(t, SCREENS[1]);
  for (const screen of values["only-story"] ? [] : SCREENS) {
    await box(t, screen);
    await journeys(t, screen, { laws });
    await everyday(t, screen, { laws });
    await pages(t, screen, { laws });
  }
} finally {
  await browser.close();
}
if (!values.admin) console.log("not checked: what offices do, no account was given");
if (values.office.length !== 4) console.log("not checked: the life of a web name, no accounts were given");
if (!laws) console.log("not checked: pages of laws, the service has none");
console.log(`${t.passed} passed, ${t.failed} failed`);
process.exitCode = t.failed ? 1 : 0;
