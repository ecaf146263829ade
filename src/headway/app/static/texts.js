// The words that this page's scripts use, in the language of the page.

const words = JSON.parse(document.getElementById("texts").textContent);

/** The text of "section.key", with {name} filled in; with n = 1 that of "key_one" where there is one. */
export function t(key, filled = {}) {
  const [section, name] = key.split(".");
  const own = words[section];
  const text = (filled.n === 1 && own[`${name}_one`]) || own[name];
  return text.replace(/\{(\w+)\}/g, (_, one) => filled[one]);
}
