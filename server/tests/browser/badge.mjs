// The badge on other people's sites: each is told about its own name, whoever it says it is.
import { createServer } from "node:http";

const SITES = { "www.zunyi.gov.cn": "official", "zunyi-gov.cn": "lookalike", "unknown.example": "unknown" };

/** What the browser has to be told so that the sites are ours while it is tried. */
export const RESOLVER = `--host-resolver-rules=${Object.keys(SITES).map((host) => `MAP ${host} 127.0.0.1`).join(", ")}`;

export async function badge(t, screen) {
  const html = `<!doctype html><html lang="zh-CN"><title>某网站</title><link rel="icon" href="data:,"><h1>某网站</h1><div data-guansou-badge></div><script src="${t.base}/assets/badge.js"></script></html>`;
  const server = createServer((_, reply) => reply.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  try {
    for (const [host, verdict] of Object.entries(SITES)) {
      const home = `${host}:${server.address().port}`;
      await t.visit(`badge on ${host}`, screen, async (page) => {
        await page.goto(`http://${home}/`, { waitUntil: "load" });
        const link = await page.waitForSelector("[data-guansou-badge] a");
        const found = await link.evaluate((a) => ({ verdict: a.dataset.verdict, href: a.href, text: a.textContent }));
        t.check(`the badge on ${host} says ${verdict}`, found.verdict === verdict, JSON.stringify(found));
        t.check(`and leads to the check of ${host}`, found.href === `${t.base}/check?url=${host}`, found.href);
      }, { home });
    }
  } finally {
    server.close();
  }
}
