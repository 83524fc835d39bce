// Shows what is found below the box, as it is typed. Without this script the page leads to the archive.
const form = document.querySelector("form[data-index]");
const list = document.querySelector("#search-results");
const told = document.querySelector("#search-told");
let asked = 0;

async function look(pagefind) {
  const mine = ++asked;
  const words = form.elements.q.value.trim();
  const found = words ? (await pagefind.search(words)).results : [];
  const shown = await Promise.all(found.slice(0, 20).map((one) => one.data()));
  if (mine !== asked) return;
  told.textContent = words ? form.dataset.results.replace("{n}", found.length) : "";
  list.replaceChildren(...shown.map(item));
}

function item(page) {
  const element = document.createElement("li");
  element.append(link(page.url, page.meta.title));
  const parts = page.sub_results.filter((part) => part.url !== page.url).slice(0, 3);
  element.append(excerpt(page.excerpt));
  if (parts.length) {
    const inner = document.createElement("ul");
    inner.append(...parts.map((part) => {
      const line = document.createElement("li");
      line.append(link(part.url, part.title), excerpt(part.excerpt));
      return line;
    }));
    element.append(inner);
  }
  return element;
}

function link(url, words) {
  const element = document.createElement("a");
  element.href = url;
  element.textContent = words;
  element.dir = "auto";
  return element;
}

// An excerpt is text with marks in it; only its words and the marks are taken over.
function excerpt(html) {
  const element = document.createElement("p");
  element.dir = "auto";
  const parts = new DOMParser().parseFromString(html, "text/html").body.childNodes;
  element.append(...[...parts].map((part) => {
    if (part.nodeName !== "MARK") return part.textContent;
    const mark = document.createElement("mark");
    mark.textContent = part.textContent;
    return mark;
  }));
  return element;
}

if (form) {
  const pagefind = await import(form.dataset.index).catch(() => null);
  if (pagefind) {
    form.hidden = false;
    form.elements.q.value = new URLSearchParams(location.search).get("q") || "";
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.q.addEventListener("input", () => look(pagefind));
    await look(pagefind);
  } else {
    told.textContent = form.dataset.missing;
  }
}
