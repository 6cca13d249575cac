// The one box. Only conveniences: every page works without this file, and the box is a plain form then.
(() => {
  "use strict";
  const DELAY = 120; // between the last key and the question to the server
  const PER_GROUP = 4; // so that every kind is in sight
  const RECENT_KEY = "guansou.recent";
  const RECENT_MAX = 8;
  const ASKED_MAX = 64; // characters, as many as the server completes

  // While an input method composes, the letters are not yet the text. Safari tells the last key only by its code.
  const composing = (event) => event.isComposing || event.keyCode === 229;

  // A message pasted for the check is sent by Enter, as one line is; with Shift it goes on to a new line.
  const message = document.querySelector(".box textarea[name=url]");
  message?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || composing(event)) return;
    event.preventDefault();
    message.form.requestSubmit();
  });

  // The header's box or the home page's large one; no page has both.
  const input = document.querySelector(".box input[name=q]");
  if (!input) return;
  const form = input.form;

  const element = (tag, attributes, ...content) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  };

  // What was searched before stays in this browser. Storage may be forbidden or full; then there is simply no record.
  const recent = {
    all() {
      try {
        const kept = JSON.parse(localStorage.getItem(RECENT_KEY));
        return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, RECENT_MAX) : [];
      } catch {
        return [];
      }
    },
    add(text) {
      const kept = [text, ...recent.all().filter((other) => other !== text)].slice(0, RECENT_MAX);
      try { localStorage.setItem(RECENT_KEY, JSON.stringify(kept)); } catch { /* see above */ }
    },
    clear() {
      try { localStorage.removeItem(RECENT_KEY); } catch { /* see above */ }
    },
  };

  const list = element("div", { class: "suggest", id: "suggest", role: "listbox", "aria-label": "检索建议" });
  const status = element("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  list.hidden = true;
  form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let options = []; // { node, act } in the order shown
  let chosen = -1;
  let timer = 0;
  let waiting = new AbortController();

  /** Whatever was going to be asked or answered is no longer wanted. */
  const forget = () => {
    clearTimeout(timer);
    waiting.abort();
  };

  const close = () => {
    forget();
    list.hidden = true;
    list.replaceChildren();
    options = [];
    chosen = -1;
    status.textContent = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** Marks the option at `n`, counted round; the focus stays in the box, so that typing goes on. */
  const choose = (n) => {
    options[chosen]?.node.setAttribute("aria-selected", "false");
    chosen = (n + options.length) % options.length;
    const { node } = options[chosen];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", node.id);
  };

  /** Shows groups of `{ title, entries: [{ text, detail, act, quiet }] }`. */
  const show = (groups) => {
    close();
    groups = groups.filter((group) => group.entries.length);
    list.replaceChildren(...groups.map(({ title, entries }, at) => {
      const heading = element("li", { class: "suggest-title", id: `suggest-group-${at}`, role: "presentation" }, title);
      const nodes = entries.map(({ text, detail, act, quiet }) => {
        const node = element("li", { id: `suggest-${options.length}`, role: "option", "aria-selected": "false" });
        node.append(element("span", {}, text));
        if (detail) node.append(" ", element("small", {}, detail));
        if (quiet) node.classList.add("suggest-quiet");
        options.push({ node, act });
        return node;
      });
      return element("ul", { role: "group", "aria-labelledby": heading.id }, heading, ...nodes);
    }));
    if (!options.length) return;
    list.hidden = false;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", "true");
    status.textContent = `${options.length} 条建议，用上下箭头选择`;
  };

  const open = (url) => () => location.assign(url);

  const showRecent = () => {
    const entries = recent.all().map((text) => ({
      text,
      act() {
        input.value = text;
        close();
        form.requestSubmit();
      },
    }));
    if (entries.length) entries.push({ text: "清除记录", quiet: true, act() { recent.clear(); close(); } });
    show([{ title: "最近检索", entries }]);
  };

  const ask = async () => {
    forget();
    const text = input.value.trim();
    if (!text) return showRecent();
    const { signal } = waiting = new AbortController();
    const asked = [...text].slice(0, ASKED_MAX).join("");
    let suggestions = [];
    let holdsAddress = false;
    try {
      const near = input.form?.elements.near?.value;
      const here = near ? `&near=${near}` : "";
      const reply = await fetch(`/api/v1/suggest?size=20&q=${encodeURIComponent(asked)}${here}`, { signal });
      if (reply.ok) ({ suggestions, holds_address: holdsAddress } = await reply.json());
    } catch { /* The server cannot be reached: the box is a plain form. */ }
    if (signal.aborted) return;
    // In the order of the reply, which names the groups: what begins with the text comes before what has it inside.
    const groups = [...new Set(suggestions.map((s) => s.kind))].map((kind) => {
      const ofKind = suggestions.filter((s) => s.kind === kind).slice(0, PER_GROUP);
      return {
        title: ofKind[0].label,
        entries: ofKind.map((s) => ({ text: s.text, detail: s.detail, act: open(s.url) })),
      };
    });
    if (holdsAddress) {
      const act = open(`/check?url=${encodeURIComponent(text)}`);
      groups.unshift({ title: "网址核验", entries: [{ text, detail: "是不是官方网站", act }] });
    }
    show(groups);
  };

  const askSoon = () => {
    forget();
    timer = setTimeout(ask, input.value.trim() ? DELAY : 0);
  };

  input.addEventListener("input", (event) => { if (!composing(event)) askSoon(); });
  input.addEventListener("compositionstart", close);
  input.addEventListener("compositionend", askSoon);

  input.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!options.length) ask();
      else if (key === "ArrowDown") choose(chosen + 1);
      else choose(chosen < 0 ? -1 : chosen - 1);
    } else if (key === "Enter" && chosen >= 0) {
      event.preventDefault();
      options[chosen].act();
    } else if (key === "Escape") {
      // Browsers differ in what Escape does to a search field: here the first closes, the second clears.
      event.preventDefault();
      if (list.hidden) input.value = "";
      close();
    }
  });

  // Not for the focus that a page gives by itself when it opens: a list over the page is shown when asked for.
  input.addEventListener("focus", () => {
    if (!input.value.trim() && navigator.userActivation?.hasBeenActive !== false) showRecent();
  });
  input.addEventListener("click", () => { if (!input.value.trim() && list.hidden) showRecent(); });
  input.addEventListener("blur", close);

  // The focus stays in the box while the mouse is pressed, or the list would be gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    options.find(({ node }) => node.contains(event.target))?.act();
  });

  form.addEventListener("submit", () => {
    const text = input.value.trim();
    if (text) recent.add(text);
    close();
  });
  // A page kept by the browser for going back must not come back with an old list.
  addEventListener("pagehide", close);

  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(at?.tagName ?? "") || at?.isContentEditable;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();

