/* Traffic over time: one chart of received, sent and other traffic, read by a cursor. */

import { element, setText } from "./dom.js";
import { si } from "./format.js";

const HEIGHT = 170;
const ROOM = 8; /* points that a zoom shows at least */

/* Seconds between the marks of the time axis. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

const utc = (seconds, from, to) => new Date(seconds * 1000).toISOString().slice(from, to);

/* Hours and minutes, with seconds if the marks are closer than a minute. */
function marks(plot, splits, axis, space, step) {
	return splits.map((seconds) => utc(seconds, 11, step < 60 ? 19 : 16));
}

export class Chart {
	/* title: a function, because units change; scale: what a value is multiplied by. */
	constructor(root, options) {
		this.options = options;
		this.root = root;
		this.data = [[], [], [], []];
		this.zoom = null;
		this.title = element("b");
		this.time = element("span", { class: "dim" });
		this.readings = options.series.map((series) => ({
			key: element("i", { class: series.key }),
			text: element("span"),
			series,
		}));
		this.canvas = element("div", {
			class: "canvas",
			tabindex: "0",
			role: "img",
			keydown: (event) => this.onKey(event),
		});
		root.append(element("figcaption", {}, this.title,
		    ...this.readings.map((one) => element("span", { class: "reading" }, one.key, one.text)),
		    this.time), this.canvas);
		new ResizeObserver(() => this.resize()).observe(this.canvas);
		this.draw();
	}

	/* Colours are those of the legend, so they follow the theme. */
	draw() {
		const colour = (node) => getComputedStyle(node).color;
		const line = colour(this.time);

		this.plot?.destroy();
		this.plot = new uPlot({
			width: this.canvas.clientWidth || 300,
			height: HEIGHT,
			padding: [10, 26, 0, 0],
			legend: { show: false },
			cursor: { sync: { key: "traffic" }, drag: { x: true, y: false }, y: false },
			scales: { x: { time: true }, y: { range: (plot, low, high) => [0, Math.max(high * 1.05, 1)] } },
			tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
			axes: [
				{ ...axis(line), size: 28, values: marks, incrs: STEPS, space: 70 },
				{ ...axis(line), size: 48, values: (plot, splits) => splits.map(si) },
			],
			series: [{}, ...this.readings.map(({ key, series }) => ({
				stroke: colour(key),
				fill: series.filled ? fade(colour(key)) : undefined,
				width: 1.5,
				points: { show: false },
			}))],
			hooks: {
				setCursor: [() => this.read()],
				setSelect: [(plot) => this.select(plot)],
			},
		}, this.data, this.canvas);
		this.show();
	}

	resize() {
		if (this.canvas.clientWidth > 0)
			this.plot.setSize({ width: this.canvas.clientWidth, height: HEIGHT });
	}

	update(data) {
		this.data = data;
		this.show();
	}

	show() {
		this.plot.setData(this.data, this.zoom === null);
		if (this.zoom !== null)
			this.plot.setScale("x", this.zoom);
		setText(this.title, this.options.title());
		this.read();
	}

	/* At the cursor, or the newest values. */
	read() {
		const last = this.data[0].length - 1;
		const at = Math.min(this.plot?.cursor.idx ?? last, last);

		if (last < 0)
			return;
		for (const [i, one] of this.readings.entries())
			setText(one.text, `${one.series.title} ${si(this.data[i + 1][at] ?? 0)}`);
		setText(this.time, at === last ? "" : utc(this.data[0][at], 11, 19));
		this.canvas.setAttribute("aria-label", this.options.title() + ", " +
		    utc(this.data[0][at], 11, 19) + " UTC: " +
		    this.readings.map((one) => one.text.textContent).join(", "));
	}

	select(plot) {
		const { left, width } = plot.select;

		if (width > 0)
			this.options.zoom({ min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x") });
		plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
	}

	/* zoom: seconds from min to max, or null for all and no cursor. */
	setZoom(zoom) {
		this.zoom = zoom;
		if (zoom === null)
			this.plot.setCursor({ left: -10, top: -10 });
		this.show();
	}

	onKey(event) {
		const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

		if (!(event.key in steps))
			return;
		event.preventDefault();
		const last = this.data[0].length - 1;
		const at = Math.min(Math.max((this.plot.cursor.idx ?? last) + steps[event.key], 0), last);
		this.plot.setCursor({ left: this.plot.valToPos(this.data[0][at], "x"), top: HEIGHT / 3 }, true, true);
	}
}

function axis(colour) {
	const line = { stroke: fade(colour), width: 1 };

	return { stroke: colour, grid: line, ticks: { ...line, size: 4 }, font: "11px system-ui, sans-serif" };
}

/* rgb(...) that lets the background through. */
const fade = (colour) => colour.replace(/^rgb\(/, "rgba(").replace(/\)$/, ", 0.18)");

/* The zoom after `factor`, around the middle of what is shown; null if that is all. */
export function zoomBy(time, zoom, factor) {
	const [first, last] = [time[0], time.at(-1)];
	const { min, max } = zoom ?? { min: first, max: last };
	const step = time.length > 1 ? time[1] - time[0] : 1;
	const half = Math.max((max - min) * factor, ROOM * step) / 2;
	const middle = (min + max) / 2;

	if (2 * half >= last - first)
		return null;
	return { min: Math.max(middle - half, first), max: Math.min(middle + half, last) };
}
