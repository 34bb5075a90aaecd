// Rows of a form that may be added and left out: people of an intake, matters of an order.
const nextNumber = (rows) => {
  const numbers = Array.from(rows.querySelectorAll("[name]"), (field) => Number(field.name.split("-")[1]));
  return 1 + Math.max(-1, ...numbers.filter(Number.isInteger));
};

const addRow = (kind) => {
  const rows = document.querySelector(`[data-rows="${kind}"]`);
  // Numbered on and never again, so that one left out takes no other's number.
  const number = Math.max(nextNumber(rows), Number(rows.dataset.next || 0));
  rows.dataset.next = number + 1;
  const row = rows.querySelector("template").content.cloneNode(true);
  row.querySelectorAll("[name], [id], [for]").forEach((part) => {
    ["name", "id", "for", "aria-describedby"].forEach((key) => {
      if (part.hasAttribute(key)) part.setAttribute(key, part.getAttribute(key).replaceAll("-new-", `-${number}-`));
    });
  });
  rows.append(row);
  rows.lastElementChild.querySelector("select, textarea, input").focus();
};

document.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-add-row]");
  if (adding) addRow(adding.dataset.addRow);
  const leaving = event.target.closest("[data-remove-row]");
  if (leaving) leaving.closest("[data-row]").remove();
});
