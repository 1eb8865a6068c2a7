// A mock exam, one question at a time. The page works without this script as one
// long form; the form's fields stay what an answer is read from.

import { addMoves, addStrikes, choiceOf, choose, complete, optionFor, sameChoice, setChoice, strikeKeys, unstrike, values } from "./answer.js";
import { Clock, comesBack } from "./clock.js";
import { forget, leftovers, newClient, Outbox, session, State, stateWords } from "./outbox.js";

const root = document.querySelector("[data-exam]");
const late = document.querySelector("[data-late]");

/* ---- Beginning -------------------------------------------------------------- */

// One object for what all parts below share; a function, since a page without an
// exam loads this script too.
function begin() {
	const id = root.dataset.exam;
	const exam = {
		id,
		address: root.dataset.events,
		next: root.dataset.after,
		of: Number(root.dataset.of),
		closing: root.dataset.closing !== undefined, // the open section is left for good
		places: [...root.querySelectorAll("[data-place]")].map(readPlace),
		at: -1,
		locked: true, // until this tab holds the exam
		leaving: false,
	};
	root.classList.add("on");
	document.querySelector("[data-form]").addEventListener("submit", (event) => event.preventDefault());
	root.querySelectorAll("[data-script]").forEach((part) => (part.hidden = false));
	exam.places.forEach((place) => prepare(exam, place));
	addButtons(exam);
	addKeys(exam);
	addFolds(exam);
	addClock(exam);
	addEventListener("beforeunload", (event) => {
		if (!exam.leaving && exam.outbox?.state === State.waiting) event.preventDefault();
	});
	addEventListener("pagehide", () => exam.places.forEach((place) => place.keepNote?.()));
	// A page that comes back as it was left may be long behind.
	addEventListener("pageshow", (event) => event.persisted && reload(exam));
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) exam.places.forEach((place) => place.keepNote?.());
		else exam.outbox?.ask(); // a machine that slept has a clock that stood still
	});
	takeOver(exam);
}

// The tab whose page this was before has the right to go on without asking.
const mine = {
	get: (exam, what) => session.get(exam.id, what),
	set: (exam, what, value) => session.set(exam.id, what, value),
};

function takeOver(exam) {
	const { holder, holderClient } = root.dataset;
	const own = holderClient && holderClient === mine.get(exam, "client");
	if (holder !== "active" || own || mine.get(exam, "claim") === "yes") return goOn(exam);
	const dialog = dialogOf("elsewhere");
	dialog.querySelector("[data-go-on]").onclick = () => {
		closeDialogs();
		goOn(exam);
	};
	insist(dialog);
}

async function goOn(exam) {
	const form = document.querySelector("[data-form]");
	form.inert = true;
	const stale = await deliverLeftovers(exam);
	if (!stale) return; // the page goes elsewhere
	form.inert = false;
	const client = newClient();
	exam.outbox = new Outbox({
		sitting: exam.id,
		address: exam.address,
		client,
		changed: (outbox) => showState(exam, outbox),
		heard: (answer) => heard(exam, answer),
	});
	exam.outbox.add({ kind: "claimed" }, ...stale.events);
	stale.boxes.forEach((box) => forget(exam.id, box.client, box.last));
	mine.set(exam, "client", client);
	mine.set(exam, "claim", "");
	tellWhatWasKept(exam, stale);
	setInterval(() => exam.outbox.ask(), 60_000);
	exam.locked = false;
	show(exam, firstPlace(exam));
}

function firstPlace(exam) {
	const before = exam.places.findIndex((place) => String(place.index) === mine.get(exam, "at"));
	if (before >= 0) return before;
	return Math.max(0, exam.places.findIndex((place) => !complete(place)));
}

