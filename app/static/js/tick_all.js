// One box that ticks all boxes of a name in its form; it shows where scripts run, and follows the others.
document.querySelectorAll("[data-tick-all]").forEach((all) => {
  const boxes = () => Array.from(all.form.querySelectorAll(`[name="${all.dataset.tickAll}"]`));
  const follow = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.closest("[hidden]").hidden = false;
  all.form.addEventListener("change", (event) => {
    if (event.target === all) boxes().forEach((box) => { box.checked = all.checked; });
    else follow();
  });
  follow();
});
