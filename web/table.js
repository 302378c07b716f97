/* A table that is updated in place: rows keep their elements, so focus and selection stay. */

import { element, setText } from "./dom.js";
import { exact, nameOf, types } from "./format.js";
import { faults } from "./views.js";

/* columns: name, title, help, type, descending and width of each; on: sort(name), open(row). */
export class Table {
	constructor(caption, columns, on) {
		this.columns = columns;
		this.on = on;
		this.rows = [];
		this.body = element("tbody");
		this.heads = columns.map((column) => this.head(column));
		this.node = element("table", {},
		    element("caption", { class: "hidden" }, caption),
		    element("thead", {}, element("tr", {}, ...this.heads)), this.body);
	}

	head(column) {
		const label = this.on.sort === undefined ? column.title : element("button", {
			type: "button",
			click: () => this.on.sort(column.name),
		}, column.title);

		return element("th", { scope: "col", title: column.help, class: classes(column), "data-key": column.key }, label);
	}

	/* The column that the rows are sorted by. */
	mark(sort, descending) {
		this.columns.forEach((column, i) => {
			if (column.name === sort)
				this.heads[i].setAttribute("aria-sort", descending ? "descending" : "ascending");
			else
				this.heads[i].removeAttribute("aria-sort");
		});
	}

	/* Most networks have one context: its column is shown if there is a text in it. */
	update(rows) {
		this.rows = rows;
		this.node.classList.toggle("plain", rows.every((row) => row.context === undefined));
		while (this.body.rows.length > rows.length)
			this.body.lastChild.remove();
		while (this.body.rows.length < rows.length)
			this.body.append(this.emptyRow(this.body.rows.length));
		rows.forEach((row, i) => this.fill(this.body.rows[i], row));
	}

	emptyRow(index) {
		const open = () => this.on.open?.(this.rows[index]);
		const cells = this.columns.map((column, i) => element("td", { class: classes(column), "data-key": column.key },
		    ...(i === 0 && this.on.open ? [element("button", { type: "button", class: "row" })] : [])));

		return element("tr", { click: open }, ...cells);
	}

	fill(line, row) {
		this.columns.forEach((column, i) => {
			const value = row[column.key] ?? undefined;
			const cell = line.cells[i];

			const name = nameOf(row, column.names);

			setText(cell.firstElementChild ?? cell, value === undefined ? "" : name ?? types[column.type].show(value));
			if (typeof value === "number" || column.type === "time" || column.names !== undefined)
				cell.title = value === undefined ? "" : exact(value);
			if (column.key === "share")
				cell.style.setProperty("--share", value ?? 0);
			cell.classList.toggle("fault", faults.has(column.key) && (value > 0 || value === "attack"));
		});
		line.classList.toggle("other", row.other === true);
	}
}

function classes(column) {
	return [column.width, types[column.type].left ? "left" : "right", column.type].join(" ");
}