// What an earlier page of this exam could not send goes out first, as it was
// numbered. If the exam went on elsewhere since, what was given there stands;
// only what is still open is filled in with what was kept here.
async function deliverLeftovers(exam) {
	const stale = { boxes: [], events: [], filled: new Set(), dropped: new Set() };
	for (const left of leftovers(exam.id)) {
		const outbox = new Outbox({
			...left,
			sitting: exam.id,
			address: exam.address,
			borrowed: true,
			changed: (box) => showState(exam, box),
			heard: (answer) => heard(exam, answer),
		});
		const all = outbox.events;
		outbox.retry();
		const state = await outbox.settled();
		if (state === State.over) {
			ended(exam, outbox);
			return null;
		}
		const open = outbox.events;
		const refused = new Set(outbox.refused.map((one) => one.seq));
		const taken = all.filter((event) => !refused.has(event.seq) && !open.some((one) => one.seq === event.seq));
		taken.forEach((event) => apply(exam, event));
		if (taken.some((event) => event.kind === "closed")) {
			forget(exam.id, outbox.client, outbox.last);
			reload(exam); // into the section that is open now
			return null;
		}
		fillIn(exam, open, stale);
		stale.boxes.push(outbox);
	}
	return stale;
}

function fillIn(exam, events, stale) {
	const latest = new Map();
	for (const event of events) {
		if (["answered", "flagged", "struck", "noted"].includes(event.kind)) latest.set(`${event.kind} ${event.place}`, event);
	}
	for (const { seq, ...event } of latest.values()) {
		const place = exam.places.find((one) => one.index === event.place);
		if (place && untouched(place, event.kind)) {
			apply(exam, event);
			stale.events.push(event);
			stale.filled.add(place.number);
		} else if (event.kind === "answered" && !(place && sameChoice(choiceOf(place), event.choice ?? null))) {
			stale.dropped.add(place ? place.number : event.place + 1);
		}
	}
}

function untouched(place, kind) {
	switch (kind) {
		case "answered":
			return choiceOf(place) === null;
		case "flagged":
			return !place.flag.checked;
		case "struck":
			return place.struck.size === 0;
		default:
			return place.note.value === "";
	}
}

function tellWhatWasKept(exam, stale) {
	const parts = [];
	if (stale.filled.size) parts.push(`What you did here and could not be sent was put in: ${questions(stale.filled)}.`);
	if (stale.dropped.size) parts.push(`The exam went on elsewhere since, so the answers given there stand: ${questions(stale.dropped)}.`);
	if (parts.length) tell(parts.join(" "));
}

/* ---- Places: reading and writing the form ------------------------------------- */

function readPlace(section) {
	return {
		section,
		index: Number(section.dataset.place),
		number: Number(section.dataset.number),
		prefix: `p${section.dataset.place}.`,
		type: section.dataset.type,
		choose: Number(section.dataset.choose ?? 0),
		seen: section.dataset.seen !== undefined,
		struck: new Set((section.dataset.struck ?? "").split(" ").filter(Boolean)),
		flag: section.querySelector("[data-flag]"),
		note: section.querySelector("[data-note]"),
		heading: section.querySelector("h2[tabindex]"),
	};
}

function apply(exam, event) {
	const place = exam.places.find((one) => one.index === event.place);
	if (!place) return;
	switch (event.kind) {
		case "answered":
			setChoice(place, event.choice ?? null);
			break;
		case "flagged":
			place.flag.checked = Boolean(event.on);
			break;
		case "struck":
			place.struck = new Set(event.struck);
			place.drawStruck?.();
			break;
		case "noted":
			place.note.value = place.noted = event.text;
			break;
	}
	place.seen = true;
	drawAnswer(place);
}

// prepare makes a place report what is done in it.
function prepare(exam, place) {
	place.given = choiceOf(place);
	place.noted = place.note.value;
	const answered = () => {
		const choice = choiceOf(place);
		if (sameChoice(choice, place.given)) return;
		place.given = choice;
		record(exam, { kind: "answered", place: place.index, ...(choice && { choice }) });
		drawAnswer(place);
	};
	const list = place.section.querySelector("[data-ordering]");
	if (list) place.arrange = addMoves(list, answered);
	const answer = place.section.querySelector("fieldset.options");
	answer.addEventListener("change", (event) => {
		unstrike(place, event.target);
		answered();
	});
	place.section.querySelector("[data-clear]").addEventListener("click", () => {
		setChoiceByHand(place, answered);
		place.heading.focus();
	});
	place.flag.addEventListener("change", () => {
		record(exam, { kind: "flagged", place: place.index, on: place.flag.checked });
		drawFlag(exam);
	});
	addNote(exam, place);
	addStrikes(place, (struck) => record(exam, { kind: "struck", place: place.index, struck }));
	drawAnswer(place);
}

