// What happens in a test, on its way to the server. Every event has a number;
// it is kept on this device until the server says that it has it, and sent again
// until then. The server passes over what it has already, so nothing is lost and
// nothing counts twice.

// A tab loaded anew numbers its events under a name of its own. What an earlier
// page left unsent keeps the name and the numbers that it was given.
const keyOf = (sitting, client) => `sextant.exam.${sitting}.${client}`;

// session is what this tab remembers of a sitting from one page to the next.
export const session = {
	get(sitting, what) {
		try {
			return sessionStorage.getItem(keyOf(sitting, what));
		} catch {
			return null;
		}
	},
	set(sitting, what, value) {
		try {
			sessionStorage.setItem(keyOf(sitting, what), value);
		} catch {
			// Then a reloaded page asks once more than it needs to.
		}
	},
};

const maxBatch = 40_000; // bytes: a page that closes may send 64 kB
const inBytes = (text) => new TextEncoder().encode(text);
const firstWait = 1_000; // milliseconds until the first new try
const longestWait = 30_000;
const patience = 20_000; // for one answer of the server's

export function newClient() {
	const bytes = crypto.getRandomValues(new Uint8Array(12));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// leftovers are the queues that earlier pages of a sitting left on this device,
// oldest first.
export function leftovers(sitting) {
	const found = [];
	for (const key of keys()) {
		if (!key.startsWith(keyOf(sitting, ""))) continue;
		const kept = read(key);
		if (kept?.events?.length) found.push({ client: key.slice(keyOf(sitting, "").length), ...kept });
	}
	return found.sort((a, b) => a.made - b.made);
}

// forget drops what a page left, up to an event: should that page still be open,
// it may have added more.
export function forget(sitting, client, upTo) {
	const key = keyOf(sitting, client);
	const kept = read(key);
	write(key, kept?.made, kept?.events?.filter((event) => event.seq > upTo) ?? []);
}

function keys() {
	try {
		return Object.keys(localStorage);
	} catch {
		return [];
	}
}

function read(key) {
	try {
		return JSON.parse(localStorage.getItem(key));
	} catch {
		return null;
	}
}

// write reports whether the browser keeps the events.
function write(key, made, events) {
	try {
		if (events.length) localStorage.setItem(key, JSON.stringify({ made, events }));
		else localStorage.removeItem(key);
		return true;
	} catch {
		return false;
	}
}

// The states of an outbox. The server has everything when it is saved; waiting
// means that it can't be reached, stopped that it won't listen to this page,
// and elsewhere, gap and over are for good.
export const State = {
	saved: "saved",
	saving: "saving",
	waiting: "waiting",
	stopped: "stopped",
	elsewhere: "elsewhere", // another tab holds the sitting
	gap: "gap", // the server misses events that this page no longer has
	over: "over", // the sitting has ended
};

const final = [State.elsewhere, State.gap, State.over];

// stateWords says how far the server has what was done, with the number of events
// if it counts them; "" where only more words than these would help.
export function stateWords(outbox, counting = true) {
	const n = counting ? `${outbox.events.length} to send` : "";
	const waiting = [outbox.kept ? "kept on this device" : "", n, outbox.kept ? "" : "keep this page open, this browser keeps nothing"].filter(Boolean).join(", ");
	const words = {
		[State.saved]: "Saved",
		[State.saving]: "Saving…",
		[State.waiting]: navigator.onLine ? `No answer from the site: ${waiting}` : `Offline: ${waiting}`,
		[State.stopped]: `Not saved: ${waiting}`,
	};
	return words[outbox.state] ?? "";
}

export class Outbox {
	state = State.saved;
	kept = true; // on this device, beyond this page
	trouble = ""; // what the server said, in words
	next = ""; // where to go once it is over
	refused = []; // events that had no effect, with the reason

	#sitting;
	#address;
	#client;
	#events;
	#last; // number of the last event
	#made = Date.now(); // only puts leftovers in order
	#borrowed; // the queue is another page's: what is kept of it stays as it is
	#sending = false;
	#asking = false; // also without events
	#tries = 0;
	#timer;
	#heard; // told of what the server answers: time left, refusals
	#changed;
	#end;

	// changed is called whenever the state may be another, and heard with every
	// answer of the server's.
	constructor({ sitting, address, client, events = [], borrowed = false, changed = () => {}, heard = () => {} }) {
		this.#sitting = sitting;
		this.#address = address;
		this.#client = client;
		this.#events = events;
		this.#last = events.at(-1)?.seq ?? 0;
		this.#borrowed = borrowed;
		this.#changed = changed;
		this.#heard = heard;
		addEventListener("online", () => this.retry());
	}

	get client() {
		return this.#client;
	}

	get last() {
		return this.#last;
	}

	get events() {
		return [...this.#events];
	}

	get ended() {
		return final.includes(this.state);
	}

	// add takes events in and returns once they are kept on this device.
	add(...events) {
		for (const event of events) this.#events.push({ seq: ++this.#last, ...event });
		this.#keep();
		this.#send();
	}

	// retry sends at once what waits.
	retry() {
		if (this.ended || this.#sending) return;
		clearTimeout(this.#timer);
		this.#tries = 0;
		this.#send();
	}

	// ask asks the server how much time is left, even if there is nothing to send.
	ask() {
		if (this.#asking) return;
		this.#asking = true;
		this.#send();
	}

	// settled comes once the server has everything, or the outbox came to its end.
	settled() {
		if (this.ended || (this.state === State.saved && !this.#events.length)) return Promise.resolve(this.state);
		return new Promise((resolve) => {
			const before = this.#end;
			this.#end = (state) => {
				before?.(state);
				resolve(state);
			};
		});
	}

	#keep() {
		if (this.#borrowed) return;
		this.kept = write(keyOf(this.#sitting, this.#client), this.#made, this.#events);
	}

	// One request at a time, so that the server sees the events in their order.
	async #send() {
		if (this.#sending || this.ended || !(this.#asking || this.#events.length)) return;
		clearTimeout(this.#timer);
		this.#sending = true;
		const batch = this.#batch();
		if (batch.length) this.#become(this.state === State.waiting ? State.waiting : State.saving);
		let answer = null;
		try {
			answer = await this.#post(batch);
		} catch {
			// No answer: whether the server has it will be known from the next.
		}
		this.#sending = false;
		this.#take(answer, batch.length);
	}

	#batch() {
		let size = 0;
		const batch = [];
		for (const event of this.#events) {
			size += inBytes(JSON.stringify(event)).length;
			if (batch.length && size > maxBatch) break;
			batch.push(event);
		}
		return batch;
	}

	async #post(events) {
		const body = inBytes(JSON.stringify({ client: this.#client, events }));
		const response = await fetch(this.#address, {
			method: "POST",
			headers: { "Content-Type": "application/json", Accept: "application/json" },
			credentials: "same-origin",
			redirect: "error",
			keepalive: body.length < 1.5 * maxBatch, // goes out even if the page is closed meanwhile
			signal: AbortSignal.timeout(patience),
			body,
		});
		const text = await response.text();
		let json = {};
		try {
			json = JSON.parse(text);
		} catch {
			if (response.ok) throw new Error("not an answer of this site");
		}
		return { status: response.status, ...json };
	}

	#take(answer, sent) {
		if (!answer) return this.#wait();
		this.#asking = false;
		const before = this.#events.length;
		if (answer.seq) this.#events = this.#events.filter((event) => event.seq > answer.seq);
		if (answer.refused) this.refused.push(...answer.refused);
		if (this.#events.length !== before) this.#keep();
		this.trouble = answer.text ?? answer.error?.message ?? "";
		this.next = answer.next ?? "";
		switch (true) {
			case answer.status === 200:
				this.#heard(answer);
				if (answer.over) return this.#become(State.over);
				break;
			case answer.status === 410:
				return this.#become(State.over);
			case answer.status === 409 && answer.elsewhere:
				return this.#become(State.elsewhere);
			case answer.status === 409 && answer.missing:
				if (this.#events.length && this.#events[0].seq > (answer.seq ?? 0) + 1) return this.#become(State.gap);
				break;
			case answer.status === 409 || answer.status === 408 || answer.status === 429 || answer.status >= 500:
				return this.#wait();
			default: // signed out, or the sitting isn't there any more: trying by itself would not help
				return this.#become(State.stopped);
		}
		if (!this.#events.length) {
			this.#tries = 0;
			return this.#become(State.saved);
		}
		if (sent && this.#events.length === before) return this.#wait();
		this.#tries = 0;
		this.#send();
	}

	#wait() {
		const wait = Math.min(longestWait, firstWait * 2 ** this.#tries++) * (0.75 + Math.random() / 2);
		this.#timer = setTimeout(() => this.#send(), wait);
		if (this.#events.length) this.#become(State.waiting);
	}

	#become(state) {
		this.state = state;
		this.#changed(this);
		if (state === State.saved || this.ended) {
			this.#end?.(state);
			this.#end = undefined;
		}
	}
}
