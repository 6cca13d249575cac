// What people come for, from the first page to the answer; most of it with and without JavaScript.
import { BOX, follow, has, search, text, texts } from "./harness.mjs";

const FAKE = "zunyi-gov.cn";

export async function journeys(t, screen, { laws }) {
  for (const javascript of [true, false]) {
    const at = (what) => `${screen.name}${javascript ? "" : ", no JavaScript"}: ${what}`;
    const options = { javascript };

    await t.visit(at("institution"), screen, async (page) => {
      const response = await search(page, t.base, "遵义市政府");
      t.check(at("遵义市政府 is answered"), response.status() === 200, response.status());
      const link = await page.$eval(".card a.go", (a) => ({ href: a.href, rel: a.rel, text: a.textContent }));
      t.check(at("the first card links to zunyi.gov.cn"), new URL(link.href).host.endsWith("zunyi.gov.cn"), link.href);
      t.check(at("and the link is rel=noopener"), link.rel.split(" ").includes("noopener"), link.rel);
      t.check(at("the box keeps what was asked"), await page.$eval(BOX, (input) => input.value) === "遵义市政府");
      await follow(page, () => page.click(".card h3 a"));
      t.check(at("the card leads to the institution"), (await text(page, "h1")).includes("遵义市"), page.url());
    }, options);

    await t.visit(at("check"), screen, async (page) => {
      for (const [address, verdict] of [["www.zunyi.gov.cn", "official"], [FAKE, "lookalike"], ["example.org", "unknown"]]) {
        await page.goto(`${t.base}/check`);
        await page.type("textarea[name=url]", address);
        // By the key that sends a line where there is JavaScript, and by the button.
        if (javascript && verdict === "official") await follow(page, () => page.keyboard.press("Enter"));
        else await follow(page, () => page.click("form:has(textarea[name=url]) button"));
        t.check(at(`${address} is ${verdict}`), await has(page, `.verdict.${verdict}`), await page.$eval("main", (m) => m.innerText.slice(0, 80)));
        const heading = await text(page, ".verdict h2");
        t.check(at(`${address} has a heading that says so`), HEADINGS[verdict].test(heading), heading);
        await t.shot(page, `${screen.name}-check-${verdict}`);
        const links = await page.$$eval("a[href]", (nodes) => nodes.map((a) => a.href));
        const wrong = links.filter((href) => new URL(href).hostname.endsWith(verdict === "official" ? FAKE : address));
        t.check(at(`no link to ${verdict === "official" ? FAKE : address}`), wrong.length === 0, wrong.join(" "));
      }
      await search(page, t.base, FAKE);
      t.check(at("the search warns of a look-alike"), await has(page, ".verdict.lookalike"));
      const links = await page.$$eval("a[href]", (nodes) => nodes.map((a) => new URL(a.href).hostname));
      t.check(at("and does not link to it"), !links.some((host) => host.endsWith(FAKE)));
    }, options);

    await t.visit(at("share"), screen, async (page) => {
      await page.goto(`${t.base}/divisions/520300?utm_source=chat&from=timeline`);
      await follow(page, () => page.click(".foot a[href='/share']"));
      t.check(at("a page is shared by its address"), (await text(page, ".copy")).startsWith(`${t.base}/divisions/520300`), await text(page, "main"));
      t.check(at("and by a code"), await has(page, "figure.code svg"));
      await follow(page, () => page.click("main a[href^='/divisions/520300']"));
      t.check(at("and the way back is there"), (await text(page, "h1")) === "遵义市", page.url());
      const response = await page.goto(`${t.base}/check/`);
      t.check(at("a slash too many is taken away"), response.status() === 200 && page.url() === `${t.base}/check`, page.url());
    }, options);

    await t.visit(at("large type"), screen, async (page) => {
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
      await page.goto(`${t.base}/divisions/520300`);
      const before = await size();
      await follow(page, () => page.click("a.care-on"));
      t.check(at("choosing it leads back"), page.url() === `${t.base}/divisions/520300`, page.url());
      t.check(at("the type is a third larger"), await size() >= before * 1.33, `${before} → ${await size()}`);
      await page.goto(`${t.base}/search?q=遵义市政府`);
      t.check(at("it holds on the next page"), await size() >= before * 1.33);
      const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      t.check(at("it fits"), needed <= given, `${needed} in ${given}`);
      await t.shot(page, `${screen.name}-care`);
      await follow(page, () => page.click("a.care-off"));
      t.check(at("and it can be left"), await size() === before, await size());
      await page.click("a.care-on");
    }, { ...options, chooses: true });

    await t.visit(at("narrowing"), screen, async (page) => {
      await search(page, t.base, "遵义");
      const shown = () => page.$eval(".facets", (node) => node.getClientRects().length > 0);
      if (screen.isMobile) {
        t.check(at("the drawer is shut"), !await shown());
        const gap = await page.evaluate(() => {
          const [button, below] = [".drawer-open", ".drawer-open ~ *"].map((selector) => document.querySelector(selector).getBoundingClientRect());
          return below.top - button.bottom;
        });
        t.check(at("its button stands clear of what follows"), gap >= 8, gap);
        await page.click(".drawer-open");
        t.check(at("a tap opens it"), await shown());
        await t.shot(page, `${screen.name}-drawer`);
        await page.click(".drawer-close a");
        t.check(at("and shuts it"), !await shown());
        await page.click(".drawer-open");
      }
      await follow(page, () => page.click(".facets li a"));
      t.check(at("a choice narrows"), await has(page, ".chosen a"), page.url());
      if (screen.isMobile) t.check(at("and is counted"), (await text(page, ".drawer-open")).includes("1 项"), await text(page, ".drawer-open"));
    }, options);

    await t.visit(at("paper"), screen, async (page) => {
      await page.goto(`${t.base}/institutions/520300-gov`);
      await page.emulateMediaType("print");
      const printed = await page.evaluate(() => ({
        head: document.querySelector(".top").getClientRects().length,
        address: getComputedStyle(document.querySelector("main a.go"), "::after").content,
        paper: getComputedStyle(document.documentElement).backgroundColor,
        stamp: [...document.querySelectorAll(".on-paper")].at(-1)?.checkVisibility() ? document.querySelector("footer + .on-paper")?.textContent ?? "" : "",
        folded: [...document.querySelectorAll("main details > :not(summary)")].map((node) => node.checkVisibility()),
      }));
      t.check(at("no navigation on paper"), printed.head === 0);
      if (javascript) t.check(at("with its own address and the day"), printed.stamp.startsWith(page.url()) && /打印于 \d{4}-\d\d-\d\d$/.test(printed.stamp), printed.stamp);
      else t.check(at("with its path and the day"), /\/institutions\/520300-gov，\d{4}-\d\d-\d\d 的内容$/.test(printed.stamp), printed.stamp);
      t.check(at("the address is printed"), printed.address.includes("zunyi.gov.cn"), printed.address);
      t.check(at("what is folded up is printed"), printed.folded.length > 0 && printed.folded.every(Boolean), printed.folded.join(" "));
      t.check(at("on white"), printed.paper === "rgb(255, 255, 255)", printed.paper);
    }, options);

    await t.visit(at("divisions"), screen, async (page) => {
      await page.goto(`${t.base}/divisions`);
      await follow(page, () => page.click("main a[href='/divisions/520000']"));
      t.check(at("a province"), (await text(page, "h1")) === "贵州省", page.url());
      await follow(page, () => page.click("main .grid a[href='/divisions/520300']"));
      t.check(at("a city of it"), (await text(page, "h1")) === "遵义市", page.url());
      t.check(at("with its institutions"), (await texts(page, ".bodies li")).some((row) => row.includes("遵义市人民政府")));
    }, options);

    await t.visit(at("bad input"), screen, async (page) => {
      for (const [path, status] of [["/search?q=", 400], ["/institutions/none", 404], ["/regulations/none", 404]]) {
        const response = await page.goto(t.base + path);
        t.check(at(`${path} is ${status}`), response.status() === status, response.status());
        t.check(at(`${path} is a page with a box`), await has(page, BOX) && await has(page, "main h1"));
      }
      await page.type(BOX, "遵义市政府");
      await follow(page, () => page.keyboard.press("Enter"));
      t.check(at("and the box works"), await has(page, ".card"));
    }, options);

    await t.visit(at("report"), screen, async (page) => {
      await page.goto(`${t.base}/institutions/520300-gov`);
      await follow(page, () => page.click(".report a"));
      t.check(at("the form names the institution"), (await text(page, ".lead")).includes("遵义市人民政府"));
      await page.select("#matter", "website");
      await page.type("#says", "这个网址打不开，请核对");
      await follow(page, () => page.click("form.fields button"));
      t.check(at("the suggestion is taken"), (await text(page, "h1")).includes("谢谢"), page.url());
      t.check(at("and waits for the office"), (await text(page, "dl.facts strong")).startsWith("已提交"));
      await t.shot(page, `${screen.name}-correction-sent`);
    }, options);

    if (!laws) continue;

    await t.visit(at("article"), screen, async (page) => {
      await search(page, t.base, "行政许可法第十二条");
      const law = await text(page, ".card.direct .law");
      t.check(at("the article is there in full"), law.includes("下列事项可以设定行政许可") && law.includes("法律、行政法规规定可以设定行政许可的其他事项"), law.slice(0, 60));
      t.check(at("with all its items"), (await texts(page, ".card.direct .law .item")).length === 6);
    }, options);

    await t.visit(at("law by its address"), screen, async (page) => {
      await page.evaluateOnNewDocument(() => { window.said = []; speechSynthesis.speak = ({ text }) => window.said.push(text); });
      await page.goto(`${t.base}/law/行政许可法/12`);
      t.check(at("a short address leads to the article"), (await text(page, "h1")).includes("第十二条"), page.url());
      const tools = (await texts(page, ".article .tools button")).join();
      t.check(at("the article is copied and read aloud with JavaScript alone"), tools.includes("朗读") === javascript, tools);
      if (javascript) {
        await page.click(".article .tools button");
        const said = (await page.evaluate(() => window.said)).join();
        t.check(at("a press reads it"), said.startsWith("第十二条") && await has(page, ".article.speaking"), said.slice(0, 40));
      }
      await page.goto(`${t.base}/law/行政许可法?on=2020-01-01`);
      t.check(at("and, on a day, to the text of then"), (await text(page, ".banner")).includes("2020-01-01"), page.url());
    }, options);

    await t.visit(at("regulation"), screen, async (page) => {
      await page.goto(`${t.base}/regulations`);
      const first = await text(page, ".norms a");
      await follow(page, () => page.click(".norms a"));
      t.check(at("a law of the list opens"), (await text(page, "h1")).length > 0 && await has(page, ".law"), first);
      await search(page, t.base, "中华人民共和国行政许可法");
      await follow(page, () => page.click(".card h3 a"));
      t.check(at("a law that was searched opens"), (await text(page, "h1")).includes("行政许可法"), page.url());
      const link = await page.$(".contents li:nth-child(4) a");
      const target = await link.evaluate((a) => a.getAttribute("href"));
      await link.evaluate((a) => a.click());
      const top = await page.$eval(`[id="${decodeURIComponent(target.slice(1))}"]`, (node) => node.getBoundingClientRect().top);
      t.check(at("the contents jump"), top >= -2 && top < screen.height / 2, `${target} at ${top}`);
    }, options);
  }
}

const HEADINGS = { official: /^这是官方网站/, lookalike: /^这是仿冒/, unknown: /^我们不知道/ };