function setChoiceByHand(place, answered) {
	const given = place.given;
	setChoice(place, null);
	place.given = given;
	answered();
}

// What is chosen can be taken back; too many boxes are said at once.
function drawAnswer(place) {
	place.section.querySelector("[data-clear]").hidden = place.given === null;
	const excess = place.section.querySelector("[data-excess]");
	const chosen = place.type === "multiple" ? values(place).length : 0;
	const text = place.choose > 0 && chosen > place.choose ? `${chosen} are chosen; the question asks for ${place.choose}.` : "";
	if (excess.textContent !== text) excess.textContent = text;
}

function addNote(exam, place) {
	let timer;
	place.keepNote = () => {
		clearTimeout(timer);
		if (place.note.value === place.noted) return;
		place.noted = place.note.value;
		record(exam, { kind: "noted", place: place.index, text: place.noted });
	};
	place.note.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(place.keepNote, 1500);
	});
	place.note.addEventListener("blur", place.keepNote);
}

/* ---- Moving ------------------------------------------------------------------------ */

const current = (exam) => exam.places[exam.at];

function show(exam, i, round = null) {
	if (i < 0 || i >= exam.places.length) return;
	leave(exam);
	exam.at = i;
	exam.round = round;
	const place = current(exam);
	place.section.hidden = false;
	place.seen = true;
	root.dataset.screen = "question";
	text("[data-count-word]", "Question");
	text("[data-count]", `${place.number} of ${exam.of}`);
	for (const part of root.querySelectorAll("[data-part]")) {
		if (part.dataset.part === place.section.dataset.ofPart) part.setAttribute("aria-current", "step");
		else part.removeAttribute("aria-current");
	}
	document.title = document.title.replace(/^(Question \d+ · )?/, `Question ${place.number} · `);
	drawRound(exam);
	drawFlag(exam);
	drawBar(exam);
	mine.set(exam, "at", String(place.index));
	record(exam, { kind: "shown", place: place.index });
	focusTop(place.heading);
}

function leave(exam) {
	current(exam)?.keepNote();
	for (const place of exam.places) place.section.hidden = true;
	document.querySelector("[data-review]").hidden = true;
	closeDialogs();
}

function focusTop(heading) {
	document.getElementById("main").scrollTo(0, 0);
	heading.focus({ preventScroll: true });
	heading.scrollIntoView({ block: "nearest" }); // where the whole page scrolls
}

function drawBar(exam) {
	const first = exam.at === 0 && root.dataset.screen === "question" && !exam.round;
	document.querySelector("[data-previous]").setAttribute("aria-disabled", String(first));
	const reviewing = root.dataset.screen === "review";
	document.querySelector("[data-next]").setAttribute("aria-disabled", String(reviewing));
	document.querySelector("[data-flag-button]").hidden = reviewing;
}

function next(exam) {
	if (root.dataset.screen === "review") return;
	if (exam.round) stepRound(exam, 1);
	else if (exam.at === exam.places.length - 1) review(exam);
	else show(exam, exam.at + 1);
}

function previous(exam) {
	if (root.dataset.screen === "review") show(exam, exam.at);
	else if (exam.round) stepRound(exam, -1);
	else show(exam, exam.at - 1);
}

// A round goes from the review through the questions that were open or flagged
// when it began, and back to the review.
function beginRound(exam, words, wanted) {
	const places = exam.places.filter(wanted);
	if (places.length) show(exam, exam.places.indexOf(places[0]), { words, places });
}

function stepRound(exam, by) {
	const { round } = exam;
	const place = round.places[round.places.indexOf(current(exam)) + by];
	if (place) show(exam, exam.places.indexOf(place), round);
	else review(exam);
}

