// The figure: its numbers at a point, and the product that a step sends through it.

const SPACE = "http://www.w3.org/2000/svg";
const GAP = 4; // between a product and what it stands clear of
const APART = 0.25; // at least, whatever a browser rounds its boxes to
const FAR = 2; // widths, and three times as many heights, from its edge a product is looked for a place
const LOWER = 2; // than the top of its number, whose line it leaves free
const ASIDE = 1000; // what being nearer to another gradient counts, in pixels
const REACH = FAR + 4; // what lies farther off is not looked at

// The nodes, edges and outputs of the figure, each with its element, its texts by what they say, and where it is.
const FIGURE = [...byId("figure").querySelectorAll("g[data-role]")].map((group) => {
    const { role, source, target, position: index, node } = group.dataset;
    const texts = Object.fromEntries([...group.querySelectorAll("text")].map((text) => [text.dataset.role, text]));
    const place = [source, target, index, node].map((one) => one === undefined ? one : Number(one));
    const [x, y] = ["x", "y"].map((name) => Number(group.querySelector("text")?.getAttribute(name)));
    return { group, role, texts, title: group.querySelector("title"), place, x, y };
});

const PART_OF = new Map(FIGURE.map((part) => [part.group, part]));

function showPart(part) {
    const { group, role, texts, place: [source, target, index, node] } = part;
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
        const isMarked = state.findings.some(([one, line]) => one === node && !line.startsWith("note"));
        const isFinite = [state.values, state.passes.upstream].every((numbers) => Number.isFinite(numbers[node]));
        group.classList.toggle("marked", isMarked);
        group.classList.toggle("passing", !isMarked && !isFinite && state.passes.reached[node]);
        say("upstream", several ? `\u03a3 ${shortNumber(state.passes.upstream[node] + 0)}` : "");
    }
    showTitle(part);
}

