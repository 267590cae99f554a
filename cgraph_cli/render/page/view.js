// The size of the figure: it fits its place until it is made larger or smaller, and may have the whole window.

const READABLE = 0.6; // a figure is not smaller than this, for text of its usual size, unless all of it is asked for
const NEARLY = 0.54; // or is in sight then
const USUAL = 16; // pixels
const LARGEST_FIT = 2, LARGEST = 8, ZOOM = 1.25;
const DRAG = 4; // pixels that a pointer moves before it drags
const PART = 40; // nodes and edges that are painted again together where one of them changes
const SVG = byId("figure").querySelector(":scope > svg");
const DRAWING = SVG && document.createElement("div"); // the figure, its parts, and over them what moves
const DRAWINGS = SVG ? drawingsOf(SVG) : [];
const HIDING = SVG ? DRAWINGS : [byId("figure")]; // what hides numbers during the walk
let scale = "readable"; // "readable" or "whole", which follow the window, or a number
let shown = 1; // the scale that the figure has

// The figure in parts, and a layer over them.
function drawingsOf(drawing) {
    const { width, height } = drawing.viewBox.baseVal;
    DRAWING.id = "drawing";
    DRAWING.style.setProperty("--ratio", width / height);
    drawing.replaceWith(DRAWING);
    DRAWING.append(drawing);
    const parts = partsOver(drawing);
    layerOver(drawing);
    return [drawing, ...parts];
}

// An empty drawing over all others, with the same places.
function drawingOver(drawing) {
    const layer = drawing.cloneNode(), graph = layer.appendChild(byId("graph").cloneNode());
    ["role", "aria-label"].forEach((name) => layer.removeAttribute(name));
    graph.removeAttribute("id");
    DRAWING.append(layer);
    return [layer, graph];
}

// The layer of what moves; the sentence says what it shows.
function layerOver(drawing) {
    const [layer, products] = drawingOver(drawing);
    layer.setAttribute("aria-hidden", "true");
    layer.id = "over";
    products.id = "products";
    const outlines = layer.insertBefore(products.cloneNode(), products).appendChild(document.createElementNS(SPACE, "path"));
    outlines.parentNode.removeAttribute("id");
    outlines.id = "outlines";
}

// All of a large figure but its first nodes and edges, part by part in drawings of their own.
function partsOver(drawing) {
    const groups = [...byId("graph").children].slice(PART), parts = [];
    while (groups.length) {
        const [layer, graph] = drawingOver(drawing);
        layer.classList.add("part");
        graph.append(...groups.splice(0, PART));
        parts.push(layer);
    }
    const boxes = parts.map((layer) => layer.firstElementChild.getBBox()); // all before one is changed: it is one layout
    parts.forEach((layer, index) => shrink(layer, boxes[index]));
    return parts;
}

