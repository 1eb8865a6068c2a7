// The editor of a question. The page works without this script as a form; with it
// the draft is kept while it is written, the preview follows, rows are added in
// place, and images come in by button, paste or drop.

const page = document.querySelector("[data-editor]");
const form = page.querySelector("[data-form]");
const words = form.querySelector("[data-saved]");

const previewAfter = 700; // milliseconds without a key
const saveAfter = 2000;
const longestUnsaved = 8000;
const patience = 20000;

for (const element of page.querySelectorAll("[data-no-script]")) element.remove();

/* ---- Keeping ------------------------------------------------------------------ */

const State = { clean: "clean", dirty: "dirty", saving: "saving", saved: "saved", offline: "offline", stopped: "stopped" };

const draft = {
	state: State.clean,
	kept: "", // the fields as the server has them
	timer: 0,
	since: 0, // when the oldest change that isn't kept was made
	tries: 0,
	running: null, // the request under way
	leaving: false,
};

// fields is the form as it is sent, but for what changes with every save.
function fields() {
	const data = new URLSearchParams(new FormData(form));
	data.delete("seq");
	data.delete("note");
	return data.toString();
}

function show(state, text) {
	draft.state = state;
	form.dataset.saved = state;
	words.textContent = text;
}

const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function changed() {
	if (draft.state === State.stopped) return keepLocally();
	clearTimeout(draft.timer);
	if (fields() === draft.kept) {
		draft.since = 0;
		return;
	}
	draft.since ||= Date.now();
	if (draft.state !== State.offline) show(State.dirty, "");
	keepLocally();
	const wait = Math.max(0, Math.min(saveAfter, draft.since + longestUnsaved - Date.now()));
	draft.timer = setTimeout(save, wait);
}

// save keeps the draft; it returns once there is nothing more to keep or it can't
// be kept just now.
async function save() {
	clearTimeout(draft.timer);
	if (draft.running) await draft.running;
	if (draft.state === State.stopped || fields() === draft.kept) return;
	draft.running = send();
	await draft.running;
	draft.running = null;
	if (draft.state === State.saved && fields() !== draft.kept) changed();
}

async function send() {
	const sent = fields();
	const slow = setTimeout(() => show(State.saving, "Saving…"), 300); // a flicker says nothing
	let status = 0;
	let answer = {};
	try {
		const response = await fetch(form.action, {
			method: "POST",
			headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
			body: `${sent}&do=autosave&seq=${encodeURIComponent(form.elements.seq.value)}`,
			credentials: "same-origin",
			redirect: "error",
			signal: AbortSignal.timeout(patience),
		});
		status = response.status;
		answer = await response.json();
	} catch {
		// No answer, or none for a script: the status tells.
	}
	clearTimeout(slow);
	take(status, answer, sent);
}

function take(status, answer, sent) {
	switch (true) {
		case status === 200 && Number.isInteger(answer.seq):
			draft.tries = 0;
			draft.kept = sent;
			draft.since = 0;
			form.elements.seq.value = answer.seq;
			forget();
			show(State.saved, `Saved at ${clock()}`);
			if ("new" in form.dataset) nowKept(answer.action);
			return;
		case status === 0 || status === 429 || status >= 500:
			show(State.offline, kept ? "Not reached: what you write is kept on this device and goes out by itself." : "Not reached, and this browser keeps nothing: leave the page open.");
			draft.timer = setTimeout(save, Math.min(60000, 2000 * 2 ** draft.tries++));
			return;
		case status === 409 && answer.stale:
			show(State.stopped, answer.message);
			return words.append(" ", button("Compare the two", () => leave("save")));
		case status === 401:
			show(State.stopped, "You are signed out. What you write is kept on this device: sign in again in another tab, then");
			return words.append(" ", button("save it now", again));
	}
	show(State.dirty, answer.message ?? "This can't be saved as it is. It is kept on this device.");
}

function again() {
	show(State.dirty, "");
	save();
}

// nowKept is told when a new question is a draft of its own from now on.
function nowKept(action) {
	delete form.dataset.new;
	form.action = action;
	history.replaceState(history.state, "", action);
}

