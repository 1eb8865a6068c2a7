// What practice has with scripts only: striking options out, an aid to the eye of
// which nothing is sent, and a certification that is chosen as it is pointed at.

const form = document.querySelector("[data-answer]");

if (form && form.querySelector("[data-practice]")) {
	form.querySelectorAll("input[data-letter]").forEach(addStrike);
}

const exams = document.querySelector("[data-choose-exam] select");

if (exams) {
	const choose = document.querySelector("[data-choose-exam] button");
	// With keys a list changes at every step through it: there the button decides.
	let pointed = false;
	exams.addEventListener("pointerdown", () => {
		pointed = true;
	});
	exams.addEventListener("keydown", () => {
		pointed = false;
	});
	exams.addEventListener("change", () => {
		if (pointed) exams.form.requestSubmit(choose);
	});
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
