/* The first lines: traffic now, totals, loss. */

import { byId, element, setText } from "./dom.js";
import { exact, rate, rateUnit, si } from "./format.js";

const sum = (report, key) => report.sources.reduce((total, source) => total + (source[key] ?? 0), 0);

const now = (report) => report.traffic?.[0] ?? {};

/* Value, how it is written, and its unit; an unknown value is not written. */
const FIGURES = {
	in: (report) => [now(report).bps_in, rate, rateUnit()],
	out: (report) => [now(report).bps_out, rate, rateUnit()],
	all: (report) => [now(report).bps, rate, rateUnit()],
	packets: (report) => [now(report).pps, si, "/s"],
	"total packets": (report) => [report.total.packets, si, ""],
	"total bytes": (report) => [report.total.bytes, si, ""],
	dropped: (report) => [sum(report, "kernel_dropped") + sum(report, "interface_dropped"), si, ""],
};

const nodes = {};

function figure(name) {
	const value = element("b");
	const unit = element("span", { class: "dim" });

	byId("summary").append(element("div", { "data-figure": name },
	    element("dt", {}, name), element("dd", {}, value, " ", unit)));
	return { value, unit };
}

export function showSummary(report) {
	for (const [name, of] of Object.entries(FIGURES)) {
		const [value, show, unit] = of(report);

		nodes[name] ??= figure(name);
		setText(nodes[name].value, value === undefined ? "–" : show(value));
		setText(nodes[name].unit, unit);
		nodes[name].value.title = value === undefined ? "" : exact(value);
	}
	nodes.dropped.value.classList.toggle("fault", nodes.dropped.value.textContent !== "0");
}
