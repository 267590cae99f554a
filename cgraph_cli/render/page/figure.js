// The figure: its numbers at a point, and the product that a step sends through it.

const SPACE = "http://www.w3.org/2000/svg";
const LONGEST_WAY = 400; // of a product that moves: what moves is drawn again and again, with all between

// The nodes, edges and outputs of the figure, each with its element, its texts by what they say, and where it is.
const FIGURE = [...byId("figure").querySelectorAll("g[data-role]")].map((group) => {
    const { role, source, target, position: index, node } = group.dataset;
    const texts = Object.fromEntries([...group.querySelectorAll("text")].map((text) => [text.dataset.role, text]));
    const place = [source, target, index, node].map((one) => one === undefined ? one : Number(one));
    return { group, role, texts, title: group.querySelector("title"), place };
});

function showPart({ group, role, texts, title, place: [source, target, index, node] }) {
    const say = (name, text) => {
        if (texts[name]) {
            texts[name].textContent = text;
        }
    };
    if (role === "edge") {
        say("value", shortNumber(state.values[source]));
        if (target !== undefined && TAPE.flows[target][index]) {
            const sent = state.passes.downstream[target][index];
            group.classList.toggle("idle", sent === undefined);
            say("gradient", shortNumber((sent ?? 0) + 0));
        } else if (target === undefined) {
            const isSeed = source === outputNode() && TAPE.has[source];
            group.classList.toggle("aside", !isSeed);
            say("gradient", isSeed ? shortNumber(state.passes.upstream[source]) : "");
        }
    } else if (role === "node") {
        const several = arrivals(node).length + (node === outputNode()) > 1;
        group.classList.toggle("marked", state.marked.includes(node));
        say("upstream", several ? `\u03a3 ${shortNumber(state.passes.upstream[node] + 0)}` : "");
    }
    title.textContent = fill(DATA.titles[group.id]);
    if (role === "node") {
        const seen = Object.values(texts).map((text) => text.textContent).filter(Boolean);
        group.setAttribute("aria-label", `${seen.join(" ")}: ${title.textContent}`);
    }
}

// Upstream, times local, equals downstream, as the figure writes numbers.
function productOf(node, index) {
    const { upstream, local, downstream } = state.passes;
    const numbers = [upstream[node], local[node][index], downstream[node][index]].map((one) => one + 0);
    const [first, second, third] = numbers.map(shortNumber);
    const isExact = numbers.every((one) => Number.isNaN(one) || numberFrom(shortNumber(one)) === one);
    return [first, ` \u00d7 ${inParentheses(second)}`, ` ${isExact ? "=" : "\u2248"} ${third}`];
}

// Show at each edge of a step what is multiplied there; it comes from the node that sends it, against the arrow.
function showProducts(edges) {
    byId("products")?.remove();
    const svg = byId("graph")?.ownerSVGElement;
    const shown = edges.filter(([node, index]) => sends(node, index) && byId(`edge-${node}-${index}`)?.querySelector("[data-role=gradient]"));
    if (!svg || shown.length === 0) {
        return;
    }
    const layer = document.createElementNS(SPACE, "g");
    layer.id = "products";
    layer.setAttribute("aria-hidden", "true"); // the sentence says it
    byId("graph").append(layer);
    shown.forEach(([node, index]) => layer.append(productAt(svg, byId(`edge-${node}-${index}`), productOf(node, index), layer)));
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
        layer.querySelectorAll(":scope > g > g").forEach(move);
    }
}

function productAt(svg, edge, parts, layer) {
    const [outer, inner] = [0, 1].map(() => document.createElementNS(SPACE, "g"));
    const text = document.createElementNS(SPACE, "text"), box = document.createElementNS(SPACE, "rect");
    parts.forEach((part) => text.append(Object.assign(document.createElementNS(SPACE, "tspan"), { textContent: part })));
    inner.append(box, text);
    outer.append(inner);
    layer.append(outer);
    const size = text.getBBox();
    for (const [name, value] of [["x", size.x - 7], ["y", size.y - 3], ["width", size.width + 14], ["height", size.height + 6], ["rx", 8]]) {
        box.setAttribute(name, value);
    }
    // Over the gradient that it is, inside the figure.
    const label = edge.querySelector("[data-role=gradient]").getBBox(), path = edge.querySelector("path");
    const { x: left, width } = svg.viewBox.baseVal, origin = byId("graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    const half = size.width / 2 + 8, middle = label.x + label.width / 2;
    const x = Math.max(left - origin.e + half, Math.min(middle, left + width - origin.e - half));
    const y = label.y + label.height + 3;
    const end = path.getPointAtLength(path.getTotalLength());
    outer.setAttribute("transform", `translate(${x} ${y})`);
    Object.assign(inner.dataset, { dx: end.x - x, dy: end.y - y });
    return outer;
}

function move(inner) {
    const { dx, dy } = inner.dataset;
    const far = Math.max(Math.hypot(dx, dy) / LONGEST_WAY, 1);
    inner.animate([{ transform: `translate(${dx / far}px, ${dy / far}px)` }, { transform: "none" }], { duration: 900, easing: "ease-in-out" });
    inner.querySelectorAll("tspan").forEach((part, index) => (
        part.animate([{ opacity: 0 }, { opacity: 0, offset: 0.7 }, { opacity: 1 }], { duration: 450 * index + 1 })
    ));
}
