// Looks now and then what changed in a part of the page, and puts the new text in its place.

const part = document.querySelector("[data-refresh]");

async function look() {
  const answer = await fetch(location.href);
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-refresh]");
  const code = (root) => Boolean(root.querySelector(".code"));
  if (!fresh || code(page) !== code(document)) return location.reload();
  if (fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
}

if (part) setInterval(() => document.hidden || look(), 1000 * Number(part.dataset.refresh));
