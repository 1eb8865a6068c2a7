// The question of a diagnostic or a practice. The page works without this script
// as a form; with it, what is chosen is kept as it is chosen, an answer given
// without a network goes out when there is one, and keys choose.

import { addMoves, addStrikes, choiceOf, choose, complete, optionFor, sameChoice, setChoice, strikeKeys, unstrike } from "./answer.js";
import { forget, leftovers, newClient, Outbox, session, State, stateWords } from "./outbox.js";

const article = document.querySelector("[data-question]");
const form = document.querySelector("[data-answer]");

/* ---- Beginning ------------------------------------------------------------------ */

function begin() {
	const { sitting, events, place, type, choose: asked, struck } = article.dataset;
	const page = {
		id: sitting,
		address: events,
		place: Number(place),
		section: form,
		prefix: "",
		type,
		choose: Number(asked ?? 0),
		struck: new Set((struck ?? "").split(" ").filter(Boolean)),
		flag: form.querySelector("[name=flag]"),
		note: form.querySelector("[name=note]"),
		claimed: false, // by this page
		answer: 0, // number of the event that gives the answer for good
	};
	page.outbox = new Outbox({
		sitting: page.id,
		address: page.address,
		client: newClient(),
		changed: (outbox) => showState(page, outbox),
		heard: (answer) => heard(page, answer),
	});
	const heading = document.getElementById("question-heading");
	if (heading && !location.hash) heading.focus({ preventScroll: true });
	if (document.documentElement.dataset.keys !== "off") addKeys(page);
	listen(page);
	tellOfOtherTab(page);
	deliverLeftovers(page);
	// A page that comes back as it was left may be long behind.
	addEventListener("pageshow", (event) => event.persisted && location.reload());
	addEventListener("pagehide", () => keepNote(page));
	document.addEventListener("visibilitychange", () => document.hidden && keepNote(page));
	addEventListener("beforeunload", (event) => {
		if (!page.outbox.kept && page.outbox.state === State.waiting) event.preventDefault();
	});
}

// said is the answer as it stands with how sure one is, or null for neither.
function said(page) {
	const confidence = form.querySelector("[name=confidence]:checked")?.value;
	const choice = choiceOf(page);
	return choice || confidence ? { ...choice, ...(confidence && { confidence }) } : null;
}

// listen reports what is done on the page.
function listen(page) {
	const answered = () => {
		const now = said(page);
		if (sameChoice(now, page.said)) return;
		page.said = now;
		record(page, { kind: "answered", place: page.place, ...(now && { choice: now }) });
	};
	const list = form.querySelector("[data-ordering]");
	if (list) page.arrange = addMoves(list, answered);
	addStrikes(page, (struck) => record(page, { kind: "struck", place: page.place, struck }));
	page.said = said(page);
	page.noted = page.note?.value ?? "";
	form.addEventListener("change", (event) => {
		if (event.target === page.flag) return record(page, { kind: "flagged", place: page.place, on: page.flag.checked });
		if (event.target === page.note) return keepNote(page);
		unstrike(page, event.target);
		answered();
	});
	page.note?.addEventListener("input", () => {
		clearTimeout(page.noting);
		page.noting = setTimeout(() => keepNote(page), 1500);
	});
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		give(page, event.submitter?.value === "dont_know");
	});
}

function keepNote(page) {
	clearTimeout(page.noting);
	if (!page.note || page.answer || page.note.value === page.noted) return;
	page.noted = page.note.value;
	record(page, { kind: "noted", place: page.place, text: page.noted });
}

// record keeps an event. The first makes this tab the one that goes on.
function record(page, event) {
	if (page.answer || page.outbox.ended) return;
	page.outbox.add(...claim(page), event);
}

function claim(page) {
	if (page.claimed) return [];
	page.claimed = true;
	session.set(page.id, "client", page.outbox.client);
	session.set(page.id, "claim", "");
	return [{ kind: "claimed" }];
}

/* ---- Giving the answer ------------------------------------------------------------ */

