/*
 * The theme: that of the system, dark or light.  Loaded before the page is painted, so that a
 * theme that was chosen before does not flash.
 */
"use strict";

const pageTheme = {
	names: ["system", "dark", "light"],

	get name() {
		const saved = localStorage.getItem("theme");
		return this.names.includes(saved) ? saved : "system";
	},

	set name(name) {
		localStorage.setItem("theme", name);
		this.apply();
	},

	next() {
		this.name = this.names[(this.names.indexOf(this.name) + 1) % this.names.length];
	},

	apply() {
		document.documentElement.dataset.theme = this.name;
	},
};

pageTheme.apply();
