// 官搜 badge: shows on a site what 官搜 knows of that site's own name. It asks for this page's host and nothing else.
//   <script src="https://…/assets/badge.js" defer></script>   at the end of the page, or
//   <div data-guansou-badge></div>                             where the badge is to stand
(() => {
  "use strict";
  const source = document.currentScript && document.currentScript.src;
  const host = location.hostname;
  if (!source || !host) return;
  const service = new URL(source).origin;
  const place = document.querySelector("[data-guansou-badge]") || document.body.appendChild(document.createElement("div"));
  const words = { official: "官方网上名称", lookalike: "仿冒官方名称", unknown: "不在名录中", invalid: "无法核验" };
  fetch(`${service}/api/v1/check?url=${encodeURIComponent(host)}`, { credentials: "omit", referrerPolicy: "no-referrer" })
    .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status)))))
    .then((check) => {
      if (!Object.hasOwn(words, check.verdict)) return;
      const link = document.createElement("a");
      link.href = `${service}/check?url=${encodeURIComponent(host)}`;
      link.rel = "noopener";
      link.dataset.verdict = check.verdict;
      link.textContent = `官搜核验：${words[check.verdict]}${check.institution ? `（${check.institution.name}）` : ""}`;
      place.replaceChildren(link);
    })
    .catch(() => { /* A badge that cannot tell shows nothing: it must not stand in for an answer. */ });
})();
