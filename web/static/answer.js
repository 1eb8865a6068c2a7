// What an answer is read from and written to: the fields of a question, wherever
// it stands. The pages of an exam and of a single question share this.
//
// A place is a question on a page: { section, its element; type; prefix, of its
// fields' names; choose, how many are asked for or 0; struck, a Set of places }.

const kindOfChoice = { single: "selected", multiple: "selected", ordering: "order", matching: "matches", yes_no: "verdicts" };

// fields are the controls of an answer: a list for every part of it.
export function fields(place) {
	const groups = new Map();
	for (const control of place.section.querySelectorAll("fieldset.options [name]")) {
		if (!control.name.startsWith(place.prefix)) continue;
		groups.set(control.name, [...(groups.get(control.name) ?? []), control]);
	}
	const number = (name) => Number(name.slice(name.lastIndexOf(".") + 1));
	const parts = [...groups.entries()];
	// Steps that were moved are in another order than they were shown in.
	if (place.type === "ordering") parts.sort(([a], [b]) => number(a) - number(b));
	return parts.map(([, controls]) => controls);
}

export function values(place) {
	if (kindOfChoice[place.type] === "selected") {
		return fields(place).flat().filter((input) => input.checked).map((input) => input.value);
	}
	return fields(place).map(valueOf);
}

function valueOf(controls) {
	if (controls[0].type === "radio") return controls.find((input) => input.checked)?.value ?? "";
	return controls[0].value;
}

// choiceOf is the answer as it stands, or null when nothing is chosen.
export function choiceOf(place) {
	const list = values(place);
	return list.some(Boolean) ? { [kindOfChoice[place.type]]: list } : null;
}

export const sameChoice = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function setChoice(place, choice) {
	const list = choice?.[kindOfChoice[place.type]] ?? [];
	if (kindOfChoice[place.type] === "selected") {
		for (const input of fields(place).flat()) input.checked = list.includes(input.value);
	} else {
		fields(place).forEach((controls, i) => {
			for (const control of controls) {
				if (control.type === "radio") control.checked = control.value === list[i];
				else control.value = list[i] ?? "";
			}
		});
	}
	place.arrange?.();
	place.given = choice;
}

export function complete(place) {
	const list = values(place);
	if (place.type === "multiple" && place.choose > 0) return list.length === place.choose;
	if (kindOfChoice[place.type] === "selected") return list.length > 0;
	return list.length > 0 && list.every(Boolean);
}

/* ---- Choosing by key ------------------------------------------------------------ */

// optionFor is the option that a key names: a letter as shown, or a number.
export function optionFor(place, key) {
	const inputs = [...place.section.querySelectorAll("input[data-letter]")];
	if (/^[1-9]$/.test(key)) return inputs[Number(key) - 1];
	return inputs.find((input) => input.dataset.letter === key.toUpperCase());
}

export function choose(input) {
	input.focus();
	input.checked = input.type === "radio" || !input.checked;
	input.dispatchEvent(new Event("change", { bubbles: true }));
}

/* ---- Striking out --------------------------------------------------------------- */

// addStrikes puts a button beside every option. struck is told of every change.
export function addStrikes(place, struck) {
	const buttons = new Map();
	for (const input of place.section.querySelectorAll("input[data-letter]")) {
		const label = input.closest("label");
		const row = document.createElement("div");
		row.className = "option-row";
		const button = document.createElement("button");
		button.type = "button";
		button.className = "strike";
		button.setAttribute("aria-label", `Strike out ${input.dataset.letter}`);
		button.title = `Strike out ${input.dataset.letter}`;
		label.before(row);
		row.append(label, button);
		button.addEventListener("click", () => place.strike(input.value));
		buttons.set(input.value, { button, row });
	}
	place.drawStruck = () => {
		for (const [value, { button, row }] of buttons) {
			button.setAttribute("aria-pressed", String(place.struck.has(value)));
			row.classList.toggle("struck", place.struck.has(value));
		}
	};
	place.strike = (value) => {
		if (!place.struck.delete(value)) place.struck.add(value);
		struck([...place.struck].sort());
		place.drawStruck();
	};
	place.drawStruck();
}

// Choosing an option says that it isn't out of the question.
export function unstrike(place, input) {
	if (input.checked && input.dataset.letter && place.struck.has(input.value)) place.strike(input.value);
}

/* ---- Moving steps ---------------------------------------------------------------- */

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

// strikeKeys handles the keys that strike out: S, and within four seconds a letter.
// It returns what to say, or "" for any other key.
export function strikeKeys() {
	let until = 0;
	return (place, key, input) => {
		const waits = performance.now() < until;
		until = 0;
		if (waits && input) {
			place.strike(input.value);
			return place.struck.has(input.value) ? `${input.dataset.letter} is struck out.` : `${input.dataset.letter} is no longer struck out.`;
		}
		if (key.toLowerCase() !== "s" || !place.strike) return "";
		until = performance.now() + 4000;
		return "Strike out: which letter?";
	};
}
