// What a hurried person does: checks a whole message, shares an article, follows new rules; and what people paste by mistake.
import { BOX, follow, has, search, text, texts } from "./harness.mjs";

const MESSAGE = "【遵义政务】您的社保补贴待领取，请在24小时内登录 zunyi-gov.cn 办理，逾期作废。退订回T";

export async function everyday(t, screen, { laws }) {
  await t.visit(`${screen.name}: a region that is no more`, screen, async (page) => {
    const at = (what) => `${screen.name}, a region that is no more: ${what}`;
    const kept = () => page.evaluate(() => localStorage.getItem("guansou.near"));
    await page.goto(t.base);
    await page.evaluate(() => localStorage.setItem("guansou.near", JSON.stringify({ code: "999999", name: "某某县" })));
    const suggested = page.waitForResponse((reply) => new URL(reply.url()).pathname === "/api/v1/suggest");
    await page.goto(t.base);
    await page.type(BOX, "遵义");
    t.check(at("the box completes"), (await suggested).status() === 200);
    const found = await follow(page, () => page.keyboard.press("Enter"));
    t.check(at("a search is answered"), found.status() === 200 && await has(page, ".card"), found.status());
    t.check(at("the browser forgets it"), (await kept()) === null, await kept());
  });

  for (const javascript of [true, false]) {
    const at = (what) => `${screen.name}${javascript ? "" : ", no JavaScript"}: ${what}`;
    const options = { javascript };

    await t.visit(at("a whole message"), screen, async (page) => {
      await page.goto(`${t.base}/check`);
      await page.$eval("textarea[name=url]", (area, message) => { area.value = message; }, MESSAGE);
      await follow(page, () => page.click("form:has(textarea[name=url]) button"));
      t.check(at("the verdict comes first"), /^这是仿冒/.test(await text(page, ".verdict h2")), await text(page, "main"));
      const numbers = await page.$$eval("a.number", (links) => links.map((a) => a.getAttribute("href")));
      t.check(at("with whom to call"), numbers.includes("tel:96110") && numbers.includes("tel:110"), numbers.join());
      await follow(page, () => page.click("main a[href^='/share?path=']"));
      const shared = await text(page, ".copy");
      t.check(at("the result has an address to send"), shared.startsWith(`${t.base}/check?`), shared);
      await page.goto(shared);
      t.check(at("at which it is seen again"), /^这是仿冒/.test(await text(page, ".verdict h2")), page.url());
    }, options);

    await t.visit(at("pasted by mistake"), screen, async (page) => {
      await page.goto(t.base);
      const long = "关于印发办法的通知".repeat(1_112).slice(0, 10_000);
      // As a paste does it: at once, and cut to what the box takes.
      await page.$eval(BOX, (box, words) => { box.value = words.slice(0, box.maxLength); }, long);
      const cut = await follow(page, () => page.click(".box button"));
      t.check(at("ten thousand characters get a page"), cut.status() < 500 && await has(page, BOX) && await has(page, "main h1, .card, .empty, main p"), cut.status());
      const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      t.check(at("that fits"), needed <= given, `${needed} in ${given}`);
      for (const words of ["مرحبا بالعالم", "‮府政市义遵", "שלום 遵义市政府", "遵义‏市‎政府"]) {
        const response = await page.goto(`${t.base}/search?q=${encodeURIComponent(words)}`);
        t.check(at(`${JSON.stringify(words)} gets a page`), response.status() < 500 && await has(page, BOX), response.status());
        const turned = await page.evaluate(() => [getComputedStyle(document.body).direction, document.querySelector(".top").getBoundingClientRect().left]);
        t.check(at(`${JSON.stringify(words)} turns nothing around`), turned[0] === "ltr" && turned[1] === 0, turned.join());
      }
    }, options);

    await t.visit(at("following"), screen, async (page) => {
      await page.goto(`${t.base}/regulations?region=520000`);
      const feed = await page.$eval("main a[href*='.atom']", (a) => a.href);
      t.check(at("a region's new rules can be followed"), feed.includes("region=520000"), feed);
      const [kind, words] = await page.evaluate(async (address) => {
        const reply = await fetch(address);
        return [reply.headers.get("content-type"), await reply.text()];
      }, feed).catch(async () => {
        const reply = await fetch(feed);
        return [reply.headers.get("content-type"), await reply.text()];
      });
      t.check(at("by a feed that readers take"), kind.startsWith("application/atom+xml") && words.includes("<feed"), kind);
    }, options);

    if (!laws) continue;

    await t.visit(at("an article to the family"), screen, async (page) => {
      await search(page, t.base, "行政许可法第十二条");
      await follow(page, () => page.click(".card.direct h3 a, .card h3 a"));
      const title = await text(page, "h1");
      const address = page.url();
      await follow(page, () => page.click(".foot a[href='/share']"));
      const shared = await text(page, ".copy");
      t.check(at("its address is there to copy"), shared.startsWith(`${t.base}/law/`) || (shared.startsWith(t.base) && address.startsWith(shared.split("#")[0])), shared);
      t.check(at("and as a code"), await has(page, "figure.code svg"));
      await page.goto(shared);
      t.check(at("and leads whoever gets it there"), (await text(page, "h1")) === title, page.url());
      t.check(at("with its picture for chats only where the service knows its address"), (await page.$$eval("meta[property='og:image']", (metas) => metas.map((m) => m.content))).every((url) => /^https?:/.test(url)));
    }, options);
  }
}

/** Notices of an office that has just handed something in, and what its reviewer gives on. */
export async function notices(t, page, { unread, says }) {
  await page.goto(`${t.base}/console/notices`);
  t.check("notices: what came of it is told", (await texts(page, "main li.card")).some((line) => line.includes(says)), await text(page, "main"));
  const head = await text(page, ".console-head");
  t.check("notices: the head counts what was not read", head.includes("条未读") === unread, head);
  await follow(page, () => page.click("form[action='/console/notices'] button"));
  t.check("notices: marked as read, the count is gone", !(await text(page, ".console-head")).includes("条未读"), await text(page, ".console-head"));
  await follow(page, () => page.click("button[value=feed]"));
  const address = await text(page, "section[role=status] .host");
  const reply = await fetch(address);
  const words = await reply.text();
  t.check("notices: the feed is there", reply.status === 200 && words.includes(says), words.slice(0, 300));
  await follow(page, () => page.click("button[value=no-feed]"));
  t.check("notices: and gone when it is revoked", (await fetch(address)).status === 404);
}