addEventListener("online", () => draft.state === State.offline && save());

/* ---- What this device keeps ----------------------------------------------------- */

const key = `sextant.draft.${form.dataset.question}`;
let kept = true; // whether this browser keeps anything

function keepLocally() {
	try {
		localStorage.setItem(key, JSON.stringify({ at: Date.now(), seq: form.elements.seq.value, fields: fields() }));
		kept = true;
	} catch {
		kept = false;
	}
}

function forget() {
	try {
		localStorage.removeItem(key);
	} catch {
		kept = false;
	}
}

// offerKept offers what this device kept and the server never got.
function offerKept() {
	let local = null;
	try {
		local = JSON.parse(localStorage.getItem(key));
	} catch {
		return;
	}
	if (!local?.fields || local.fields === draft.kept) return forget();
	const notice = document.createElement("div");
	notice.className = "notice";
	notice.setAttribute("role", "status");
	const text = document.createElement("p");
	text.textContent = `This device keeps what you wrote here until ${new Date(local.at).toLocaleString()} and could not save.`;
	const actions = document.createElement("p");
	actions.className = "actions";
	actions.append(
		button("Put it back", async () => {
			notice.remove();
			await redraw("", local.fields);
			form.elements.seq.value = local.seq; // if the draft moved on since, both are shown
			changed();
		}),
		button("Drop it", () => {
			notice.remove();
			forget();
		}),
	);
	notice.append(text, actions);
	form.before(notice);
}

function button(label, act) {
	const made = document.createElement("button");
	made.type = "button";
	made.className = "plain";
	made.textContent = label;
	made.addEventListener("click", act);
	return made;
}

/* ---- Leaving --------------------------------------------------------------------- */

// leave sends the form itself, as without scripts, after what is under way.
async function leave(what) {
	if (draft.running) await draft.running;
	clearTimeout(draft.timer);
	draft.leaving = true;
	if (what === "discard") forget(); // anything else is kept here until the server shows that it has it
	const field = document.createElement("input");
	field.type = "hidden";
	field.name = "do";
	field.value = what;
	form.append(field);
	form.submit();
}