// A drawing in its place that is no larger than what is in it: where it is out of view, nothing of it is looked at.
function shrink(layer, box) {
    const { x, y, width, height } = layer.viewBox.baseVal;
    const { e, f } = byId("graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    const [left, top, across, down] = [box.x + e - 1, box.y + f - 1, box.width + 2, box.height + 2];
    layer.setAttribute("preserveAspectRatio", "none");
    layer.setAttribute("viewBox", [left, top, across, down].join(" "));
    const sizes = { left: (left - x) / width, top: (top - y) / height, width: across / width, height: down / height };
    Object.entries(sizes).forEach(([name, size]) => { layer.style[name] = `${100 * size}%`; });
}

function isInView(drawing) {
    const [box, own] = [byId("figure"), drawing.querySelector("g") ?? drawing].map((one) => one.getBoundingClientRect());
    const within = (from, to, least, most) => own[to] > Math.max(box[from], least) && own[from] < Math.min(box[to], most);
    return within("top", "bottom", 0, innerHeight) && within("left", "right", 0, innerWidth);
}

function setWidth(text) {
    DRAWING.style.width = text;
}

const isFull = () => document.querySelector("main").classList.contains("full");

function setFull(isOn) {
    document.querySelector("main").classList.toggle("full", isOn && SVG !== null);
    byId("full").setAttribute("aria-pressed", String(isFull()));
    showView();
}

const sizeOfText = () => parseFloat(getComputedStyle(document.body).fontSize);

// How high the figure may be for all of its section to be in the window: at its top, or scrolled to it.
function roomFor(box) {
    const [section, own] = [byId("graph-section"), box].map((one) => one.getBoundingClientRect());
    const below = section.bottom - own.bottom + 8, em = sizeOfText();
    const least = Math.max(Math.min(20 * em, innerHeight - below - (own.top - section.top)), 8 * em);
    return Math.max(innerHeight - (own.top + scrollY) - below, least);
}

// The figure in its size; what is at a point of the window stays there.
function showView(at) {
    const box = byId("figure");
    if (SVG === null) {
        box.style.maxHeight = `${roomFor(box)}px`;
        return;
    }
    const { width, height } = SVG.viewBox.baseVal;
    const place = box.getBoundingClientRect(), before = SVG.getBoundingClientRect();
    const [x, y] = at ?? [place.left + place.width / 2, place.top + place.height / 2];
    if (typeof scale === "number") {
        shown = scale;
    } else {
        setWidth("0"); // without scroll bars
        box.style.maxHeight = isFull() ? "" : `${roomFor(box)}px`;
        const high = isFull() ? box.clientHeight : parseFloat(box.style.maxHeight), larger = sizeOfText() / USUAL;
        const whole = Math.min(box.clientWidth / width, high / height, LARGEST_FIT * larger);
        shown = scale === "whole" || whole >= NEARLY * larger ? whole : READABLE * larger;
    }
    setWidth(`${Math.floor(shown * width)}px`);
    const now = SVG.getBoundingClientRect(), factor = now.width / before.width;
    box.scrollBy(now.left + (x - before.left) * factor - x, now.top + (y - before.top) * factor - y);
    byId("whole").setAttribute("aria-pressed", String(scale === "whole"));
}

function zoom(factor, at) {
    scale = Math.min(Math.max(shown * factor, 0.02), LARGEST);
    showView(at);
}

// The middle of what the step looks at, of an edge its number; undefined where that is not in view.
function middleOfStep() {
    const step = steps[position], part = step.kind.look && looked(step);
    const [own, all] = [part?.querySelector?.("[data-role=gradient]") ?? part, byId("figure")].map((one) => one?.getBoundingClientRect());
    const [x, y] = own ? [own.left + own.width / 2, own.top + own.height / 2] : [];
    return x > all.left && x < all.right && y > all.top && y < all.bottom ? [x, y] : undefined;
}

const VIEWS = {
    smaller: () => zoom(1 / ZOOM, middleOfStep()),
    larger: () => zoom(ZOOM, middleOfStep()),
    whole() {
        scale = scale === "whole" ? "readable" : "whole";
        showView();
    },
    full() {
        setFull(!isFull());
        saveAddress();
    },
};
const VIEW_KEYS = { "-": "smaller", "+": "larger", "=": "larger", 0: "whole", f: "full" };

function drag(box, down) {
    const [left, top] = [box.scrollLeft, box.scrollTop];
    const move = (event) => {
        const [right, under] = [event.clientX - down.clientX, event.clientY - down.clientY];
        if (box.classList.contains("dragged") || Math.hypot(right, under) > DRAG) {
            box.classList.add("dragged");
            box.scrollTo(left - right, top - under);
        }
    };
    const end = () => {
        removeEventListener("pointermove", move);
        setTimeout(() => box.classList.remove("dragged")); // after the click that it ends with
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end, { once: true });
    addEventListener("pointercancel", end, { once: true });
}

function setUpView() {
    addEventListener("resize", () => showView());
    showView();
    if (SVG !== null) {
        setUpSize(byId("figure"));
    }
}

function setUpSize(box) {
    byId("view").hidden = false;
    Object.entries(VIEWS).forEach(([id, act]) => byId(id).addEventListener("click", act));
    document.addEventListener("keydown", (event) => {
        // Characters are keys only where the figure's section has the focus: speech is typed too.
        const isHere = byId("graph-section").contains(event.target);
        const view = event.key === "Escape" ? isFull() && "full" : isHere && VIEW_KEYS[event.key];
        if (view && !event.altKey && !event.ctrlKey && !event.metaKey && !isTyping(event.target)) {
            event.preventDefault();
            VIEWS[view]();
        }
    });
    box.addEventListener("wheel", (event) => {
        if (event.ctrlKey) {
            event.preventDefault();
            zoom(ZOOM ** (-event.deltaY / 100), [event.clientX, event.clientY]);
        }
    }, { passive: false });
    box.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.button === 0 && drag(box, event));
    box.addEventListener("click", (event) => box.classList.contains("dragged") && event.stopPropagation(), { capture: true });
}
