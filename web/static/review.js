// The list of numbers is folded where it is long, since it would push the
// questions far down on a phone. Where there is room beside them it is opened.
const wide = matchMedia("(min-width: 64rem)");

for (const list of document.querySelectorAll("details[data-long]")) {
	list.open = wide.matches;
	wide.addEventListener("change", () => { list.open = wide.matches; });
}
