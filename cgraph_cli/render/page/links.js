// A node, its row and its statement are one thing: pointed at they light up together, chosen they lead to its step.

let linked = [];

// The parts of the page that are a node.
function partsOf(node) {
    return [byId(`node-${node}`), byId(`row-${node}`), byId(`statement-${DATA.statements[node]}`)].filter(Boolean);
}

function nodeOf(element) {
    const part = element.closest?.("[data-link]");
    return part ? Number(part.dataset.link) : undefined;
}

// The step of a node: its own in the forward pass, in the backward pass the one when all has arrived at it.
function stepAt(node) {
    const seed = stepOf.get("seed");
    const arrived = arrivals(node).map(([user, index]) => stepOf.get(`edge-${user}-${index}`));
    if (position >= seed && position < steps.length - 1 && (arrived.length || node === outputNode())) {
        return Math.max(seed, ...arrived);
    }
    return stepOf.get(`v${node}`);
}

function goTo(node, scroll) {
    if (stepAt(node) !== undefined) {
        go(stepAt(node), scroll);
    }
}

function light(node) {
    linked.forEach((element) => element.classList.remove("with"));
    linked = node === undefined ? [] : partsOf(node);
    linked.forEach((element) => element.classList.add("with"));
}

// One stop of the Tab key for all nodes of the figure, one for all rows: the arrow keys go on from there.
function setUpStops(stops) {
    stops.forEach((stop, index) => {
        stop.setAttribute("tabindex", index === 0 ? "0" : "-1");
        stop.addEventListener("focus", () => stops.forEach((one) => one.setAttribute("tabindex", one === stop ? "0" : "-1")));
        stop.addEventListener("keydown", (event) => {
            const other = stops[index + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0)];
            if (other && other !== stop) {
                event.preventDefault();
                other.focus();
            }
        });
    });
}

function setUpLinks() {
    const nodes = [...byId("figure").querySelectorAll("g[data-role=node]")];
    nodes.forEach((group) => {
        group.setAttribute("role", "button");
        group.dataset.link = group.dataset.node;
    });
    DRAWINGS.forEach((one) => one.setAttribute("role", "group")); // an image has no parts
    byId("figure").querySelectorAll("g[data-role=output]").forEach((group) => { group.dataset.link = group.dataset.node; });
    document.querySelector("table").classList.add("linked");
    const rows = [...document.querySelectorAll("tr[id^=row-]")].map((row) => {
        const head = row.querySelector("th"), node = row.id.slice(4);
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
        button.dataset.link = node;
        head.replaceChildren(button);
        return button;
    });
    document.querySelectorAll(".statement").forEach((statement) => {
        statement.setAttribute("role", "button");
        statement.setAttribute("tabindex", "0");
    });
    setUpStops(nodes);
    setUpStops(rows);
    document.addEventListener("pointerover", (event) => light(nodeOf(event.target)));
    document.addEventListener("focusin", (event) => {
        light(nodeOf(event.target));
        if (nodeOf(event.target) !== undefined) {
            goTo(nodeOf(event.target), false);
        }
    });
    document.addEventListener("click", (event) => {
        const row = event.target.closest("tr[id^=row-]"), edge = event.target.closest("g[data-role=edge]");
        const node = nodeOf(event.target) ?? (row ? Number(row.id.slice(4)) : undefined);
        if (node !== undefined) {
            goTo(node, false);
        } else if (edge) {
            go(stepOf.get(edge.id) ?? position, false);
        }
    });
}
