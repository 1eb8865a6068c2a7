// What the pages of plans do with scripts only: the hours of the days add up as they
// are typed, days off get another row when the last one is filled in, choosing a day
// chooses "on a day I know", and the address of a calendar is copied by a button.

const form = document.querySelector("[data-plan-form]");

if (form) {
	const days = [...form.querySelectorAll("[data-plan-days] input")];
	const said = form.querySelector("[data-plan-sum]");
	const weekly = form.elements.namedItem("hours");
	const sum = () => {
		const named = days.filter((day) => day.value !== "");
		const hours = named.reduce((total, day) => total + day.valueAsNumber, 0);
		weekly.disabled = named.length > 0;
		said.textContent = named.length === 0 ? "" : `${Math.round(hours * 100) / 100} hours a week. Empty the days to spread hours evenly.`;
	};
	for (const day of days) day.addEventListener("input", sum);
	sum();

	form.elements.namedItem("date").addEventListener("input", ({ target }) => {
		if (target.value) form.querySelector("[name=when][value=date]").checked = true;
	});

	const off = form.querySelector("[data-plan-off]");
	const most = 40;
	off.addEventListener("input", () => {
		const rows = [...off.querySelectorAll(".plan-off")];
		const last = rows.at(-1);
		if (rows.length >= most || ![...last.querySelectorAll("input")].some((input) => input.value)) return;
		const next = last.cloneNode(true);
		for (const input of next.querySelectorAll("input")) {
			input.value = "";
			input.setAttribute("aria-label", input.getAttribute("aria-label").replace(String(rows.length), String(rows.length + 1)));
		}
		last.after(next);
	});
	off.querySelector(".note").textContent = "Empty a row to take it out.";
}

const copy = document.querySelector("[data-plan-copy]");

if (copy && navigator.clipboard) {
	copy.hidden = false;
	copy.addEventListener("click", async () => {
		const status = document.querySelector("[data-plan-copied]");
		try {
			await navigator.clipboard.writeText(document.querySelector("[data-plan-address]").textContent.trim());
			status.textContent = "Copied.";
		} catch {
			status.textContent = "The browser didn't allow copying. Select the address and copy it.";
		}
	});
}