// What is said of a part to who points at it or has it read; not its numbers to who predicts them.
function showTitle({ group, role, texts, title }) {
    const template = DATA.titles[group.id];
    title.textContent = fill(isPredicting() ? template.replace(/\{exact [^}]*\}/g, "?") : template);
    if (role === "node") {
        const told = Object.values(texts).filter((text) => !isPredicting() || !text.classList.contains("unknown"));
        const words = told.map((text) => text.textContent).filter(Boolean);
        group.setAttribute("aria-label", `${words.join(" ")}: ${title.textContent}`);
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

const OUTLINES = new Map(); // of the parts of the figure that have been lit with many others

// The outline of a node or an edge.
function outlineOf(group) {
    if (!OUTLINES.has(group)) {
        const shape = group.querySelector("rect, circle") ?? group.querySelector("path");
        const numbers = (...names) => names.map((name) => Number(shape.getAttribute(name)));
        const found = {
            rect() {
                const [x, y, width, height, r] = numbers("x", "y", "width", "height", "rx");
                return `M${x + r} ${y}h${width - 2 * r}q${r} 0 ${r} ${r}v${height - 2 * r}q0 ${r} ${-r} ${r}`
                    + `h${2 * r - width}q${-r} 0 ${-r} ${-r}v${2 * r - height}q0 ${-r} ${r} ${-r}z`;
            },
            circle() {
                const [x, y, r] = numbers("cx", "cy", "r");
                return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
            },
            path: () => shape.getAttribute("d"),
        };
        OUTLINES.set(group, shape ? found[shape.tagName]() : "");
    }
    return OUTLINES.get(group);
}

// The parts of the figure that a product stands clear of, with their boxes: measured anew where a number has changed.
function boxesOf(part) {
    part.boxes ??= (part.role === "edge" ? Object.values(part.texts) : [part.group])
        .map((one) => [one, boxOf(one)]).filter(([, box]) => box.width > 0);
    return part.boxes;
}

// As an object of the script: a browser's own, read thousands of times, is slow.
function boxOf(element) {
    const { x, y, width, height } = element.getBBox();
    return { x, y, width, height };
}

// Show at each edge of a step what is multiplied there; a dot runs along it from the node that sends it.
function showProducts(edges) {
    const layer = byId("products"), moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    layer?.replaceChildren();
    const products = edges.filter((edge) => sends(...edge)).flatMap(([node, index]) => {
        const edge = byId(`edge-${node}-${index}`), label = edge?.querySelector("[data-role=gradient]");
        return label ? [{ edge, label, ...productIn(layer, productOf(node, index)) }] : [];
    });
    // All is written that is measured then, and only then what depends on it.
    const sizes = products.map(({ text, label }) => [boxOf(text), boxOf(label)]), boxes = [];
    const regions = sizes.map(([{ width, height }, { x, y }]) => ({ x, y, across: REACH * width, down: 3 * REACH * height }));
    const isNear = (part) => regions.some(({ x, y, across, down }) => Math.abs(part.y - y) < down && Math.abs(part.x - x) < across);
    const around = FIGURE.filter(isNear).flatMap(boxesOf), seen = around.filter(([one]) => !one.classList.contains("unknown"));
    const numbers = around.filter(([one]) => one.dataset.role === "gradient").map(([, one]) => one);
    products.forEach(({ edge, label, group, box, text }, at) => {
        const [{ width: wide, height: high, y: top }, own] = sizes[at], width = wide + 14, height = high + 6;
        const kept = [...boxes, ...seen.filter(([one]) => one !== label).map(([, one]) => one)];
        const wanted = { x: own.x + (own.width - width) / 2, y: own.y + LOWER, width, height };
        const place = placeFor(wanted, kept, own, numbers);
        boxes.push(place);
        Object.entries({ ...place, rx: 8 }).forEach(([name, value]) => box.setAttribute(name, value));
        text.setAttribute("x", place.x + width / 2);
        text.setAttribute("y", place.y + 3 - top);
        if (moves) {
            send(layer, edge.querySelector("path"), group);
        }
    });
}

// The texts of a product on their box.
function productIn(layer, parts) {
    const [group, box, text] = ["g", "rect", "text"].map((tag) => document.createElementNS(SPACE, tag));
    text.append(...parts.map((part) => Object.assign(document.createElementNS(SPACE, "tspan"), { textContent: part })));
    group.append(box, text);
    layer.append(group);
    return { group, box, text };
}

function isOver(one, other) {
    return meetsAcross(one, other) && meetsDown(one, other);
}

function meetsAcross(one, other) {
    return one.x < other.x + other.width + APART && other.x < one.x + one.width + APART;
}

function meetsDown(one, other) {
    return one.y < other.y + other.height + APART && other.y < one.y + one.height + APART;
}

function covers(one, other) {
    const across = one.x <= other.x && one.x + one.width >= other.x + other.width;
    return across && one.y <= other.y + LOWER && one.y + one.height >= other.y + other.height;
}

// How far two boxes are apart.
function distance(one, other) {
    const between = (from, size) => Math.max(0, one[from] - other[from] - other[size], other[from] - one[from] - one[size]);
    return Math.hypot(between("x", "width"), between("y", "height"));
}

// The place in the figure nearest to where a box would be that is over nothing, or over its own number and that wholly;
// rather one that is not nearer to the gradient of another edge. Where none is near, it is under the figure.
function placeFor(wanted, kept, own, numbers) {
    const { width, height } = wanted, { x, y, width: wide, height: high } = SVG.viewBox.baseVal;
    const { e, f } = byId("graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    const ends = { x: [x - e + 1, x - e + wide - width - 1], y: [y - f + 1, y - f + high - height - 1] };
    const inside = (name, value) => Math.max(ends[name][0], Math.min(value, ends[name][1]));
    const within = (far) => ({
        x: wanted.x - far * width, y: wanted.y - 3 * far * height, width: (1 + 2 * far) * width, height: (1 + 6 * far) * height,
    });
    const region = within(FAR), beyond = within(FAR + 1);
    const around = kept.filter((one) => isOver(one, beyond)), near = around.filter((one) => isOver(one, region));
    const rivals = numbers.filter((one) => isOver(one, beyond));
    const isNearest = (place) => rivals.every((one) => distance(place, own) <= distance(place, one) + GAP);
    const [across, down] = [["x", "width"], ["y", "height"]].map(([from, size]) => [...new Set(
        [wanted[from], own[from], own[from] + own[size] - wanted[size], ...[own, ...near].flatMap((one) => [one[from] - wanted[size] - GAP, one[from] + one[size] + GAP])]
            .map((value) => inside(from, value)),
    )]);
    let best = { x: inside("x", wanted.x), y: ends.y[1], width, height }, least = Infinity;
    for (const left of across) {
        const over = around.filter((one) => meetsAcross({ x: left, width }, one));
        const isClear = (place) => (covers(place, own) || !isOver(place, own)) && !over.some((one) => meetsDown(place, one));
        for (const top of down) {
            const place = { x: left, y: top, width, height };
            const far = Math.hypot(left - wanted.x, top - wanted.y);
            if (far < least && isOver(place, region) && isClear(place)) {
                const cost = far + (isNearest(place) ? 0 : ASIDE);
                [best, least] = cost < least ? [place, cost] : [best, least];
            }
        }
    }
    return best;
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
