// What all tests share: checks that are printed and counted, and browser pages that remember what they did.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The two screens on which everything is tried. */
export const SCREENS = [
  { name: "phone", width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  { name: "desk", width: 1280, height: 900 },
];

const WAIT = 10_000;
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export class Harness {
  passed = 0;
  failed = 0;

  constructor(browser, base, shots) {
    Object.assign(this, { browser, base, shots });
  }

  check(name, holds, detail = "") {
    if (holds) this.passed += 1;
    else this.failed += 1;
    console.log(holds ? `ok    ${name}` : `FAIL  ${name}${detail === "" ? "" : `: ${detail}`}`);
  }

  /** Runs `body` on a page of its own, with its own storage. What it throws is one failed check, not the end. */
  async visit(name, screen, body, { javascript = true, home = "", signsIn = false, chooses = false } = {}) {
    const context = await this.browser.createBrowserContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(WAIT);
      await page.setViewport(screen);
      await page.setJavaScriptEnabled(javascript);
      const seen = watch(page, this.base, home);
      await body(page, seen);
      this.check(`${name}: nothing asked of other hosts`, seen.foreign.length === 0, seen.foreign.join(" "));
      this.check(`${name}: no errors in the console`, seen.errors.length === 0, seen.errors.join(" | "));
      const cookies = (await context.cookies()).filter(({ name, httpOnly, sameSite }) =>
        !(chooses && name === "guansou_care" && httpOnly && sameSite === "Lax") && !(signsIn && /^guansou_(session|device_[a-z0-9._-]+)$/.test(name) && httpOnly && sameSite === "Lax"));
      this.check(`${name}: no cookies${signsIn ? " but those of signing in" : ""}`, cookies.length === 0, cookies.map((c) => c.name).join(" "));
    } catch (error) {
      this.check(name, false, String(error.message ?? error).split("\n")[0]);
    } finally {
      await context.close();
    }
  }

  async shot(page, name) {
    if (!this.shots) return;
    await mkdir(this.shots, { recursive: true });
    await page.screenshot({ path: join(this.shots, `${name}.png`) });
  }
}

/** Errors and requests to other hosts, as they happen; `home` is another's site on which our script is tried. */
function watch(page, base, home) {
  const seen = { errors: [], foreign: [], suggestions: [] };
  const host = new URL(base).host;
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => {
    // The browser reports the status of a page that is meant to be a problem as an error of its own.
    const ownStatus = message.location()?.url === page.url() && /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !ownStatus) seen.errors.push(message.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== host && url.host !== home) seen.foreign.push(url.href);
    if (url.pathname === "/api/v1/suggest") seen.suggestions.push(url.searchParams.get("q"));
  });
  return seen;
}

export const BOX = ".box input[name=q]";

export const text = (page, selector) => page.$eval(selector, (node) => node.textContent.trim());
export const texts = (page, selector) => page.$$eval(selector, (nodes) => nodes.map((node) => node.textContent.trim()));
export const has = async (page, selector) => (await page.$(selector)) !== null;

/** Presses what leads to another page and waits until it is there. */
export async function follow(page, action) {
  const [response] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), action()]);
  return response;
}

/** Opens the start page or, when the start page is no use, `from`, and searches through the form. */
export async function search(page, base, query, from = "/") {
  await page.goto(base + from, { waitUntil: "load" });
  await page.focus(BOX);
  await page.type(BOX, query);
  return follow(page, () => page.keyboard.press("Enter"));
}

/** Something that comes to pass once, and can be waited for; it fails where it does not come. */
export function event() {
  let comes;
  const come = new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error("what was waited for did not come")), WAIT);
    comes = () => {
      clearTimeout(late);
      done();
    };
  });
  // Whoever never comes to wait for it has failed before.
  come.catch(() => {});
  return { come, comes };
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Judges the page as it stands, light and dark: nothing that axe calls serious or critical. */
export async function accessible(t, page, name, shot) {
  // The debugger's evaluation is not a script of the page, so its content security policy stays in force.
  await page.evaluate(AXE);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const grave = await page.evaluate(async () => {
      const { violations } = await axe.run({ resultTypes: ["violations"] });
      return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) =>
        ({ id, where: nodes.slice(0, 3).map((node) => node.target.join(" ")), why: nodes[0].failureSummary }));
    });
    t.check(`${name}is accessible, ${scheme}`, grave.length === 0, JSON.stringify(grave));
    await t.shot(page, `${shot}-${scheme}`);
  }
}
