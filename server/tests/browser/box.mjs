// The one box: groups, roles, keys, input methods and the searches that the browser remembers.
import { BOX, accessible, event, follow, has, search, text, texts } from "./harness.mjs";

const OPTION = "#suggest [role=option]";
const shown = (page) => page.waitForSelector(OPTION, { visible: true });
const hidden = (page) => page.waitForSelector("#suggest", { hidden: true });
const value = (page) => page.$eval(BOX, (input) => input.value);
const attribute = (page, name) => page.$eval(BOX, (input, n) => input.getAttribute(n), name);

export async function box(t, screen) {
  const at = (what) => `${screen.name}, box: ${what}`;

  for (const from of ["/", "/divisions"]) {
    await t.visit(at(`suggestions on ${from}`), screen, async (page) => {
      await page.goto(t.base + from);
      const before = await page.$eval("main > :last-child", (node) => node.getBoundingClientRect().top);
      await page.type(BOX, "遵义市");
      await shown(page);
      const groups = await texts(page, "#suggest [role=group] > .suggest-title");
      t.check(at(`${from} groups have headings`), groups[0] === "机构" && groups.includes("地区"), groups.join(" "));
      const after = await page.$eval("main > :last-child", (node) => node.getBoundingClientRect().top);
      t.check(at(`${from} nothing moves`), before === after, `${before} ${after}`);
      const labels = await page.$$eval("#suggest [role=group]", (nodes) =>
        nodes.every((node) => document.getElementById(node.getAttribute("aria-labelledby"))?.textContent));
      t.check(at(`${from} groups are labelled`), labels);
      t.check(at(`${from} says that it is open`), await attribute(page, "aria-expanded") === "true");
      const count = (await texts(page, OPTION)).length;
      t.check(at(`${from} tells how many there are`), (await text(page, ".box [role=status]")).startsWith(`${count} 条`));

      await page.keyboard.press("ArrowDown");
      const active = await attribute(page, "aria-activedescendant");
      const selected = await page.$eval(`${OPTION}[aria-selected=true]`, (node) => node.id);
      t.check(at(`${from} arrow down marks the first`), active === selected && active === "suggest-0", active);
      await accessible(t, page, at(`${from} open list `), `${screen.name}-box${from === "/" ? "-home" : ""}`);
      await page.keyboard.press("ArrowUp");
      t.check(at(`${from} arrow up goes round`), await attribute(page, "aria-activedescendant") === `suggest-${count - 1}`);
      await page.keyboard.press("ArrowDown");
      await follow(page, () => page.keyboard.press("Enter"));
      t.check(at(`${from} Enter opens the page`), /\/institutions\//.test(page.url()), page.url());
      t.check(at(`${from} and it is the one that was marked`), (await text(page, "h1")).includes("遵义市"));
    });
  }

  await t.visit(at("pointer"), screen, async (page) => {
    await page.goto(t.base);
    await page.type(BOX, "遵义市");
    const option = await shown(page);
    await follow(page, () => (screen.hasTouch ? option.tap() : option.click()));
    t.check(at("a click opens the page"), /\/institutions\//.test(page.url()), page.url());
  });

  await t.visit(at("address"), screen, async (page) => {
    await page.goto(t.base);
    await page.type(BOX, "www.zunyi。gov.cn");
    await shown(page);
    t.check(at("an address is offered for checking"), (await text(page, "#suggest .suggest-title")) === "网址核验");
    await page.keyboard.press("ArrowDown");
    await follow(page, () => page.keyboard.press("Enter"));
    t.check(at("and checked"), page.url().startsWith(`${t.base}/check?url=www.zunyi`), page.url());
  });

  await t.visit(at("message"), screen, async (page) => {
    await page.goto(t.base);
    await page.type(BOX, "www.zunyi.gov.cn是真的吗");
    await shown(page);
    t.check(at("an address in a sentence is offered for checking"), (await text(page, "#suggest .suggest-title")) === "网址核验");
  });

  await t.visit(at("keys"), screen, async (page) => {
    await page.goto(`${t.base}/divisions`);
    await page.keyboard.press("/");
    t.check(at("/ goes to the box"), await page.$eval(BOX, (input) => input === document.activeElement && input.value === ""));
    await page.keyboard.type("遵义市");
    await shown(page);
    await page.keyboard.press("Home");
    t.check(at("Home moves the caret"), await page.$eval(BOX, (input) => input.selectionStart) === 0);
    await page.keyboard.press("Escape");
    await hidden(page);
    t.check(at("the first Esc closes"), await value(page) === "遵义市" && await attribute(page, "aria-expanded") === "false");
    await page.keyboard.press("Escape");
    t.check(at("the second Esc clears"), await value(page) === "");
    await page.keyboard.type("遵义市");
    await shown(page);
    await page.keyboard.press("Tab");
    await hidden(page);
    t.check(at("Tab leaves"), await page.$eval(BOX, (input) => input !== document.activeElement && input.value === "遵义市"));
  });

  await t.visit(at("skip link"), screen, async (page) => {
    await page.goto(`${t.base}/divisions`);
    await page.keyboard.press("Tab");
    t.check(at("the first Tab is the skip link"), await page.evaluate(() => document.activeElement.className) === "skip");
    await page.keyboard.press("Enter");
    const there = page.waitForFunction(() => location.hash === "#main", { timeout: 5000 }).then(() => true, () => false);
    t.check(at("and it leads to the text"), await there);
  });

  await t.visit(at("input method"), screen, async (page, seen) => {
    // Every question waits for a timer first: counted, they tell what would be asked without waiting for it.
    await page.evaluateOnNewDocument(() => {
      const set = window.setTimeout;
      window.timersSet = 0;
      window.setTimeout = (...given) => {
        window.timersSet += 1;
        return set(...given);
      };
    });
    await page.goto(t.base);
    await page.focus(BOX);
    const timers = () => page.evaluate(() => window.timersSet);
    const before = await timers();
    const devtools = await page.createCDPSession();
    await devtools.send("Input.imeSetComposition", { text: "zun", selectionStart: 3, selectionEnd: 3 });
    await devtools.send("Input.imeSetComposition", { text: "zun yi", selectionStart: 6, selectionEnd: 6 });
    t.check(at("nothing is asked while composing"), await timers() === before && seen.suggestions.length === 0, seen.suggestions.join(" "));
    await devtools.send("Input.insertText", { text: "遵义" });
    await shown(page);
    t.check(at("the composed text is asked once"), await timers() > before && seen.suggestions.join(" ") === "遵义", seen.suggestions.join(" "));
  });

  await t.visit(at("late answers"), screen, async (page) => {
    const isFirst = (request) => request.url().endsWith(encodeURIComponent("北京"));
    const [asked, secondShown, over] = [event(), event(), event()];
    await page.setRequestInterception(true);
    page.on("request", async (request) => {
      // The answer to the first question comes after the answer to the second.
      if (isFirst(request)) {
        asked.comes();
        await secondShown.come;
      }
      await request.continue().catch(() => {});
    });
    for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => isFirst(request) && over.comes());
    await page.goto(t.base);
    await page.type(BOX, "北京");
    await asked.come;
    await page.$eval(BOX, (input) => { input.value = ""; });
    await page.type(BOX, "遵义市");
    await shown(page);
    secondShown.comes();
    await over.come;
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const first = (await texts(page, OPTION))[0];
    t.check(at("a late answer is dropped"), first.includes("遵义市"), first);
  });

  await t.visit(at("recent searches"), screen, async (page) => {
    await page.goto(t.base);
    t.check(at("a page does not open with a list over it"), await page.$eval("#suggest", (list) => list.hidden));
    for (let n = 1; n <= 9; n += 1) await search(page, t.base, `遵义 ${n}`);
    await page.goto(t.base);
    await page.click(BOX);
    await shown(page);
    await t.shot(page, `${screen.name}-box-recent`);
    const kept = await texts(page, OPTION);
    const wanted = ["遵义 9", "遵义 8", "遵义 7", "遵义 6", "遵义 5", "遵义 4", "遵义 3", "遵义 2", "清除记录"];
    t.check(at("the last eight searches, newest first"), kept.join() === wanted.join(), kept.join());
    await page.keyboard.press("ArrowDown");
    await follow(page, () => page.keyboard.press("Enter"));
    t.check(at("one of them searches again"), new URL(page.url()).searchParams.get("q") === "遵义 9", page.url());
    await page.goto(t.base);
    await page.click(BOX);
    await shown(page);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await hidden(page);
    t.check(at("they can be forgotten"), await page.evaluate(() => localStorage.length) === 0);
  });

  await t.visit(at("storage forbidden"), screen, async (page) => {
    await page.evaluateOnNewDocument(() => {
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
    });
    await page.goto(t.base);
    await page.click(BOX);
    await page.type(BOX, "遵义市");
    await shown(page);
    await follow(page, () => page.keyboard.press("Enter"));
    t.check(at("works without storage"), await has(page, ".card"));
  });
}
