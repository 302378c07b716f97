/* Values as text, with the rules of the terminal: three digits and a prefix. */

const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

/* 999.6 is 1.00k: rounding comes first. */
function scaled(value, digits) {
	let n = value;
	let step = 0;

	while (Number(n.toPrecision(digits)) >= 1000 && step < PREFIXES.length - 1) {
		n /= 1000;
		step++;
	}
	return { text: n.toPrecision(digits), step };
}

export function si(value) {
	if (Math.abs(value) < 1000 && Number.isInteger(value))
		return String(value);
	const { text, step } = scaled(Math.abs(value), 3);
	/* 0.0512 as a rate says no more than 0.05. */
	const short = step === 0 && Math.abs(value) < 10 ? Number(text).toFixed(2) : text;

	return (value < 0 ? "-" : "") + short.replace(/^0\.00$/, "0") + PREFIXES[step];
}

export function exact(value) {
	return typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 3 }) : String(value);
}

const PERIODS = [
	[86400, "d"],
	[3600, "h"],
	[60, "m"],
	[1, "s"],
	[1e-3, "ms"],
	[1e-6, "µs"],
];

export function duration(seconds) {
	const [unit, name] = PERIODS.find(([size]) => seconds >= size) ?? PERIODS[5];
	const n = seconds / unit;

	return (n < 10 ? Number(n.toPrecision(2)) : Math.round(n)) + " " + name;
}

/* Of an RFC 3339 timestamp, to the millisecond. */
const clock = (time) => String(time).slice(11, 23);

/* A share below half a percent is not nothing. */
export function percent(share) {
	const n = share * 100;

	return (n > 0 && n < 0.95 ? n.toFixed(1).replace(/^0\.0$/, "<0.1") : Math.round(n)) + " %";
}

const units = { bytes: localStorage.getItem("units") === "bytes" };

export const rateUnit = () => (units.bytes ? "B/s" : "b/s");
export const rate = (bps) => si(units.bytes ? bps / 8 : bps);

export function toggleUnits() {
	units.bytes = !units.bytes;
	localStorage.setItem("units", units.bytes ? "bytes" : "bits");
}

export const unitsName = () => (units.bytes ? "bytes" : "bits");

const names = { shown: localStorage.getItem("names") !== "off" };

/* The name of an address, if it has one and names are shown. */
export const nameOf = (row, key) => (names.shown && key !== undefined ? row[key] : undefined);

export function toggleNames() {
	names.shown = !names.shown;
	localStorage.setItem("names", names.shown ? "on" : "off");
}

export const namesName = () => (names.shown ? "names" : "addresses");

/* The types of columns as /views calls them.  All but texts stand at the right. */
export const types = {
	text: { show: String, left: true },
	addr: { show: String, left: true },
	port: { show: String },
	id: { show: String },
	count: { show: si },
	bytes: { show: si },
	byte_rate: { show: rate },
	packet_rate: { show: si },
	share: { show: percent },
	duration: { show: duration },
	time: { show: clock },
};
