// What the settings do with scripts only: looks are shown as they are chosen, and
// the time zones are there to choose from.

const form = document.querySelector("[data-settings]");
const page = document.documentElement;

const shown = {
	theme: (input) => (page.dataset.theme = input.value === "auto" ? "" : input.value),
	size: (input) => (page.dataset.size = input.value),
	motion: (input) => (page.dataset.motion = input.checked ? "still" : ""),
};

form.addEventListener("input", ({ target }) => {
	shown[target.name]?.(target);
	const status = form.querySelector("[data-changed]");
	if (!status.textContent) status.textContent = "Changed, not kept yet.";
});

const zone = form.querySelector("[name=zone]");
const device = Intl.DateTimeFormat().resolvedOptions().timeZone;

zone.list.append(...Intl.supportedValuesOf("timeZone").map((name) => new Option(name, name)));
if (device && !zone.value) zone.value = device;
