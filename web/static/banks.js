// In a bank's list of questions: one box ticks all rows of the page, and the panel
// says how many are ticked.

const form = document.querySelector("[data-choose-rows]");

if (form) {
	const rows = [...form.querySelectorAll("input[name=q]")];
	const said = form.querySelector("[data-chosen]");
	const panel = form.querySelector("[data-bulk]");
	const all = form.querySelector("input[name=all]");

	const whole = document.createElement("input");
	whole.type = "checkbox";
	whole.setAttribute("aria-label", "Choose every question of this page");
	const label = document.createElement("label");
	label.append(whole);
	form.querySelector("thead .tick").replaceChildren(label);

	const say = () => {
		const ticked = rows.filter((row) => row.checked).length;
		whole.checked = ticked === rows.length;
		whole.indeterminate = ticked > 0 && ticked < rows.length;
		said.textContent = all?.checked ? all.closest("label").textContent.trim() : ticked === 0 ? "tick them in the list" : `${ticked} chosen`;
	};
	whole.addEventListener("change", () => {
		for (const row of rows) row.checked = whole.checked;
		say();
	});
	form.addEventListener("change", (event) => {
		if (event.target.name === "q" && event.target.checked) panel.open = true;
		say();
	});
	say();
}