function drawRound(exam) {
	const { round } = exam;
	document.querySelector("[data-round]").hidden = !round;
	if (round) text("[data-round-words]", `${round.words}: ${round.places.indexOf(current(exam)) + 1} of ${round.places.length}.`);
}

function drawFlag(exam) {
	const button = document.querySelector("[data-flag-button]");
	button.setAttribute("aria-pressed", String(Boolean(current(exam)?.flag.checked)));
}

function toggleFlag(exam) {
	const { flag } = current(exam);
	flag.checked = !flag.checked;
	flag.dispatchEvent(new Event("change", { bubbles: true }));
	say(flag.checked ? "Flagged for review." : "No longer flagged.");
}

function addButtons(exam) {
	const on = (name, act) => root.querySelectorAll(`[data-${name}]`).forEach((button) => button.addEventListener("click", () => {
		if (!exam.locked && button.getAttribute("aria-disabled") !== "true") act();
	}));
	on("previous", () => previous(exam));
	on("next", () => next(exam));
	on("navigator", () => openNavigator(exam));
	on("to-review", () => review(exam));
	on("back", () => show(exam, exam.at));
	on("round-open", () => beginRound(exam, "Those not answered", (place) => !complete(place)));
	on("round-flagged", () => beginRound(exam, "Those flagged", (place) => place.flag.checked));
	on("flag-button", () => toggleFlag(exam));
	on("keys-button", () => dialogOf("keys").showModal());
	on("hand-in", () => confirmHandIn(exam));
	on("submit", () => handIn(exam));
	on("close-section", () => confirmClose(exam));
	on("close", () => closeSection(exam));
	document.querySelector("[data-retry]").addEventListener("click", () => exam.stopped?.retry());
	root.querySelectorAll("[data-dismiss]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));
	document.querySelector("[data-filter]").addEventListener("change", () => drawNavigator(exam));
}

/* ---- Navigator, review, end ----------------------------------------------------------- */

function standing(place) {
	if (complete(place)) return "Complete";
	return place.seen ? "Incomplete" : "Unseen";
}

function openNavigator(exam) {
	drawNavigator(exam);
	dialogOf("navigator").showModal();
	const here = document.querySelector("[data-rows] [aria-current]");
	here?.focus();
	here?.scrollIntoView({ block: "center" });
}

function drawNavigator(exam) {
	const filter = document.querySelector("[data-filter]").value;
	const wanted = { open: (place) => !complete(place), flagged: (place) => place.flag.checked, unseen: (place) => !place.seen }[filter] ?? (() => true);
	const rows = exam.places.filter(wanted).map((place) => navigatorRow(exam, place));
	document.querySelector("[data-rows]").replaceChildren(...rows);
	const n = (list) => list.length;
	text("[data-navigator-sum]", `${n(exam.places.filter(complete))} answered, ${n(exam.places.filter((place) => !complete(place)))} not answered, ${n(exam.places.filter((place) => place.flag.checked))} flagged.`);
	document.querySelector("[data-none]").hidden = rows.length > 0;
	document.querySelector("[data-rows]").closest("table").hidden = rows.length === 0;
}

function navigatorRow(exam, place) {
	const row = document.createElement("tr");
	const head = document.createElement("th");
	head.scope = "row";
	const jump = jumpButton(exam, place, place.number);
	const word = document.createElement("span");
	word.className = "wordy"; // in a narrow table the head of the column says it to the eye
	word.textContent = "Question ";
	jump.prepend(word);
	if (place === current(exam)) jump.setAttribute("aria-current", "true");
	head.append(jump);
	const cell = (content, kind) => {
		const td = document.createElement("td");
		const words = document.createElement("span");
		words.textContent = content;
		td.append(words);
		if (content) td.className = kind;
		return td;
	};
	const state = standing(place);
	row.append(head, cell(state, `standing-${state.toLowerCase()}`), cell(place.flag.checked ? "Flagged" : "", "flagged"), cell(place.note.value ? "Note" : "", "noted"));
	return row;
}

function jumpButton(exam, place, label) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "plain";
	button.textContent = label;
	button.addEventListener("click", () => show(exam, exam.places.indexOf(place)));
	return button;
}