// The reader's region: chosen on a division's page, kept in this browser alone, sent with each search and while one types.
(() => {
  "use strict";
  const KEY = "guansou.near";
  const kept = () => {
    try {
      const { code, name } = JSON.parse(localStorage.getItem(KEY)) ?? {};
      return /^\d{6}(\d{3})?$/.test(code) && typeof name === "string" ? { code, name } : null;
    } catch {
      return null;
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-near]");
    if (!link) return;
    const { near: code, name } = link.dataset;
    try {
      if (code) localStorage.setItem(KEY, JSON.stringify({ code, name }));
      else localStorage.removeItem(KEY);
    } catch { /* Then it holds for the page that the link leads to. */ }
  });
  const near = kept();
  if (!near) return;
  // Asked for here and answered, and the server's own form doesn't name it: the service has no such division any more.
  const asked = new URLSearchParams(location.search).get("near") === near.code;
  const answered = document.querySelector(".hero, .results");
  if (asked && answered && !document.querySelector("form.box input[name=near]")) {
    try { localStorage.removeItem(KEY); } catch { /* Then each page finds it out anew. */ }
    return;
  }
  for (const box of document.querySelectorAll("form.box[action='/search']")) {
    if (box.elements.near) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "near", value: near.code });
    box.append(field);
  }
  // The links of the first page are searches too.
  for (const link of document.querySelectorAll(".examples a")) link.href += `&near=${near.code}`;
  const hero = document.querySelector(".hero");
  if (hero && !hero.querySelector(".near")) {
    const note = document.createElement("p");
    const away = document.createElement("a");
    Object.assign(away, { href: "/", textContent: "不分地区" });
    away.dataset.near = "";
    note.className = "meta near";
    note.append(`以${near.name}的规定和机构为先。`, away);
    hero.querySelector("form").after(note);
  }
})();

