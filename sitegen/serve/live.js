// Shows what was saved: styles are swapped, pages are loaded anew, errors lie over the last good page.
(() => {
  "use strict";
  let known = JSON.parse(document.currentScript.dataset.state);
  let source = null;
  let overlay = null;

  function connect() {
    if (source || document.visibilityState === "hidden") return;
    const query = new URLSearchParams({ path: location.pathname, since: known.build });
    source = new EventSource(`/.sitegen/events?${query}`);
    source.onmessage = (event) => receive(JSON.parse(event.data));
  }

  // A browser has few connections to one server, so pages in the background give theirs up.
  function disconnect() {
    if (source) source.close();
    source = null;
  }

  function receive(news) {
    show(news.problems);
    const others = new Set(news.files.filter((path) => !(path in news.styles)));
    if (news.page !== known.page || (others.size && loaded().some((path) => others.has(path)))) {
      disconnect();
      location.reload(); // the browser keeps the place to which the page is scrolled
      return;
    }
    for (const [href, version] of Object.entries(news.styles)) {
      if (known.styles[href] !== version) swap(href, version);
    }
    known = news;
  }

  function loaded() {
    return performance
      .getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin)
      .map((url) => {
        try {
          return decodeURIComponent(url.pathname);
        } catch {
          return url.pathname;
        }
      });
  }

  function swap(href, version) {
    for (const link of document.querySelectorAll("link[rel~=stylesheet]")) {
      if (link.dataset.gone || (link.dataset.href || link.getAttribute("href")) !== href) continue;
      const next = link.cloneNode();
      next.dataset.href = href;
      next.href = `${href}${href.includes("?") ? "&" : "?"}v=${version}`;
      link.dataset.gone = "yes";
      next.onload = next.onerror = () => link.remove(); // not before, or the page flashes bare
      link.after(next);
    }
  }

  function show(problems) {
    if (overlay) overlay.remove();
    overlay = null;
    if (!problems.length) return;
    overlay = document.createElement("sitegen-problems");
    const inner = overlay.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // policies forbid style elements, and allow this
    sheet.replaceSync(`
      :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; overflow: auto;
        background: rgb(20 18 14 / .82); font: 16px/1.5 system-ui, sans-serif; }
      section { box-sizing: border-box; max-width: 62rem; margin: 4vh auto; padding: 1.5rem;
        background: #fff; color: #1b1a17; border-top: .4rem solid #b3261e; }
      header { display: flex; justify-content: space-between; align-items: start; gap: 1rem; }
      h1 { font-size: 1.25rem; margin: 0; }
      p { margin: .25rem 0 0; }
      pre { font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
        margin: 1rem 0 0; padding: 1rem; background: #f4f1ea; }
      button { font: inherit; padding: .25rem .75rem; cursor: pointer; }
      @media (prefers-color-scheme: dark) {
        section { background: #23211d; color: #f1ede4; border-color: #ff8a80; }
        pre { background: #181714; }
      }`);
    inner.adoptedStyleSheets = [sheet];
    const section = document.createElement("section");
    section.setAttribute("role", "alert");
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    const header = make("header", "");
    const words = make("div", "");
    words.append(make("h1", count), make("p", "Below this is the last good page. Mend the file and save it."));
    const button = make("button", "Close");
    button.onclick = () => overlay && overlay.remove();
    header.append(words, button);
    section.append(header, ...problems.map((problem) => make("pre", problem)));
    inner.append(section);
    document.documentElement.append(overlay);
  }

  function make(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && overlay) overlay.remove();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") disconnect();
    else connect();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
})();
