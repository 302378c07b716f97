/* What was written to InfluxDB, read back from there. */

import { get } from "./api.js";
import { button, element, press, setText } from "./dom.js";
import { exact, si } from "./format.js";

const SPANS = ["10m", "1h", "6h", "1d"];
const EVERY_MS = 3000; /* an answer has what the request before it asked for */

/* The measurements, as the buttons call them. */
const MEASUREMENTS = {
	pkttop_total: "Totals",
	pkttop_source: "Sources",
	pkttop_protocol: "Protocols",
	pkttop_host: "Hosts",
};

export class StoredPanel {
	constructor() {
		const choice = (label, buttons) => element("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);

		this.span = "1h";
		this.measurement = "pkttop_total";
		this.asked = 0;
		this.series = [];
		this.spans = choice("Time span",
		    SPANS.map((name) => button(name, () => this.setSpan(name), { "data-name": name })));
		this.measurements = choice("Measurement", Object.entries(MEASUREMENTS).map(([name, title]) =>
		    button(title, () => this.setMeasurement(name), { "data-name": name })));
		this.note = element("p", { class: "empty" });
		this.body = element("div");
		this.node = element("div", {}, element("div", { class: "bar" }, this.measurements, this.spans), this.note, this.body);
		press(this.spans, this.span);
		press(this.measurements, this.measurement);
	}

	setSpan(name) {
		this.span = name;
		press(this.spans, name);
		this.asked = 0;
		this.tick();
	}

	setMeasurement(name) {
		this.measurement = name;
		press(this.measurements, name);
		this.show();
	}

	async tick() {
		if (Date.now() - this.asked < EVERY_MS)
			return;
		this.asked = Date.now();
		try {
			const { stored } = await get("/stored", { span: this.span });

			this.series = (stored?.results ?? []).flatMap((result) => result.series ?? []);
			this.show();
		} catch (error) {
			this.body.replaceChildren();
			setText(this.note, error.message);
			if (error.status === 503)
				this.asked = 0;
		}
	}

	show() {
		const chosen = this.series.filter((series) => series.name === this.measurement);

		setText(this.note, chosen.length === 0 ? "Nothing is stored for this time." : "");
		this.body.replaceChildren(...chosen.map(storedTable));
	}
}

/* Times are seconds since 1970. */
function written(title, value) {
	if (title === "time")
		return new Date(value * 1000).toISOString().slice(0, 19).replace("T", " ");
	return typeof value === "number" ? si(value) : value ?? "";
}

/* The time, then the texts, which are mostly tags, then the numbers; each in the order of InfluxDB. */
function storedColumns({ columns, values }) {
	const known = columns.map((title, at) => ({
		title, at, text: title === "time" || values.some((row) => typeof row[at] === "string"),
	}));
	const rank = ({ title, text }) => Number(title !== "time") + Number(!text);

	return known.sort((a, b) => rank(a) - rank(b));
}

function storedTable(series) {
	const columns = storedColumns(series);
	const align = (column) => (column.text ? "left" : "right");
	const head = (column) => element("th", { scope: "col", class: align(column) }, column.title.replaceAll("_", " "));
	const cell = (column, value) => element("td", {
		class: align(column),
		"data-key": column.title,
		title: typeof value === "number" && column.title !== "time" ? exact(value) : null,
	}, written(column.title, value));

	return element("div", { class: "scroll" }, element("table", { class: "stored" },
	    element("caption", { class: "hidden" }, series.name),
	    element("thead", {}, element("tr", {}, ...columns.map(head))),
	    element("tbody", {}, ...series.values.map((row) => element("tr", {},
		...columns.map((column) => cell(column, row[column.at])))))));
}
