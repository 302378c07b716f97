/* The two charts: bits and packets over the same time. */

import { get } from "./api.js";
import { button, byId, press } from "./dom.js";
import { rateUnit, unitsName } from "./format.js";
import { Chart, zoomBy } from "./chart.js";

/* Seconds from one look at the server to the next: what changes slowly is asked rarely. */
const SPANS = { "1m": 1, "10m": 2, "1h": 10, "1d": 60 };

const SERIES = [
	{ key: "in", title: "in", filled: true },
	{ key: "out", title: "out" },
	{ key: "rest", title: "other" },
];

export class Traffic {
	constructor() {
		const zoom = (to) => this.setZoom(to);

		this.span = "10m";
		this.zoom = null;
		this.time = [];
		this.asked = 0;
		this.charts = {
			bps: new Chart(byId("chart-bps"), { title: rateUnit, series: SERIES, zoom }),
			pps: new Chart(byId("chart-pps"), { title: () => "packets/s", series: SERIES, zoom }),
		};
		byId("spans").append(...Object.keys(SPANS).map((name) =>
		    button(name, () => this.setSpan(name), { "data-name": name })));
		press(byId("spans"), this.span);
		byId("zoom-in").addEventListener("click", () => zoom(zoomBy(this.time, this.zoom, 0.5)));
		byId("zoom-out").addEventListener("click", () => zoom(zoomBy(this.time, this.zoom, 2)));
		byId("zoom-reset").addEventListener("click", () => zoom(null));
		byId("charts").addEventListener("keydown", (event) => this.onKey(event));
	}

	onKey(event) {
		const ids = { "+": "zoom-in", "-": "zoom-out", 0: "zoom-reset", Escape: "zoom-reset" };

		if (event.key in ids)
			byId(ids[event.key]).click();
	}

	setSpan(name) {
		this.span = name;
		press(byId("spans"), name);
		this.setZoom(null);
		this.asked = 0;
		this.tick();
	}

	setZoom(zoom) {
		this.zoom = zoom;
		byId("zoom-reset").disabled = zoom === null;
		for (const chart of Object.values(this.charts))
			chart.setZoom(zoom);
	}

	/* After each report. */
	async tick() {
		const now = Date.now();

		if (now - this.asked < SPANS[this.span] * 1000 - 200)
			return;
		this.asked = now;
		this.series = await get("/series", { span: this.span });
		this.show();
	}

	show() {
		const { time, ...values } = this.series;
		const scaled = (list) => (unitsName() === "bytes" ? list.map((n) => n / 8) : list);

		this.time = time;
		this.charts.bps.update([time, ...["bps_in", "bps_out", "bps_other"].map((key) => scaled(values[key]))]);
		this.charts.pps.update([time, values.pps_in, values.pps_out, values.pps_other]);
	}

	/* After a change of the theme. */
	draw() {
		for (const chart of Object.values(this.charts))
			chart.draw();
	}
}
