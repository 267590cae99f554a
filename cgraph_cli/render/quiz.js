"use strict";
// The answers leave the page as the file that `cgraph check --answers` reads; the page knows no right one.
const quiz = JSON.parse(document.getElementById("quiz").textContent);
const fields = [...document.querySelectorAll("input[name]")];
const said = document.getElementById("said");

function sheet() {
  quiz.answers = Object.fromEntries(fields.map((field) => [field.name, field.value.trim() || null]));
  return JSON.stringify(quiz, null, 1) + "\n";
}

function open() {
  const count = fields.filter((field) => !field.value.trim()).length;
  return count ? ` ${count} of ${fields.length} fields ${count === 1 ? "is" : "are"} empty.` : "";
}

document.getElementById("save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sheet()], { type: "application/json" }));
  link.download = "answers.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  said.textContent = "Written to answers.json." + open();
});

document.getElementById("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(sheet());
    said.textContent = "Copied." + open();
  } catch {
    said.textContent = "The browser does not allow to copy: download the file.";
  }
});