// give sends the answer for good. Whoever presses the button means this tab, so
// that it takes the sitting over if another has it.
function give(page, dontKnow) {
	if (page.answer || page.outbox.ended) return;
	if (!dontKnow && !navigator.onLine && !complete(page)) {
		return say(page, "You are offline, and this answer isn't complete yet.");
	}
	clearTimeout(page.noting);
	const choice = dontKnow ? { dont_know: true } : (said(page) ?? {});
	const mark = page.flag && { flagged: page.flag.checked, note: page.note.value };
	page.claimed = false;
	page.answer = page.outbox.last + 2;
	lock(true);
	page.outbox.add(...claim(page), { kind: "given", place: page.place, choice, ...(mark && { mark }) });
}

function lock(on) {
	article.toggleAttribute("data-locked", on);
	for (const control of form.querySelectorAll("fieldset :is(input, select, button), [name=flag], [name=note]")) control.disabled = on;
	for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", String(on));
}

/* ---- What the server says ---------------------------------------------------------- */

function heard(page, answer) {
	for (const one of answer.refused ?? []) refused(page, one, answer);
	if (page.answer && answer.seq >= page.answer && answer.sent === page.place) go(answer.next);
}

function refused(page, one, answer) {
	if (one.behind) return go(answer.behind);
	if (one.seq !== page.answer) return tell(one.text);
	page.answer = 0;
	lock(false);
	problem(one.text);
}

function go(address) {
	location.assign(address);
}

// The state is always to be seen; spoken are only its changes between being in
// touch with the server and not, and what became of an answer.
function showState(page, outbox) {
	article.querySelector(".saved")?.remove();
	article.dataset.saved = outbox.state;
	clearTimeout(page.slow);
	const draw = () => (article.querySelector("[data-saved-words]").textContent = stateWords(outbox, false));
	if (outbox.state === State.saving) page.slow = setTimeout(draw, 300); // a flicker says nothing
	else draw();
	say(page, waitingWords(page, outbox));
	article.querySelector("[data-stopped]").hidden = outbox.state !== State.stopped;
	if (outbox.state === State.stopped) showStopped(page, outbox);
	if (outbox !== page.outbox) return;
	if (outbox.state === State.elsewhere) heldElsewhere(page);
	if (outbox.state === State.gap) location.reload();
	if (outbox.state === State.over) ended(page, outbox);
}

function waitingWords(page, outbox) {
	const away = outbox.state === State.waiting;
	if (!page.answer) return away ? "The network is away. What you choose is kept on this device." : "";
	if (!away) return outbox.state === State.saving ? "Saving…" : "";
	return outbox.kept
		? "Your answer is kept on this device and goes out by itself when the network is back. Then this page goes on."
		: "Your answer goes out by itself when the network is back. Keep this page open until then: this browser keeps nothing.";
}

function showStopped(page, outbox) {
	article.querySelector("[data-stopped-words]").textContent = outbox.trouble;
	article.querySelector("[data-retry]").onclick = () => outbox.retry();
}

// Another tab goes on with this sitting. What was done there is what counts.
function heldElsewhere(page) {
	lock(true);
	const notice = article.querySelector("[data-elsewhere]");
	notice.hidden = false;
	notice.querySelector("[data-go-on]").onclick = () => {
		session.set(page.id, "claim", "yes");
		location.assign(location.pathname);
	};
}

function tellOfOtherTab(page) {
	const { holder } = article.dataset;
	if (!holder || holder === session.get(page.id, "client") || session.get(page.id, "claim") === "yes") return;
	tell("This is open in another tab or on another device as well. If you go on here, the other one says so.");
}

// It has ended. An answer that came too late is named, not dropped in silence.
function ended(page, outbox) {
	lock(true);
	const late = outbox.events.some((event) => event.kind === "given");
	forget(page.id, outbox.client, outbox.last);
	if (!late) return go(outbox.next);
	const link = document.createElement("a");
	link.href = outbox.next;
	link.textContent = "See how it went.";
	tell("This had ended before your answer reached us, so that answer doesn't count. ", link);
}

/* ---- What an earlier page left -------------------------------------------------------- */

