// @ts-check
// A long table and a wide figure scroll in a region of their own. The region is a stop for the keyboard only while there is something to scroll.

import { make } from "./words.js";

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const region = /** @type {HTMLElement} */ (target);
    const isLong = region.scrollWidth > region.clientWidth;
    const attributes = { tabindex: "0", role: "region", "aria-label": region.dataset.name ?? "" };
    for (const [name, value] of Object.entries(attributes)) {
      if (isLong) region.setAttribute(name, value);
      else region.removeAttribute(name);
    }
  }
});

/** @param {ParentNode} root  @param {string} name of the regions */
export function letTablesScroll(root, name) {
  for (const table of root.querySelectorAll("table")) {
    const region = make("div", { class: "scroll", "data-name": name });
    table.replaceWith(region);
    region.append(table);
    watch.observe(region);
  }
  for (const figure of root.querySelectorAll(/** @type {"figure"} */ ("figure.exhibit:has(> svg.drawn)"))) {
    figure.dataset.name = figure.querySelector("title")?.textContent ?? "";
    watch.observe(figure);
  }
}
