/* What was written to InfluxDB, read back from there. */

import { get } from "./api.js";
import { button, element, press, setText } from "./dom.js";
import { exact } from "./format.js";

const SPANS = ["10m", "1h", "6h", "1d"];
const EVERY_MS = 10000;

export class StoredPanel {
	constructor() {
		this.span = "1h";
		this.asked = 0;
		this.spans = element("div", { class: "choice", role: "group", "aria-label": "Time span" },
		    ...SPANS.map((name) => button(name, () => this.setSpan(name), { "data-name": name })));
		this.note = element("p", { class: "empty" });
		this.body = element("div");
		this.node = element("div", {}, element("div", { class: "bar" }, this.spans), this.note, this.body);
		press(this.spans, this.span);
	}

	setSpan(name) {
		this.span = name;
		press(this.spans, name);
		this.asked = 0;
		this.tick();
	}

	async tick() {
		if (Date.now() - this.asked < EVERY_MS)
			return;
		this.asked = Date.now();
		try {
			this.show(await get("/stored", { span: this.span }));
		} catch (error) {
			this.body.replaceChildren();
			setText(this.note, error.message);
			if (error.status === 503)
				this.asked = 0;
		}
	}

	/* answer.stored: what the database answered. */
	show(answer) {
		const series = (answer.stored?.results ?? []).flatMap((result) => result.series ?? []);

		setText(this.note, series.length === 0 ? "Nothing is stored for this time." : "");
		this.body.replaceChildren(...series.map(storedTable));
	}
}

/* Times are seconds since 1970. */
function written(column, value) {
	if (value === null)
		return "";
	return column === "time" ? new Date(value * 1000).toISOString().slice(0, 19) + "Z" : exact(value);
}

/* A series of InfluxDB: its name, its tags, columns, and rows of values. */
function storedTable({ name, tags = {}, columns, values }) {
	const of = Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(" ");
	const cell = (value, i) => element("td", { class: typeof value === "number" ? "right" : "left" },
	    written(columns[i], value));

	return element("div", { class: "scroll" }, element("table", {},
	    element("caption", {}, `${name} ${of}`),
	    element("thead", {}, element("tr", {}, ...columns.map((title) => element("th", { scope: "col" }, title)))),
	    element("tbody", {}, ...values.map((row) => element("tr", {}, ...row.map(cell))))));
}
