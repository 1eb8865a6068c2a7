// Every page works without this script. It adds keys, a guard against sending
// an answer twice, and buttons that move the steps of an ordering question.

const article = document.querySelector("[data-question]");
const form = document.querySelector("[data-answer]");

if (article && form) {
	focusOn(document.getElementById("question-heading"));
	if (document.documentElement.dataset.keys !== "off") addKeys();
	guardSending();
	document.querySelectorAll("[data-ordering]").forEach((list) => addMoves(list));
}

function focusOn(heading) {
	if (heading && !location.hash) heading.focus({ preventScroll: true });
}

// Single keys work only while the focus is in the question, and never where
// something can be typed or picked from a list (WCAG 2.1.4).
function addKeys() {
	article.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
		if (event.target.closest("select, textarea, input:not([type=radio], [type=checkbox])")) return;
		if (event.key === "?") {
			toggleKeys();
			event.preventDefault();
			return;
		}
		const input = optionFor(event.key);
		if (!input) return;
		choose(input);
		event.preventDefault();
	});
}

function toggleKeys() {
	const keys = article.querySelector("details.keys");
	keys.open = !keys.open;
	if (keys.open) keys.scrollIntoView({ block: "nearest" });
}

function optionFor(key) {
	const inputs = [...form.querySelectorAll("input[data-letter]")];
	if (/^[1-9]$/.test(key)) return inputs[Number(key) - 1];
	return inputs.find((input) => input.dataset.letter === key.toUpperCase());
}

// With the focus on the input, Enter sends the form by itself.
function choose(input) {
	input.focus();
	input.checked = input.type === "radio" || !input.checked;
	input.dispatchEvent(new Event("change", { bubbles: true }));
}

function guardSending() {
	const status = form.querySelector("[data-saving]");
	const buttons = form.querySelectorAll("button[type=submit]");
	let sending = false;

	const show = (text, busy) => {
		sending = busy;
		status.textContent = text;
		buttons.forEach((button) => button.setAttribute("aria-disabled", String(busy)));
	};

	form.addEventListener("submit", (event) => {
		if (sending) {
			event.preventDefault();
		} else if (!navigator.onLine) {
			event.preventDefault();
			show("You are offline. Your choice is still here: save it once you are back.", false);
		} else {
			show("Saving…", true);
		}
	});
	addEventListener("online", () => {
		if (!sending) show("", false);
	});
	// Coming back with the Back button can show the page as it was left.
	addEventListener("pageshow", () => show("", false));
}

// The order shown is the answer from the first move on: the selects, which are
// what is sent, follow it. moved is told of every move; what is returned shows
// the selects as an order, for when they were set in another way.
export function addMoves(list, moved = () => {}) {
	const steps = () => [...list.children];
	const status = document.createElement("p");
	status.className = "visually-hidden";
	status.setAttribute("role", "status");
	list.after(status);

	const number = () => {
		steps().forEach((step, i) => {
			step.querySelector("select").value = String(i + 1);
			step.querySelector("[data-move='-1']").setAttribute("aria-disabled", String(i === 0));
			step.querySelector("[data-move='1']").setAttribute("aria-disabled", String(i === list.children.length - 1));
		});
	};

	// The step itself stays where it is in the document and the others move
	// around it, so it keeps the focus.
	const place = (step, index) => {
		const others = steps().filter((other) => other !== step);
		others.slice(0, index).forEach((other) => step.before(other));
		list.append(...others.slice(index));
		number();
		status.textContent = `Step ${step.dataset.step} is now ${index + 1} of ${list.children.length}.`;
		moved();
	};

	for (const step of steps()) {
		const moves = document.createElement("div");
		moves.className = "moves";
		moves.append(moveButton(step, -1, "Up"), moveButton(step, 1, "Down"));
		step.append(moves);
	}
	arrangeAsGiven();

	list.addEventListener("click", (event) => {
		const button = event.target.closest("[data-move]");
		if (!button) return;
		const step = button.closest("li");
		const index = steps().indexOf(step) + Number(button.dataset.move);
		if (index >= 0 && index < list.children.length) place(step, index);
	});
	list.addEventListener("change", (event) => {
		const index = Number(event.target.value) - 1;
		if (index >= 0) place(event.target.closest("li"), index);
	});

	// A page that comes back with ranks, whole and without doubles, shows them
	// as an order; anything else is left as it is for its sender to mend.
	function arrangeAsGiven() {
		const rank = (step) => Number(step.querySelector("select").value);
		const ranks = new Set(steps().map(rank));
		if (ranks.has(0) || ranks.size !== list.children.length) return;
		list.append(...steps().sort((a, b) => rank(a) - rank(b)));
		number();
	}
	return arrangeAsGiven;
}

function moveButton(step, by, label) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "move";
	button.dataset.move = String(by);
	button.textContent = label;
	button.setAttribute("aria-label", `${label}: move step ${step.dataset.step}`);
	return button;
}
