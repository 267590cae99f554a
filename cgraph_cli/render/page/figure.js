// The figure: its numbers at a point, and the product that a step sends through it.

const SPACE = "http://www.w3.org/2000/svg";
const GAP = 4; // between a product and a node
const COVERED = 40; // how much farther from its edge a product may be for each number that it would cover

// The nodes, edges and outputs of the figure, each with its element, its texts by what they say, and where it is.
const FIGURE = [...byId("figure").querySelectorAll("g[data-role]")].map((group) => {
    const { role, source, target, position: index, node } = group.dataset;
    const texts = Object.fromEntries([...group.querySelectorAll("text")].map((text) => [text.dataset.role, text]));
    const place = [source, target, index, node].map((one) => one === undefined ? one : Number(one));
    return { group, role, texts, title: group.querySelector("title"), place };
});

function showPart(part) {
    const { group, role, texts, title, place: [source, target, index, node] } = part;
    part.boxes = undefined;
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
        group.classList.toggle("marked", state.findings.some(([one]) => one === node));
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

// The parts of the figure that a product stands clear of, with their boxes: measured anew where a number has changed.
function boxesOf(part) {
    part.boxes ??= (part.role === "edge" ? Object.values(part.texts) : [part.group]).map((one) => [one, one.getBBox()]);
    return part.boxes;
}

// Show at each edge of a step what is multiplied there; a dot runs along it from the node that sends it.
function showProducts(edges) {
    const layer = byId("products");
    layer?.replaceChildren();
    const gradientOf = ([node, index]) => byId(`edge-${node}-${index}`)?.querySelector("[data-role=gradient]");
    const shown = edges.filter((edge) => sends(...edge) && gradientOf(edge));
    if (shown.length === 0) {
        return;
    }
    const own = new Set(shown.map(gradientOf));
    const kept = FIGURE.filter(({ role }) => role !== "edge").flatMap(boxesOf).map(([, box]) => box);
    const labels = FIGURE.filter(({ role }) => role === "edge").flatMap(boxesOf).filter(([text]) => !own.has(text)).map(([, box]) => box);
    const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    shown.forEach((edge) => {
        const box = productAt(layer, gradientOf(edge).getBBox(), productOf(...edge), kept, labels);
        kept.push(box.getBBox());
        if (moves) {
            send(layer, gradientOf(edge).parentElement.querySelector("path"), box);
        }
    });
}

// The product near the gradient that it is: over no node, and over other numbers only where the way past them is long.
function productAt(layer, label, parts, kept, labels) {
    const group = layer.appendChild(document.createElementNS(SPACE, "g"));
    const box = group.appendChild(document.createElementNS(SPACE, "rect"));
    const text = group.appendChild(document.createElementNS(SPACE, "text"));
    parts.forEach((part) => {
        text.append(Object.assign(document.createElementNS(SPACE, "tspan"), { textContent: part }));
    });
    const size = text.getBBox(), width = size.width + 14, height = size.height + 6;
    const { x, y } = placeFor({ x: label.x + (label.width - width) / 2, y: label.y + 2, width, height }, kept, labels);
    Object.entries({ x, y, width, height, rx: 8 }).forEach(([name, value]) => box.setAttribute(name, value));
    text.setAttribute("x", x + width / 2);
    text.setAttribute("y", y + 3 - size.y);
    return group;
}

function isOver(one, other) {
    return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

// The place in the figure that is nearest to where a box would be, beside what is kept clear of it.
function placeFor(wanted, kept, labels) {
    const { width, height } = wanted, { x, y, width: wide, height: high } = SVG.viewBox.baseVal;
    const { e, f } = byId("graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    const ends = { x: [x - e + 1, x - e + wide - width - 1], y: [y - f + 1, y - f + high - height - 1] };
    const inside = (name, value) => Math.max(ends[name][0], Math.min(value, ends[name][1]));
    const near = [...kept, ...labels].filter((one) => Math.abs(one.x - wanted.x) < 2 * width && Math.abs(one.y - wanted.y) < 6 * height);
    const [across, down] = [["x", "width"], ["y", "height"]].map(([from, size]) => [...new Set(
        [wanted[from], ...ends[from], ...near.flatMap((one) => [one[from] - wanted[size] - GAP, one[from] + one[size] + GAP])]
            .map((value) => inside(from, value)),
    )]);
    const places = across.flatMap((left) => down.map((top) => ({ x: left, y: top, width, height })));
    const far = (one) => Math.hypot(one.x - wanted.x, one.y - wanted.y);
    let best, least = Infinity;
    for (const one of places.sort((first, second) => far(first) - far(second))) {
        if (far(one) >= least) {
            break;
        }
        if (!kept.some((other) => isOver(one, other))) {
            const cost = far(one) + COVERED * labels.filter((other) => isOver(one, other)).length;
            [best, least] = cost < least ? [one, cost] : [best, least];
        }
    }
    return best ?? places[0];
}

function send(layer, path, product) {
    const dot = layer.insertBefore(document.createElementNS(SPACE, "circle"), product);
    dot.setAttribute("r", 6);
    dot.style.offsetPath = `path("${path.getAttribute("d")}")`;
    dot.animate([{ offsetDistance: "100%" }, { offsetDistance: "0%" }], { duration: 900, easing: "ease-in-out" }).finished
        .then(() => dot.remove(), () => undefined); // or its step is over
    product.querySelectorAll("tspan").forEach((part, index) => (
        part.animate([{ opacity: 0 }, { opacity: 0, offset: 0.7 }, { opacity: 1 }], { duration: 450 * index + 1 })
    ));
}
