// On the page where practice begins, a certification or a bank is chosen as it is
// pointed at.

for (const exams of document.querySelectorAll("[data-choose-exam] select")) {
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