// What an earlier page of this sitting could not send goes out first, as it was
// numbered. If the sitting went on elsewhere since, what was given there stands;
// only a question still untouched is filled in with what was kept here.
async function deliverLeftovers(page) {
	const left = leftovers(page.id);
	if (!left.length) return;
	lock(true);
	const filled = [];
	for (const one of left) {
		const answers = [];
		const outbox = new Outbox({
			...one,
			sitting: page.id,
			address: page.address,
			borrowed: true,
			changed: (box) => showState(page, box),
			heard: (answer) => answers.push(answer),
		});
		const all = outbox.events;
		outbox.retry();
		const state = await outbox.settled();
		if (state === State.over) return ended(page, outbox);
		forget(page.id, outbox.client, all.at(-1).seq);
		if (takeBack(page, { all, outbox, last: answers.at(-1) }, filled)) return;
	}
	lock(false);
	if (filled.length) page.outbox.add(...claim(page), ...filled);
}

// takeBack shows what became of one queue: what the server has now, on the page
// as well; what it refused or gave to another tab, as what is said so far. It
// reports whether the page goes elsewhere.
function takeBack(page, { all, outbox, last }, filled) {
	const open = outbox.events;
	const refusals = new Map(outbox.refused.map((one) => [one.seq, one]));
	const given = all.findLast((event) => event.kind === "given");
	const taken = (event) => !refusals.has(event.seq) && !open.includes(event);
	if (given && taken(given) && last) {
		go(last.next);
		return true;
	}
	if (given && refusals.has(given.seq)) tell(refusals.get(given.seq).text);
	const fresh = untouched(page);
	for (const event of all) {
		if (event.place !== page.place || event.kind === "claimed") continue;
		if (taken(event)) apply(page, event);
		else if (fresh && !refusals.get(event.seq)?.behind) filled.push(asSaid(page, event));
	}
	if (filled.length) tell("What you did here and could not be sent was put in.");
	return false;
}

const untouched = (page) => !said(page) && !page.struck.size;

// asSaid puts an event in on the page, and returns it as what is said so far.
function asSaid(page, { seq, mark, ...event }) {
	if (event.kind === "given") event.kind = "answered";
	if (event.choice?.dont_know) delete event.choice;
	apply(page, event);
	return event;
}

function apply(page, event) {
	switch (event.kind) {
		case "answered": {
			const { confidence, ...choice } = event.choice ?? {};
			setChoice(page, Object.keys(choice).length ? choice : null);
			for (const input of form.querySelectorAll("[name=confidence]")) input.checked = input.value === confidence;
			page.said = said(page);
			break;
		}
		case "struck":
			page.struck = new Set(event.struck);
			page.drawStruck();
			break;
		case "flagged":
			if (page.flag) page.flag.checked = Boolean(event.on);
			break;
		case "noted":
			if (page.note) page.note.value = page.noted = event.text ?? "";
			break;
	}
}

/* ---- Keys --------------------------------------------------------------------------- */

// Single keys work only while the focus is in the question, and never where
// something can be typed or picked from a list (WCAG 2.1.4).
function addKeys(page) {
	const strikes = strikeKeys();
	article.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || page.answer) return;
		if (event.target.closest("select, textarea, input:not([type=radio], [type=checkbox])")) return;
		if (event.key === "?") {
			toggleKeys();
			event.preventDefault();
			return;
		}
		const input = optionFor(page, event.key);
		const struck = strikes(page, event.key, input);
		if (struck) {
			say(page, struck);
			event.preventDefault();
			return;
		}
		if (!input || input.disabled) return;
		choose(input); // with the focus on it, Enter sends the form by itself
		event.preventDefault();
	});
}

function toggleKeys() {
	const keys = article.querySelector("details.keys");
	keys.open = !keys.open;
	if (keys.open) keys.scrollIntoView({ block: "nearest" });
}

/* ---- Words --------------------------------------------------------------------------- */

// say is a status beside the buttons, heard by a screen reader as it changes.
function say(page, words) {
	const status = form.querySelector("[data-saving]");
	if (status.textContent !== words) status.textContent = words;
}

// tell is to be seen and heard, and stays.
function tell(...words) {
	const note = article.querySelector("[data-tell]");
	note.replaceChildren(...words);
	note.hidden = false;
}

function problem(words) {
	const note = article.querySelector("[data-refused]");
	note.textContent = words;
	note.hidden = false;
	note.focus();
}

if (article && form) begin();
