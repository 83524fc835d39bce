// The form for comments, better: a preview, what is to be mended beside its field, sending without leaving.
"use strict";
(() => {
  const box = document.querySelector("[data-receiver]");
  const form = box && box.querySelector("form");
  if (!form || !window.fetch) return;
  const receiver = box.dataset.receiver;
  let task = null;

  const shown = document.createElement("div");
  shown.setAttribute("role", "status");
  const look = document.createElement("button");
  look.type = "button";
  look.className = "button";
  look.textContent = box.dataset.preview;
  form.querySelector("button").after(" ", look);
  form.after(shown);

  const call = async (path, body) => {
    const answer = await fetch(receiver + path, {
      method: body ? "POST" : "GET",
      body,
      headers: { Accept: "application/json" },
      referrerPolicy: "strict-origin",
    });
    return { status: answer.status, ...(await answer.json()) };
  };
  const prepare = () => {
    task = task || call("/token").then(async (made) => {
      form.elements.token.value = made.token;
      return { ...made, ready: Date.now() + made.wait * 1000, proof: await solve(made.proof) };
    }).catch(() => { task = null; return null; });
    return task;
  };
  const solve = async (proof) => {
    if (!proof || !window.crypto.subtle) return "";
    const text = new TextEncoder();
    for (let number = 0; number <= (proof.maxNumber || proof.maxnumber); number += 1) {
      const hash = await crypto.subtle.digest("SHA-256", text.encode(proof.salt + number));
      const hex = [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("");
      if (hex === proof.challenge) {
        const { algorithm, challenge, salt, signature } = proof;
        return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      }
    }
    return "";
  };
  const fields = (more) => new URLSearchParams([...new FormData(form), ...Object.entries(more)]);
  const describe = (field, fault) => {
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && !id.startsWith("fault-"));
    const all = fault ? [...others, fault] : others;
    if (all.length) field.setAttribute("aria-describedby", all.join(" "));
    else field.removeAttribute("aria-describedby");
  };
  const tell = (faults) => {
    for (const old of form.querySelectorAll(".fault")) old.remove();
    for (const field of form.elements) { field.removeAttribute("aria-invalid"); describe(field, ""); }
    shown.replaceChildren();
    let first = null;
    for (const [name, text] of Object.entries(faults || {})) {
      const field = form.elements[name];
      const said = document.createElement("p");
      said.className = "fault";
      said.textContent = text;
      if (!field || field.type === "hidden") { shown.append(said); continue; }
      said.id = "fault-" + name;
      field.setAttribute("aria-invalid", "true");
      describe(field, said.id);
      field.after(said);
      first = first || field;
    }
    if (first) first.focus();
  };
  const show = (html, message) => {
    const body = document.createElement("article");
    body.className = "comment preview";
    body.dir = "auto";
    body.innerHTML = html; // made by the function that makes every comment's HTML
    const said = document.createElement("p");
    said.textContent = message || "";
    shown.replaceChildren(...(message ? [said] : []), body);
  };
  const failed = () => tell({ unavailable: box.dataset.trouble });

  form.addEventListener("focusin", prepare);
  look.addEventListener("click", async () => {
    try {
      const answer = await call("/preview", fields({}));
      tell(answer.faults);
      if (answer.html) show(answer.html);
    } catch { failed(); }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = form.querySelector("[type=submit]");
    send.disabled = true;
    try {
      const made = await prepare();
      if (made) await new Promise((go) => setTimeout(go, Math.max(0, made.ready + 1000 - Date.now())));
      const answer = await call("/", fields({ proof: made ? made.proof : "" }));
      tell(answer.faults);
      if (answer.status === 202) {
        show(answer.html, answer.message);
        form.elements.body.value = form.elements.subject.value = form.elements.reply_to.value = "";
        task = null;
      } else if (answer.status === 428) {
        form.submit(); // the way without a script: a page to read once more and to send
      }
    } catch { failed(); } finally { send.disabled = false; }
  });
  for (const link of document.querySelectorAll("a[href^='" + receiver + "/?']")) {
    link.addEventListener("click", (event) => {
      const query = new URL(link.href).searchParams;
      if (!query.get("reply_to")) return;
      event.preventDefault();
      form.elements.reply_to.value = query.get("reply_to");
      const said = document.createElement("p");
      said.textContent = link.getAttribute("aria-label") || link.textContent;
      shown.replaceChildren(said);
      form.scrollIntoView();
      form.elements.author.focus();
    });
  }
})();
