// On the page where practice begins, a certification is chosen as it is pointed at.

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
