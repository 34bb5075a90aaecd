// Meanings are dragged onto columns; picking one in the list beside a column does the same.
const form = document.querySelector("[data-columns]");
let dragged = null;

const columnAt = (target) => target.closest && target.closest("[data-column]");

form.addEventListener("dragstart", (event) => {
  dragged = event.target.dataset.role || null;
  event.dataTransfer.setData("text/plain", dragged || "");
  event.dataTransfer.effectAllowed = "copy";
});

form.addEventListener("dragover", (event) => {
  if (!dragged || !columnAt(event.target)) return;
  event.preventDefault();
  form.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));
  columnAt(event.target).classList.add("is-over");
});

form.addEventListener("drop", (event) => {
  const column = columnAt(event.target);
  if (!dragged || !column) return;
  event.preventDefault();
  const role = dragged;
  dragged = null;
  // Only an address may stand in several columns; any other meaning moves to where it is dropped.
  if (role !== "address") {
    form.querySelectorAll("[name^='role-']").forEach((select) => {
      if (select.value === role) select.value = "";
    });
  }
  column.querySelector("select").value = role;
  htmx.trigger(form, "columns");
});

form.addEventListener("dragend", () => {
  dragged = null;
  form.querySelectorAll(".is-over").forEach((each) => each.classList.remove("is-over"));
});
