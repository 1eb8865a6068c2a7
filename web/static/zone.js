// The time zone that the device is in, for days to be named by it. Without this
// script they are days by UTC, and the settings take another.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const kept = `zone=${zone}`;

if (/^[\w+/-]{1,64}$/.test(zone) && !document.cookie.split("; ").includes(kept)) {
	document.cookie = `${kept}; path=/; max-age=${365 * 24 * 3600}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}