function review(exam) {
	leave(exam);
	exam.round = null;
	drawRound(exam);
	root.dataset.screen = "review";
	const open = exam.places.filter((place) => !complete(place));
	const flagged = exam.places.filter((place) => place.flag.checked);
	text("[data-review-sum]", `${exam.places.length - open.length} of ${exam.places.length} ${exam.closing ? "questions of this section" : "questions"} are answered.`);
	fillJumps(exam, "unanswered", open);
	fillJumps(exam, "flagged-list", flagged);
	document.querySelector("[data-round-open]").hidden = open.length === 0;
	document.querySelector("[data-round-flagged]").hidden = flagged.length === 0;
	drawBar(exam);
	text("[data-count-word]", "");
	text("[data-count]", "Review");
	const section = document.querySelector("[data-review]");
	section.hidden = false;
	focusTop(section.querySelector("h2"));
}

function fillJumps(exam, name, places) {
	const list = document.querySelector(`[data-${name}]`);
	list.replaceChildren(...places.map((place) => {
		const item = document.createElement("li");
		item.append(jumpButton(exam, place, `Question ${place.number}`));
		if (name === "unanswered" && choiceOf(place)) item.append(small("answered in part"));
		return item;
	}));
	list.hidden = places.length === 0;
	document.querySelector(`[data-${name}-none]`).hidden = places.length > 0;
}

function small(words) {
	const element = document.createElement("small");
	element.textContent = words;
	return element;
}

function confirmHandIn(exam) {
	text("[data-submit-open]", openWords(exam));
	const later = exam.closing ? exam.of - exam.places.at(-1).number : 0;
	text("[data-submit-later]", later > 0 ? `${later} questions are in sections that you have not opened yet.` : "");
	dialogOf("submit").showModal();
}

function confirmClose(exam) {
	text("[data-close-open]", openWords(exam));
	dialogOf("close").showModal();
}

function openWords(exam) {
	const blank = exam.places.filter((place) => !complete(place));
	const part = blank.filter(choiceOf);
	const none = blank.filter((place) => !choiceOf(place));
	if (!blank.length) return "Every question is answered.";
	const words = [];
	if (none.length) words.push(`Not answered: ${questions(none.map((place) => place.number))}.`);
	if (part.length) words.push(`Answered in part: ${questions(part.map((place) => place.number))}.`);
	return `${words.join(" ")} What is left open counts as wrong.`;
}

// handIn and closeSection wait for the server: only it can say that it is done.
function handIn(exam) {
	leave(exam);
	lock(exam);
	text("[data-handing-words]", "Handing in…");
	insist(dialogOf("handing"));
	record(exam, { kind: "submitted" }, true);
}

async function closeSection(exam) {
	leave(exam);
	lock(exam);
	text("[data-handing-words]", "Closing the section…");
	insist(dialogOf("handing"));
	record(exam, { kind: "closed", place: Number(root.dataset.section) }, true);
	mine.set(exam, "at", "");
	if ((await exam.outbox.settled()) === State.saved) reload(exam);
}

function lock(exam) {
	exam.places.forEach((place) => place.keepNote());
	exam.locked = true; // what is recorded from now on must say so itself
	for (const control of root.querySelectorAll("main :is(input, select, textarea, button)")) control.disabled = true;
}

function reload(exam) {
	exam.leaving = true;
	location.reload();
}

/* ---- What the server says ------------------------------------------------------------------ */

function record(exam, event, evenLocked = false) {
	if (!exam.outbox || (exam.locked && !evenLocked)) return;
	exam.outbox.add(event);
}

function heard(exam, answer) {
	if (answer.left_ms >= 0) exam.clock?.set(answer.left_ms);
	for (const one of answer.refused ?? []) tell(one.text);
}

