/* Elements.  Text is always set as text, so nothing that comes from a network becomes markup. */

/* Makes an element; a function among the attributes is a listener, false and null are left out. */
export function element(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function")
			node.addEventListener(name, value);
		else if (value !== null && value !== undefined && value !== false)
			node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children);
	return node;
}

export const byId = (id) => document.getElementById(id);

export function button(text, action, attributes = {}) {
	return element("button", { type: "button", click: action, ...attributes }, text);
}

/* Writes only what changed: a table of 500 rows is updated each second. */
export function setText(node, text) {
	if (node.textContent !== text)
		node.textContent = text;
}

/* One button of a group is pressed. */
export function press(group, name) {
	for (const node of group.children)
		node.setAttribute("aria-pressed", String(node.dataset.name === name));
}

let hide;

/* One line at the bottom of the page, for a few seconds. */
export function tell(text, failed = false) {
	const node = byId("message");

	setText(node, text);
	node.dataset.failed = String(failed);
	clearTimeout(hide);
	hide = setTimeout(() => setText(node, ""), 8000);
}