document.addEventListener("visibilitychange", () => document.hidden && save());
addEventListener("pagehide", () => {
	if (draft.leaving || fields() === draft.kept) return;
	keepLocally();
	const body = `${fields()}&do=autosave&seq=${encodeURIComponent(form.elements.seq.value)}`;
	if (draft.running || draft.state === State.stopped || body.length > 60000) return;
	fetch(form.action, {
		method: "POST",
		headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
		body,
		credentials: "same-origin",
		keepalive: true,
	}).then((response) => response.ok && forget(), () => {});
});
addEventListener("beforeunload", (event) => {
	if (!draft.leaving && !kept && fields() !== draft.kept) event.preventDefault();
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

form.addEventListener("submit", async (event) => {
	event.preventDefault();
	const what = event.submitter?.value ?? "save";
	if (/^(add|remove|up|down)_/.test(what)) return change(what);
	if (what === "save" && !("new" in form.dataset)) {
		await save();
		if (draft.state === State.clean) show(State.saved, "Saved: nothing has changed");
		return;
	}
	if (what === "discard" && !confirm("Throw the draft away and go back to what is in use?")) return;
	leave(what);
});

/* ---- The preview and the rows ------------------------------------------------------ */

let previewTimer = 0;
let previewing = null;

// redraw fetches the form and the preview of what is typed or, given data, of
// that. With a change to the form its fields are drawn anew, else only remarks.
async function redraw(what, data = "") {
	previewing?.abort();
	const request = new AbortController();
	previewing = request;
	let answer = null;
	try {
		const response = await fetch("/questions/preview", {
			method: "POST",
			headers: { "Content-Type": "application/x-www-form-urlencoded" },
			body: `${data || fields()}&do=${encodeURIComponent(what)}`,
			credentials: "same-origin",
			redirect: "error",
			signal: request.signal,
		});
		if (!response.ok) throw new Error(`status ${response.status}`);
		answer = new DOMParser().parseFromString(await response.text(), "text/html");
	} catch {
		return false;
	}
	if (previewing !== request) return false;
	const drawn = answer.querySelector("[data-fields]");
	const now = form.querySelector("[data-fields]");
	if (what || data) {
		for (const element of drawn.querySelectorAll("[data-no-script]")) element.remove();
		const open = now.querySelector("details.editor-more")?.open;
		now.replaceWith(drawn);
		const more = drawn.querySelector("details.editor-more");
		if (more && open) more.open = true;
	} else {
		for (const remarks of drawn.querySelectorAll("[data-remarks]")) {
			const at = document.getElementById(remarks.id);
			if (at && at.innerHTML !== remarks.innerHTML) at.replaceChildren(...remarks.childNodes);
		}
	}
	drawPreview(answer.querySelector("[data-preview]"));
	return true;
}

function drawPreview(drawn) {
	const now = page.querySelector("[data-preview]");
	for (const details of now.querySelectorAll("details[data-keep]")) {
		const other = drawn.querySelector(`details[data-keep="${details.dataset.keep}"]`);
		if (other) other.open = details.open;
	}
	now.replaceWith(drawn);
}

// change adds, moves or takes out a row and puts the focus where one goes on.
async function change(what) {
	if (!(await redraw(what))) return show(draft.state, "That needs the network, which is away. What you wrote is kept.");
	const [verb, rest] = what.split(/_(.*)/);
	const [kind, number] = rest.split(".");
	const rows = form.querySelectorAll(`[name^="${kind}."][name$="${kind === "reference" ? ".title" : ".text"}"]`);
	const at = { add: rows.length - 1, up: number - 1, down: Number(number) + 1, remove: Math.min(number, rows.length - 1) }[verb];
	const moved = verb === "up" || verb === "down";
	const wanted = moved ? form.querySelector(`button[value="${verb}_${kind}.${at}"]:not(:disabled)`) : null;
	(wanted ?? rows[at] ?? form.querySelector(`button[value="add_${kind}"]`))?.focus();
	changed();
}

form.addEventListener("input", () => {
	changed();
	clearTimeout(previewTimer);
	previewTimer = setTimeout(() => redraw(""), previewAfter);
});
form.addEventListener("change", async (event) => {
	if (event.target.name !== "type" && event.target.name !== "skill" && event.target.name !== "platform") return;
	clearTimeout(previewTimer);
	const { name } = event.target;
	if (await redraw(name === "type" ? "type" : "labels")) form.querySelector(`select[name="${name}"]`)?.focus();
	changed();
});
page.addEventListener("submit", (event) => event.target.matches("[data-mock-answer]") && event.preventDefault());

/* ---- Writing Markdown ---------------------------------------------------------------- */

let area = null; // the text being written

form.addEventListener("focusin", ({ target }) => {
	if (target.matches("textarea[data-markdown]")) area = target;
});

// put replaces the selection, so that it can be undone, and selects a part of it.
function put(text, from = text.length, to = from) {
	area.focus();
	const start = area.selectionStart;
	if (!document.execCommand("insertText", false, text)) {
		area.setRangeText(text, start, area.selectionEnd, "end");
		area.dispatchEvent(new InputEvent("input", { bubbles: true }));
	}
	area.setSelectionRange(start + from, start + to);
}

const selected = () => area.value.slice(area.selectionStart, area.selectionEnd);

function around(mark, otherwise) {
	const text = selected() || otherwise;
	put(mark + text + mark, mark.length, mark.length + text.length);
}

// block puts lines that stand for themselves.
function block(text) {
	const before = area.value.slice(0, area.selectionStart);
	const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
	put(`${gap}${text}\n`);
}

const marks = {
	Bold: () => around("**", "bold"),
	Code: () => (selected().includes("\n") ? block("```\n" + selected() + "\n```") : around("`", "code")),
	List: () => block((selected() || "first\nsecond").split("\n").map((line) => `- ${line}`).join("\n")),
	Table: () => block("| Column | Column |\n| --- | --- |\n| cell | cell |"),
	Image: () => chooser.click(),
};

const tools = document.createElement("div");
tools.className = "editor-tools";
tools.setAttribute("role", "toolbar");
tools.setAttribute("aria-label", "Format the text being written");
for (const [label, act] of Object.entries(marks)) {
	const tool = button(label, () => {
		area ??= form.querySelector("textarea[data-markdown]");
		if (!area.isConnected) area = form.querySelector(`textarea[name="${area.name}"]`) ?? form.querySelector("textarea[data-markdown]");
		act();
	});
	tool.className = "tool";
	tool.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps its selection
	tools.append(tool);
}
form.querySelector("[data-fields]").before(tools);
form.addEventListener("keydown", (event) => {
	if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key !== "b" || !event.target.matches("textarea[data-markdown]")) return;
	event.preventDefault();
	area = event.target;
	marks.Bold();
});

/* ---- Images --------------------------------------------------------------------------- */

const chooser = document.createElement("input");
chooser.type = "file";
chooser.accept = "image/png,image/jpeg,image/gif,image/webp";
chooser.hidden = true;
chooser.setAttribute("aria-label", "Image");
page.append(chooser); // outside the form: it isn't sent with it
chooser.addEventListener("change", () => {
	if (chooser.files[0]) describe(chooser.files[0]);
	chooser.value = "";
});

const imageOf = (transfer) => [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/"));

form.addEventListener("paste", (event) => {
	const file = imageOf(event.clipboardData);
	if (!file || !event.target.matches("textarea[data-markdown]")) return;
	event.preventDefault();
	area = event.target;
	describe(file);
});
form.addEventListener("dragover", (event) => {
	if (event.target.matches("textarea[data-markdown]") && [...event.dataTransfer.items].some((item) => item.type.startsWith("image/"))) event.preventDefault();
});
form.addEventListener("drop", (event) => {
	const file = imageOf(event.dataTransfer);
	if (!file || !event.target.matches("textarea[data-markdown]")) return;
	event.preventDefault();
	area = event.target;
	describe(file);
});

// describe asks what an image shows, adds it and puts it into the text.
function describe(file) {
	area ??= form.querySelector("textarea[data-markdown]");
	const at = [area.selectionStart, area.selectionEnd]; // which the dialog forgets
	const dialog = document.createElement("dialog");
	dialog.className = "image-dialog";
	dialog.innerHTML = `
		<form method="dialog">
			<h2 id="image-heading">Add an image</h2>
			<p class="note" data-name></p>
			<label class="field"><span>What it shows <small>read out to whoever can't see it</small></span><input type="text" name="alt" maxlength="300" required></label>
			<p class="problem" role="alert" hidden></p>
			<p class="actions"><button class="button" type="submit" value="add">Add it</button><button class="plain" type="submit" value="" formnovalidate>Leave it out</button></p>
		</form>`;
	dialog.setAttribute("aria-labelledby", "image-heading");
	dialog.querySelector("[data-name]").textContent = file.name;
	const problem = dialog.querySelector(".problem");
	dialog.querySelector("form").addEventListener("submit", async (event) => {
		if (event.submitter?.value !== "add") return;
		event.preventDefault();
		const alt = dialog.querySelector("input").value.trim();
		const { markdown, message } = await upload(file, alt);
		if (!markdown) {
			problem.textContent = message ?? "The image did not get through. Nothing was added; please try again.";
			problem.hidden = false;
			return;
		}
		dialog.addEventListener("close", () => put(markdown));
		dialog.close();
	});
	dialog.addEventListener("close", () => {
		dialog.remove();
		area.focus();
		area.setSelectionRange(...at);
	});
	document.body.append(dialog);
	dialog.showModal();
}

async function upload(file, alt) {
	const data = new FormData();
	data.append("alt", alt);
	data.append("image", file, file.name || "image");
	try {
		const response = await fetch(form.dataset.images, {
			method: "POST",
			headers: { Accept: "application/json" },
			body: data,
			credentials: "same-origin",
			redirect: "error",
		});
		return await response.json();
	} catch {
		return {};
	}
}

// What is shown is what is kept, an untouched new question aside, which isn't worth
// a draft; but what was refused is yet to be kept.
draft.kept = document.getElementById("problem") ? "" : fields();
offerKept();
