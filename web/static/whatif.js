// What is supposed shows at every change, without a button. The address follows, so
// that a supposition can be kept as a bookmark or sent.

const form = document.querySelector("[data-whatif]");
const outcome = document.querySelector("[data-outcome]");
const keep = form.querySelector("[data-keep]");
const status = document.querySelector("[data-status]");
const settle = 40; // milliseconds: several changes at once ask once
let asked;
let timer;

form.dataset.whatif = "live";

// Fields left empty say nothing: they are left out of the address.
const address = () => {
	const query = new URLSearchParams();
	for (const [name, value] of new FormData(form)) {
		if (value) query.append(name, value);
	}
	return `${form.action}?${query}`;
};

const show = async () => {
	asked?.abort();
	asked = new AbortController();
	const { signal } = asked;
	const to = address();
	outcome.setAttribute("aria-busy", "true");
	try {
		const response = await fetch(`${to}&part=1`, { signal, headers: { Accept: "text/html" } });
		if (!response.ok) throw new Error(String(response.status));
		const part = new DOMParser().parseFromString(await response.text(), "text/html");
		outcome.replaceChildren(...part.querySelector("[data-outcome]").childNodes);
		keep.replaceChildren(...part.querySelector("[data-keep]").childNodes);
		status.textContent = outcome.querySelector("[data-sentence]").textContent;
		history.replaceState(null, "", to);
		outcome.removeAttribute("aria-busy");
	} catch (problem) {
		if (signal.aborted) return;
		outcome.removeAttribute("aria-busy");
		status.textContent = "What moves couldn't be worked out just now. Your suppositions are still here: try the button.";
		form.dataset.whatif = "";
	}
};

// A folded question says what is chosen in it.
const name = (fold) => {
	const chosen = fold?.querySelector("[data-chosen]");
	if (!chosen) return;
	const held = [...fold.querySelectorAll("input:checked")].map((input) => (input.name === "held" ? input.value : input.nextElementSibling.textContent));
	chosen.textContent = held.join("; ");
};

form.addEventListener("change", ({ target }) => {
	name(target.closest("details"));
	clearTimeout(timer);
	timer = setTimeout(show, settle);
});

form.addEventListener("submit", (event) => {
	if (event.submitter?.formMethod === "post" || form.dataset.whatif !== "live") return;
	event.preventDefault();
	show();
});
