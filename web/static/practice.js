// Striking options out while practising. It is an aid to the eye: nothing of it
// is sent, and without this script the page lacks nothing else.

const form = document.querySelector("[data-answer]");

if (form && form.querySelector("[data-practice]")) {
	form.querySelectorAll("input[data-letter]").forEach(addStrike);
}

function addStrike(input) {
	const label = input.closest("label");
	const row = document.createElement("div");
	row.className = "option-row";
	const button = document.createElement("button");
	button.type = "button";
	button.className = "strike";
	button.title = `Strike out ${input.dataset.letter}`;
	button.setAttribute("aria-label", button.title);
	label.before(row);
	row.append(label, button);

	const strike = (on) => {
		button.setAttribute("aria-pressed", String(on));
		row.classList.toggle("struck", on);
	};
	strike(false);
	button.addEventListener("click", () => strike(button.getAttribute("aria-pressed") !== "true"));
	// Choosing an option says that it isn't out of the question.
	input.addEventListener("change", () => {
		if (input.checked) strike(false);
	});
}