// The state is always to be seen; spoken are only its changes between being in
// touch with the server and not.
function showState(exam, outbox) {
	const words = stateWords(outbox);
	root.dataset.saved = outbox.state;
	clearTimeout(exam.slow);
	const draw = () => text("[data-saved-words]", words);
	if (outbox.state === State.saving) exam.slow = setTimeout(draw, 300); // a flicker says nothing
	else draw();
	sayIfAway(exam, outbox);
	showStopped(exam, outbox);
	if (outbox !== exam.outbox) return;
	if (outbox.state === State.elsewhere) heldElsewhere(exam);
	if (outbox.state === State.gap) reload(exam);
	if (outbox.state === State.over) ended(exam, outbox);
}

function sayIfAway(exam, outbox) {
	if (outbox.state === State.saving) return;
	const away = outbox.state === State.waiting || outbox.state === State.stopped;
	if (away && dialogOf("handing").open) {
		text("[data-handing-words]", "The network is away. Your answers and this step are kept on this device, and sent as soon as it is back. Keep this page open; the clock goes on meanwhile.");
	} else if (away !== Boolean(exam.away)) {
		say(away ? "The network is away. Your answers are kept on this device and sent when it is back." : "Everything is saved again.");
	}
	exam.away = away;
}

// The site doesn't listen to this page any more; only a person can mend that.
function showStopped(exam, outbox) {
	const dialog = dialogOf("stopped");
	if (outbox.state === State.stopped) {
		exam.stopped = outbox;
		text("[data-stopped-words]", outbox.trouble);
		if (!dialog.open) dialog.showModal();
	} else if (outbox.state !== State.saving && dialog.open) {
		dialog.close();
	}
}

function heldElsewhere(exam) {
	lock(exam);
	const dialog = dialogOf("elsewhere");
	dialog.querySelector("[data-go-on]").onclick = () => {
		mine.set(exam, "claim", "yes");
		reload(exam); // shows what was done elsewhere, and sends what wasn't sent from here
	};
	insist(dialog);
}

// insist shows a dialog that has to be answered.
function insist(dialog) {
	dialog.oncancel = (event) => event.preventDefault();
	dialog.onclose = () => dialog.showModal();
	if (!dialog.open) dialog.showModal();
}

function closeDialogs() {
	for (const dialog of root.querySelectorAll("dialog[open]")) {
		dialog.onclose = dialog.oncancel = null;
		dialog.close();
	}
}

// The exam has ended. Answers that came too late are named, not dropped in silence.
function ended(exam, outbox) {
	lock(exam);
	exam.clock?.stop();
	const address = outbox.next || exam.next;
	const missed = new Set(outbox.events.filter((event) => event.kind === "answered").map((event) => event.place));
	forget(exam.id, outbox.client, outbox.last);
	exam.leaving = true;
	if (!missed.size) return location.assign(address);
	closeDialogs();
	text("[data-missed]", lateWords([...missed]));
	document.querySelector("[data-dialog='ended'] a").href = address;
	insist(dialogOf("ended"));
}

const lateWords = (places) => `The exam had ended when these answers reached us, so they don't count: ${questions(places.map((place) => place + 1))}.`;

// On the page of the result: answers of this device that were never sent.
function tellWhatCameTooLate() {
	const left = leftovers(late.dataset.late);
	const places = new Set(left.flatMap((one) => one.events).filter((event) => event.kind === "answered").map((event) => event.place));
	left.forEach((one) => forget(late.dataset.late, one.client, one.events.at(-1).seq));
	if (!places.size) return;
	late.textContent = lateWords([...places]);
	late.hidden = false;
}

/* ---- Clock ---------------------------------------------------------------------------------- */

function addClock(exam) {
	const left = Number(root.dataset.left);
	if (left < 0) return;
	// The time left was read before the first byte of the page arrived.
	const arrived = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
	exam.clock = new Clock(left, arrived, {
		shown: (words, low) => {
			text("[data-time]", words);
			document.querySelector("[data-clock]").classList.toggle("low", low);
		},
		heard: ({ mark, back, up }) => {
			if (mark) say(mark === 1 ? "1 minute left." : `${mark} minutes left.`);
			if (back) fold(exam, "time", false);
			if (up) timeIsUp(exam);
		},
	});
}

