// Conveniences for reading law; the page is whole without them.
(() => {
  "use strict";
  const law = document.querySelector(".law");
  if (!law) return;

  const button = (label, title, act) => {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = label;
    b.title = title;
    b.addEventListener("click", act);
    return b;
  };
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  document.body.append(told);
  const copy = async (text, from) => {
    try {
      await navigator.clipboard.writeText(text);
      const label = from.textContent;
      from.textContent = "已复制";
      told.textContent = "已复制";
      setTimeout(() => { from.textContent = label; told.textContent = ""; }, 1500);
    } catch {
      told.textContent = "浏览器不允许复制，请选中文字后手动复制";
    }
  };
  const words = (article) => [...article.querySelectorAll("p")].map((p) => p.textContent.trim()).join("\n");

  // Read aloud by the browser's own voice; a second press stops it. Long texts go by paragraph: some voices stop after a while.
  const voice = window.speechSynthesis;
  let speaking = null;
  const quiet = () => {
    voice.cancel();
    speaking?.article.classList.remove("speaking");
    if (speaking) speaking.from.textContent = "朗读";
    speaking = null;
  };
  const speak = (article, from) => {
    const again = speaking?.article === article;
    quiet();
    if (again) return;
    speaking = { article, from };
    article.classList.add("speaking");
    from.textContent = "停止朗读";
    const parts = words(article).split("\n").filter(Boolean);
    for (const [n, part] of parts.entries()) {
      const said = new SpeechSynthesisUtterance(part);
      said.lang = "zh-CN";
      const mine = speaking;
      const done = () => { if (speaking === mine) quiet(); };
      if (n === parts.length - 1) said.addEventListener("end", done);
      said.addEventListener("error", done);
      voice.speak(said);
    }
  };
  if (voice) addEventListener("pagehide", () => voice.cancel());

  // Three copies of an article: made when it is pointed at or reached by Tab, so that a code of 1,260 articles stays light.
  const tools = (article) => {
    if (article.querySelector(".tools")) return;
    const bar = document.createElement("div");
    bar.className = "tools";
    const { citation } = article.dataset;
    bar.append(
      button("复制条文", "复制这一条的文字", (e) => copy(words(article), e.currentTarget)),
      button("复制引用", citation, (e) => copy(citation, e.currentTarget)),
      button("复制链接", "复制这一条的网址", (e) => copy(`${location.origin}${location.pathname}#${article.id}`, e.currentTarget)),
    );
    if (voice) bar.prepend(button("朗读", "读出这一条", (e) => speak(article, e.currentTarget)));
    article.append(bar);
  };
  const articles = law.querySelectorAll(".article");
  if (articles.length === 1) tools(articles[0]);
  law.addEventListener("pointerover", (e) => { const a = e.target.closest(".article"); if (a) tools(a); });
  law.addEventListener("focusin", (e) => { const a = e.target.closest(".article"); if (a) tools(a); });
  const target = () => { const a = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (a?.classList.contains("article")) tools(a); };
  addEventListener("hashchange", target);
  target();

  // Size of type, kept in this browser only.
  const sizes = ["", "large", "larger"];
  const resize = (step) => {
    const now = sizes.indexOf(document.documentElement.dataset.type ?? "");
    const next = sizes[Math.max(0, Math.min(sizes.length - 1, now + step))];
    document.documentElement.dataset.type = next;
    try { localStorage.setItem("guansou-type", next); } catch { /* Kept for this page then. */ }
  };
  try { document.documentElement.dataset.type = localStorage.getItem("guansou-type") ?? ""; } catch { /* As it is. */ }

  // Find in this law.
  const find = document.createElement("input");
  const count = document.createElement("span");
  let hits = [];
  let at = -1;
  find.type = "search";
  find.placeholder = "在本文中查找";
  find.setAttribute("aria-label", "在本文中查找");
  count.className = "count";
  count.setAttribute("role", "status");
  const unmark = () => {
    for (const mark of law.querySelectorAll("mark.found")) { const parent = mark.parentNode; mark.replaceWith(...mark.childNodes); parent.normalize(); }
    hits = [];
    at = -1;
  };
  const MAX_HITS = 500;
  const search = () => {
    unmark();
    const text = find.value.trim();
    if (!text) { count.textContent = ""; return; }
    const walker = document.createTreeWalker(law, NodeFilter.SHOW_TEXT, (n) => n.parentElement.closest(".tools") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    while (walker.nextNode()) if (walker.currentNode.data.includes(text)) nodes.push(walker.currentNode);
    for (let node of nodes) {
      for (let place = node.data.indexOf(text); place >= 0 && hits.length < MAX_HITS; place = node.data.indexOf(text)) {
        const found = node.splitText(place);
        node = found.splitText(text.length);
        const mark = document.createElement("mark");
        mark.className = "found";
        found.replaceWith(mark);
        mark.append(found);
        hits.push(mark);
      }
    }
    count.textContent = hits.length ? `${hits.length}${hits.length === MAX_HITS ? "+" : ""} 处` : "没有";
    step(1);
  };
  const step = (by) => {
    if (!hits.length) return;
    hits[at]?.removeAttribute("aria-current");
    at = (at + by + hits.length) % hits.length;
    hits[at].setAttribute("aria-current", "true");
    hits[at].scrollIntoView({ block: "center" });
    count.textContent = `${at + 1} / ${hits.length}`;
  };
  let timer = 0;
  find.addEventListener("input", (e) => { clearTimeout(timer); if (!e.isComposing) timer = setTimeout(search, 200); });
  find.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(search, 200); });
  find.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); step(e.shiftKey ? -1 : 1); }
    if (e.key === "Escape") { find.value = ""; search(); }
  });
  const bar = document.createElement("div");
  bar.className = "reader";
  bar.append(find, count, button("上一处", "上一处", () => step(-1)), button("下一处", "下一处", () => step(1)),
    button("小字", "缩小文字", () => resize(-1)), button("大字", "放大文字", () => resize(1)));
  if (document.querySelector(".contents") || document.querySelectorAll(".article").length > 1) (law.closest(".columns") ?? law).before(bar);

  // The contents follow the scroll.
  const entries = [...document.querySelectorAll(".contents a")];
  if (!entries.length || !("IntersectionObserver" in window)) return;
  if (matchMedia("(max-width: 59.99rem)").matches) document.querySelector(".contents").open = false;
  const starts = entries.map((a) => document.getElementById(decodeURIComponent(a.hash.slice(1))));
  const follow = () => {
    let now = 0;
    for (let i = 0; i < starts.length; i += 1) if (starts[i] && starts[i].getBoundingClientRect().top < innerHeight / 3) now = i;
    for (const [i, a] of entries.entries()) { if (i === now) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current"); }
    const box = entries[now].closest(".contents");
    if (box.scrollHeight > box.clientHeight) box.scrollTop = entries[now].offsetTop - box.clientHeight / 3;
  };
  let waiting = false;
  addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; follow(); }); } }, { passive: true });
  follow();
})();