// 分享本页: the system's own sheet where there is one, else the page with the code.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-share]");
    if (!link) return;
    event.preventDefault();
    // A link may name another address than the page's own.
    const path = new URLSearchParams(link.search).get("path") ?? location.pathname + location.search + location.hash;
    const page = () => location.assign(`/share?path=${encodeURIComponent(path)}`);
    if (!navigator.share) return page();
    try {
      await navigator.share({ title: document.title, url: new URL(path, location.origin).href });
    } catch (error) {
      if (error.name !== "AbortError") page();
    }
  });
  for (const text of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "复制";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "已复制";
      } catch {
        button.textContent = "请选中后手动复制";
      }
    });
    text.after(" ", button);
  }
})();

// Fields that ask for the code of a division or the id of an institution: names are offered while one types. Without this
// the button beside the field finds the same.
(() => {
  "use strict";
  const DELAY = 200; // between the last key and the question to the server
  for (const input of document.querySelectorAll("input[data-complete]")) {
    const list = document.createElement("datalist");
    list.id = `${input.id || input.name}-offered`;
    input.after(list);
    input.setAttribute("list", list.id);
    let timer = 0;
    const ask = async () => {
      const text = input.value.trim().slice(0, 64);
      // What was just chosen is no question.
      if (!text || [...list.children].some((option) => option.value === text)) return;
      try {
        const reply = await fetch(`/api/v1/suggest?size=20&q=${encodeURIComponent(text)}`);
        if (!reply.ok) return;
        const { suggestions } = await reply.json();
        list.replaceChildren(...suggestions.filter((s) => s.kind === input.dataset.complete).map((s) => {
          const option = document.createElement("option");
          option.value = decodeURIComponent(s.url.split("/").pop());
          option.label = `${s.text} ${s.detail}`.trim();
          return option;
        }));
      } catch { /* The server cannot be reached: the button is there. */ }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
  }
})();

// The parts of a form that one matter alone asks for are folded up, and open with it.
(() => {
  "use strict";
  const parts = document.querySelectorAll("details[data-matter]");
  const matter = parts.length ? document.getElementById("matter") : null;
  matter?.addEventListener("change", () => {
    for (const part of parts) if (part.dataset.matter === matter.value) part.open = true;
  });
})();

// What is printed bears its address and its day. The page has both as the server knows them; here they are as the reader does.
(() => {
  "use strict";
  const foot = document.querySelector(".foot");
  if (!foot) return;
  const line = document.getElementById("printed") ?? document.createElement("p");
  line.className = "on-paper meta";
  const stamp = () => {
    const day = new Date();
    const two = (number) => String(number).padStart(2, "0");
    let address = location.href;
    try { address = decodeURI(address); } catch { /* Then as the browser writes it. */ }
    line.textContent = `${address} 打印于 ${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  };
  stamp();
  if (!line.isConnected) foot.after(line);
  addEventListener("beforeprint", stamp);
})();
