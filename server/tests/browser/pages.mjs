// Every kind of page on both screens, light and dark: can everyone read it, does it fit, is it light?
import { accessible } from "./harness.mjs";

const WEIGHT_LIMIT = 120 * 1024;

/** Kinds of pages and an address of each. */
async function kinds(base, laws) {
  const found = { home: "/", results: "/search?q=遵义", institution: "/institutions/520300-gov", division: "/divisions/520300",
    nation: "/divisions", regulations: "/regulations", data: "/data", coverage: "/coverage", "coverage-province": "/coverage?region=520000", check: "/check", "check-fake": "/check?url=zunyi-gov.cn",
    help: "/help", about: "/about", privacy: "/privacy", accessibility: "/accessibility", share: "/share?path=/data",
    "regulations-narrowed": "/regulations?region=000000&year=2019",
    validate: "/web-names/validate?name=遵义市财政局.政务", problem: "/institutions/none", status: "/status",
    correction: "/corrections/new?about=520300-gov", nothing: "/search?q=qqzzxxqq" };
  if (!laws) return found;
  const first = async (query, kind) => {
    const reply = await fetch(`${base}/api/v1/search?q=${encodeURIComponent(query)}&kind=${kind}`);
    return (await reply.json()).direct[0].url;
  };
  found.regulation = await first("中华人民共和国行政许可法", "regulation");
  found.article = await first("行政许可法第十二条", "article");
  found.references = `${found.regulation}/references`;
  found.question = "/search?q=试用期最长多久";
  const amended = await first("中华人民共和国治安管理处罚法", "regulation");
  const reply = await (await fetch(`${base}/api/v1${amended}`)).json();
  const [newer, older] = reply.versions.map((version) => version.id);
  found.compare = `/regulations/${older}/compare/${newer}`;
  return found;
}

export async function pages(t, screen, { laws }) {
  for (const [kind, path] of Object.entries(await kinds(t.base, laws))) {
    const at = (what) => `${screen.name}, ${kind}: ${what}`;
    await t.visit(at("page"), screen, async (page) => {
      const sizes = [];
      page.on("response", (response) => {
        if (["document", "stylesheet", "script"].includes(response.request().resourceType())) {
          sizes.push(response.buffer().then((body) => body.length, () => 0));
        }
      });
      await page.goto(t.base + path, { waitUntil: "load" });
      // These two are mostly the law's own text.
      if (!["regulation", "compare"].includes(kind)) {
        // As it is, not as it was compressed for the way.
        const weight = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
        t.check(at("is light"), weight <= WEIGHT_LIMIT, `${weight} bytes`);
      }
      for (const width of [screen.width, screen.isMobile ? 360 : 1440]) {
        await page.setViewport({ ...screen, width });
        const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        t.check(at(`fits ${width}`), needed <= given && given <= width, `${needed} in ${given} on ${width}`);
      }
      await page.setViewport(screen);
      if (screen.isMobile) {
        const { low, small } = await page.evaluate(unhandy);
        t.check(at("what stands alone can be tapped"), low.length === 0, low.slice(0, 5).join(" | "));
        t.check(at("no type below 14 px"), small.length === 0, small.slice(0, 5).join(" | "));
        const cut = await page.$$eval(".figures", (all) => all.filter((box) => box.scrollWidth > box.clientWidth).map((box) =>
          `${box.getAttribute("aria-label")}: ${box.scrollWidth} in ${box.clientWidth}`));
        t.check(at("no table of figures is cut"), cut.length === 0, cut.join(" | "));
      }
      await accessible(t, page, at(""), `${screen.name}-${kind}`);
    });
  }
}

/** Runs in the page: controls that are lower than 44 px though they stand alone (links in running text may be as high as
 * their line), and text smaller than 14 px. */
function unhandy() {
  const named = (node) => `${node.tagName} ${node.className} ${node.textContent.trim().slice(0, 16)}`;
  const low = [...document.querySelectorAll("a, button, input, select, summary, textarea")].filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    if (!width || !height || node.matches(".skip, [type=checkbox], [type=radio]") || node.closest(".visually-hidden")) return false;
    const inText = getComputedStyle(node).display === "inline" && node.parentElement.textContent.trim() !== node.textContent.trim();
    // What a finger looks for: numbers to call, rows of lists, the way back, the links of the foot.
    const sought = node.matches(".foot a, .crumbs a, a.number, .related a, .missing a, .bodies a, .norms > li > a, .plain > li > a:first-child");
    return height < 43.5 && (!inText || sought);
  });
  const small = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !around.getClientRects().length || around.closest("script, style, svg")) continue;
    if (parseFloat(getComputedStyle(around).fontSize) < 13.99) small.push(named(around));
  }
  return { low: low.map(named), small };
}
