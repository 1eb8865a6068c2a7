// The exam's clock is the server's: it says how much is left, and what has
// passed since is measured with a clock that nobody can set.

const minute = 60_000;
const marks = [15 * minute, 5 * minute, minute]; // announced once each, and nothing between them

// In milliseconds: a clock that was folded away comes back at this mark.
export const comesBack = 5 * minute;

export class Clock {
	#left; // milliseconds at #at
	#at;
	#shown;
	#heard;
	#before = Infinity;
	#timer;

	// left is in milliseconds as of the moment at of performance.now(). shown gets
	// the text whenever it changes, and heard { mark }, { back: true }, { up: true }.
	constructor(left, at, { shown, heard }) {
		this.#shown = shown;
		this.#heard = heard;
		this.set(left, at);
		this.#before = this.left;
		this.#timer = setInterval(() => this.#tick(), 250);
		this.#tick();
	}

	get left() {
		return Math.max(0, this.#left - (performance.now() - this.#at));
	}

	set(left, at = performance.now()) {
		this.#left = left;
		this.#at = at;
	}

	stop() {
		clearInterval(this.#timer);
	}

	#tick() {
		const left = this.left;
		const passed = marks.filter((mark) => this.#before > mark && left <= mark);
		if (passed.length && left > 0) this.#heard({ mark: Math.min(...passed) / minute });
		if (left <= comesBack && this.#before > comesBack) this.#heard({ back: true });
		this.#shown(format(left), left <= comesBack);
		this.#before = left;
		if (left > 0) return;
		this.#heard({ up: true });
	}
}

function format(left) {
	const seconds = Math.ceil(left / 1000);
	const two = (n) => String(n).padStart(2, "0");
	const hours = Math.floor(seconds / 3600);
	return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
