// @ts-check
// The page of whole days: it counts anew as the practice page does, and `t` opens the numbers behind its pictures.

import "./practice.js";
import { takesText } from "./shell.js";
import { readBlock } from "./words.js";

const shell = { letters: true, ...readBlock("shell") };

document.addEventListener("keydown", (event) => {
  if (event.key !== "t" || !shell.letters || event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return;
  const tables = [...document.querySelectorAll(".stock details")];
  const isOpen = tables.some((table) => table.hasAttribute("open"));
  for (const table of tables) table.toggleAttribute("open", !isOpen);
});
