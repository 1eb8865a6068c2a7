// Counting job postings: an empty box is always at hand, files become text in the
// browser, and the page says how many postings there are. Without this script
// boxes are added by the button, and files are sent.

const form = document.querySelector("[data-postings]");

if (form) {
	const list = form.querySelector("[data-boxes]");
	const said = form.querySelector("[data-said]");
	const files = form.querySelector("[data-files]");
	const most = 40;
	const boxes = () => [...list.querySelectorAll("textarea")];

	const add = () => {
		const item = list.lastElementChild.cloneNode(true);
		const box = item.querySelector("textarea");
		box.value = "";
		box.defaultValue = "";
		item.querySelector("span").textContent = `Posting ${boxes().length + 1}`;
		list.append(item);
		return box;
	};

	const say = (about = "") => {
		const filled = boxes().filter((box) => box.value.trim() !== "").length;
		const text = filled === 0 ? "" : `${filled} ${filled === 1 ? "box is" : "boxes are"} filled. Nothing has been sent yet.`;
		said.textContent = `${about} ${text}`.trim();
	};

	form.addEventListener("input", (event) => {
		if (event.target.name !== "posting") return;
		if (boxes().every((box) => box.value.trim() !== "") && boxes().length < most) add();
		say();
	});

	form.querySelector("[data-more]").addEventListener("click", (event) => {
		event.preventDefault();
		if (boxes().length < most) add().focus();
	});

	const readable = (file) => /\.(txt|md|html?|text)$/i.test(file.name) || file.type.startsWith("text/");

	files.addEventListener("change", async () => {
		const chosen = [...files.files];
		const left = [];
		for (const file of chosen) {
			if (!readable(file) || file.size > 1 << 20) {
				left.push(file.name);
				continue;
			}
			const bytes = await file.arrayBuffer();
			let text;
			try {
				text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
			} catch {
				text = new TextDecoder("windows-1252").decode(bytes);
			}
			const empty = boxes().find((box) => box.value.trim() === "") ?? add();
			empty.value = /\.html?$/i.test(file.name) || file.type === "text/html" ? plain(text) : text;
		}
		files.value = "";
		if (boxes().every((box) => box.value.trim() !== "") && boxes().length < most) add();
		say(left.length > 0 ? `Not read, since it is no text or too long: ${left.join(", ")}. Open it, and paste its text.` : "");
	});

	// The text of a saved page, without running any of it.
	const plain = (html) => {
		const page = new DOMParser().parseFromString(html, "text/html");
		for (const one of page.querySelectorAll("script, style, template, noscript, svg, nav, footer")) one.remove();
		for (const one of page.querySelectorAll("li")) one.prepend("• ");
		for (const one of page.querySelectorAll("p, div, li, br, h1, h2, h3, h4, h5, h6, tr, section, article, header, ul, ol, dt, dd")) one.append("\n");
		for (const one of page.querySelectorAll("br")) one.replaceWith("\n");
		return page.body.textContent.replace(/[ \t]+/g, " ").replace(/\s*\n\s*\n\s*/g, "\n\n").trim();
	};
	say();
}
