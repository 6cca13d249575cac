// Only conveniences: every page works without this file.
(() => {
  "use strict";
  const DELAY = 120;
  const input = document.querySelector(".box input[name=q]");
  if (!input) return;
  const list = document.createElement("ul");
  let chosen = -1;
  let timer = 0;
  let asked = "";
  list.className = "suggest";
  list.id = "suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "建议");
  input.parentElement.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", "suggest"]]) {
    input.setAttribute(name, value);
  }

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (n) => {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (n + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((s, at) => {
      const item = document.createElement("li");
      const detail = document.createElement("small");
      item.id = `suggest-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.url = s.url;
      item.append(s.text);
      detail.textContent = s.detail;
      item.append(detail);
      return item;
    }));
    chosen = -1;
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const text = input.value.trim();
    if (!text || text === asked) return;
    asked = text;
    try {
      const reply = await fetch(`/api/v1/suggest?size=8&q=${encodeURIComponent(text)}`);
      if (reply.ok && input.value.trim() === text) show((await reply.json()).suggestions);
    } catch {
      close();
    }
  };

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    // While an input method composes, the letters are not yet the text.
    if (event.isComposing) return;
    if (!input.value.trim()) { asked = ""; close(); return; }
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, DELAY); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = list.children[chosen].dataset.url; }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("li");
    if (item) location.href = item.dataset.url;
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing) { event.preventDefault(); input.focus(); }
  });
})();