function timeIsUp(exam) {
	if (!exam.locked) {
		lock(exam);
		closeDialogs();
		insist(dialogOf("up"));
	}
	exam.outbox?.ask();
}

// Count and time can each be folded away, and stay so when the page is loaded
// again. In the last minutes a page begins with its time in sight, but somebody
// who folds it then wants it so.
function addFolds(exam) {
	for (const button of root.querySelectorAll("[data-fold]")) {
		const what = button.dataset.fold;
		const before = mine.get(exam, `folded.${what}`) ?? (what === "time" && root.dataset.folded !== undefined ? "yes" : "no");
		button.addEventListener("click", () => fold(exam, what, button.getAttribute("aria-expanded") === "true"));
		if (before === "yes" && !(what === "time" && Number(root.dataset.left) <= comesBack)) fold(exam, what, true);
	}
}

function fold(exam, what, away) {
	const button = root.querySelector(`[data-fold="${what}"]`);
	button.setAttribute("aria-expanded", String(!away));
	button.querySelector("[data-fold-word]").textContent = away ? "Show" : "Hide";
	document.getElementById(`exam-${what}`).hidden = away;
	mine.set(exam, `folded.${what}`, away ? "yes" : "no");
}

/* ---- Keys ------------------------------------------------------------------------------------ */

// Keys work while the focus is in the exam and no dialog is open, and never where
// they mean something already (WCAG 2.1.4); a person can turn them off.
function addKeys(exam) {
	if (root.dataset.keys === "off" || document.documentElement.dataset.keys === "off") return;
	const strikes = strikeKeys();
	root.addEventListener("keydown", (event) => {
		const target = event.target;
		if (exam.locked || event.ctrlKey || event.metaKey || target.closest("dialog")) return;
		if (target.closest("textarea, input:not([type=radio], [type=checkbox])")) return;
		if (move(exam, event)) return event.preventDefault();
		if (event.altKey || event.repeat || target.closest("select") || root.dataset.screen !== "question") return;
		const letter = optionFor(current(exam), event.key);
		// First, because F flags unless it is the letter that S asked for.
		const struck = strikes(current(exam), event.key, letter);
		const act = struck ? () => say(struck) : {
			f: () => toggleFlag(exam),
			"?": () => dialogOf("keys").showModal(),
		}[event.key.toLowerCase()] ?? (letter && (() => choose(letter)));
		if (!act) return;
		act();
		event.preventDefault();
	});
}

// move handles Enter and the arrows; with Alt, arrows also move where they have
// a meaning of their own.
function move(exam, event) {
	const target = event.target;
	if (event.key === "Enter" && !event.altKey && !event.repeat && !target.closest("a, button, summary, select")) {
		next(exam);
		return true;
	}
	const by = { ArrowLeft: previous, ArrowRight: next }[event.key];
	if (!by || event.shiftKey) return false;
	if (!event.altKey && target.closest("select, input[type=radio]")) return false;
	by(exam);
	return true;
}

/* ---- Words ------------------------------------------------------------------------------------ */

const dialogOf = (name) => document.querySelector(`[data-dialog="${name}"]`);

function text(selector, words) {
	const element = document.querySelector(selector);
	if (element && element.textContent !== words) element.textContent = words;
}

// say is heard by a screen reader, politely.
function say(words) {
	text("[data-say]", "");
	requestAnimationFrame(() => text("[data-say]", words));
}

// tell is to be seen and heard, and stays.
function tell(words) {
	const note = document.querySelector("[data-tell]");
	note.hidden = false;
	text("[data-tell]", words);
}

// questions names numbers: "questions 3, 7 and 12 to 20".
function questions(numbers) {
	const runs = [];
	for (const n of [...numbers].sort((a, b) => a - b)) {
		const run = runs.at(-1);
		if (run?.at(-1) === n - 1) run.push(n);
		else runs.push([n]);
	}
	const words = runs.flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run));
	if (words.length === 1) return `question${runs[0].length > 1 ? "s" : ""} ${words[0]}`;
	return `questions ${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

if (root) begin();
if (late) tellWhatCameTooLate();
